import { Emitter } from '../emitter';
import { asSignalError, SignalError } from '../errors';
import { newId } from '../ids';
import type { TodoChange, TodoRecord } from '../protocol';
import type { Wire } from '../wire';
import { ChangeQueue, type Keep, type QueuedChange, type TodoFields } from './change_queue';
import type { TodoItem } from './item';
import { evenKeys, keyBetween, kMaxKeyLength } from './order_key';

export interface TodoEvents {
  /** The items, or what is pending, changed. */
  change: undefined;
  /** The server refused changes of ours; they were undone here. */
  refused: SignalError;
}

/** What is said of a new item besides its text. */
export interface TodoDetails {
  /** A name; null for nobody. */
  readonly assignee?: string | null;
  /** The item to stand behind; null for the first place, and the last one by default. */
  readonly after?: string | null;
}

/** The part of the room that {@link TodoList} looks at. */
export interface TodoRoom {
  /** The room's name. */
  readonly room: string;
  /** Our own. */
  readonly name: string;
}

/** The longest text of an item, in bytes of UTF-8. */
export const kMaxTodoBytes = 500;
/** Changes sent at once. */
const kBatch = 100;

/** What the server could not take now is offered again so much later, in milliseconds. */
const kRetryAfter = 5000;
/** These may pass. */
const kPassing = new Set(['offline', 'timeout', 'too-many-requests', 'unavailable']);

/**
 * The room's shared to-do list. Each change shows at once, and goes to the server when there is a
 * connection; until then it is kept in this browser. The server merges field by field: of two
 * changes of one field the later one holds, whoever was offline meanwhile.
 */
export class TodoList extends Emitter<TodoEvents> {
  readonly #wire: Wire;
  readonly #room: TodoRoom;
  readonly #records = new Map<string, TodoRecord>();
  readonly #keep: Keep | undefined;
  #queue: ChangeQueue | undefined;
  #items: readonly TodoItem[] | undefined;
  #loaded = false;
  // How many of the queue's first changes are on their way.
  #sending = 0;
  // Made with a connection, and not tried in vain yet.
  #prompt = new WeakSet<QueuedChange>();
  // Counts flushes: one that was overtaken stops.
  #run = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(wire: Wire, room: TodoRoom, keep: Keep | undefined = storage()) {
    super();
    this.#wire = wire;
    this.#room = room;
    this.#keep = keep;
    wire.on('todo', ({ items }) => this.#take(items));
  }

  /** In order, our own changes made. The same array until `change`. */
  get items(): readonly TodoItem[] {
    this.#items ??= this.#merge();
    return this.#items;
  }

  /** Whether the server's list is here. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** How many changes of ours the server does not have yet. */
  get pending(): number {
    return this.#changes.changes.length;
  }

  /** Adds an item and gives its id. Throws a {@link SignalError} if the text is empty or too long. */
  add(text: string, { assignee = null, after }: TodoDetails = {}): string {
    const id = newId();
    const position = this.#placeAfter(after, id);
    this.#change(id, { text: checked(text), assignee, position }, this.#room.name);
    return id;
  }

  edit(id: string, text: string): void {
    this.#change(id, { text: checked(text) });
  }

  /** Ticks it off, or not. */
  tick(id: string, done: boolean): void {
    this.#change(id, { done });
  }

  /** Gives it to someone, by name; null for nobody. */
  assign(id: string, assignee: string | null): void {
    this.#change(id, { assignee });
  }

  /** Puts it behind another; null: before all. */
  move(id: string, after: string | null): void {
    if (id !== after) this.#change(id, { position: this.#placeAfter(after, id) });
  }

  remove(id: string): void {
    this.#change(id, { removed: true });
  }

  /** Reads the list anew, after a join, and sends what waits. @internal */
  async refresh(): Promise<void> {
    await this.#flush();
    try {
      const { items } = await this.#wire.request('todoList', {});
      this.#records.clear();
      this.#loaded = true;
      this.#take(items);
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
  }

  // Made when first needed: then the server has told the room's name.
  get #changes(): ChangeQueue {
    return (this.#queue ??= new ChangeQueue(this.#room.room, newId(), this.#keep, Date.now()));
  }

  #change(item: string, fields: TodoFields, by?: string): void {
    if (by === undefined && !this.items.some(({ id }) => id === item)) return;
    const change: QueuedChange = { item, madeAt: Date.now(), fields, ...(by !== undefined && { by }) };
    if (this.#wire.state === 'joined') this.#prompt.add(change);
    if (!this.#changes.add(change, this.#sending)) {
      return this.emit('refused', new SignalError('list-full', 'Too many changes wait for the connection.'));
    }
    this.#changed();
    if (this.#sending === 0) void this.#flush();
  }

  async #flush(): Promise<void> {
    const run = ++this.#run;
    while (run === this.#run && this.#changes.changes.length > 0 && this.#wire.state === 'joined') {
      const batch = this.#changes.changes.slice(0, kBatch);
      this.#sending = batch.length;
      try {
        const { items } = await this.#wire.request('todo', { changes: this.#aged(batch, Date.now()) });
        this.#changes.drop(batch);
        this.#take(items);
      } catch (error) {
        this.#prompt = new WeakSet();
        if (mayPass(error)) return void this.#retryLater();
        this.#changes.drop(batch);
        this.#changed();
        this.emit('refused', asSignalError(error));
      } finally {
        if (run === this.#run) this.#sending = 0;
      }
    }
  }

  // What is sent as it is made is as old as its arrival, so that a slow packet does not make a second change
  // seem older than the first. Of two changes the later one is younger, if only by a millisecond.
  #aged(changes: readonly QueuedChange[], now: number): TodoChange[] {
    let youngest = -1;
    const backwards = [...changes].reverse().map((change) => {
      youngest = Math.max(youngest + 1, this.#prompt.has(change) ? 0 : now - change.madeAt);
      return { item: change.item, age: youngest, ...change.fields };
    });
    return backwards.reverse();
  }

  // Without a connection nothing happens then: the next join sends what waits.
  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#flush(), kRetryAfter);
  }

  #take(items: readonly TodoRecord[]): void {
    for (const item of items) {
      if (item.removed) this.#records.delete(item.id);
      else this.#records.set(item.id, item);
    }
    this.#changed();
  }

  // The server's items, and over them what we did since.
  #merge(): TodoItem[] {
    const merged = new Map(
      [...this.#records].map(([id, { removed: _, ...item }]) => [id, { ...item, pending: false }]),
    );
    for (const { item: id, madeAt, by, fields } of this.#changes.changes) {
      const { removed, ...rest } = fields;
      const fresh = by === undefined ? undefined : { id, ...kFresh, by, at: madeAt };
      const before = merged.get(id) ?? fresh;
      if (removed) merged.delete(id);
      else if (before) merged.set(id, { ...before, ...rest, pending: true });
    }
    return [...merged.values()].sort((a, b) => compare(a.position, b.position) || compare(a.id, b.id));
  }

  #placeAfter(after: string | null | undefined, moved: string): string {
    const others = this.items.filter(({ id }) => id !== moved);
    const index = after === undefined ? others.length - 1 : others.findIndex(({ id }) => id === after);
    const before = others[index]?.position;
    // Two people may have chosen one place: behind all of those.
    const next = others.slice(index + 1).find(({ position }) => before === undefined || position > before);
    const key = keyBetween(before, next?.position);
    return key.length <= kMaxKeyLength ? key : this.#respace(others, index);
  }

  // Many moves to one place make keys long; then all get new ones. Gives the one that is free behind `index`.
  #respace(others: readonly TodoItem[], index: number): string {
    const keys = evenKeys(others.length + 1);
    const [free = ''] = keys.splice(index + 1, 1);
    others.forEach(({ id }, at) => this.#change(id, { position: keys[at] ?? free }));
    return free;
  }

  #changed(): void {
    this.#items = undefined;
    this.emit('change', undefined);
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof SignalError && kPassing.has(error.code);
}

const kFresh = { text: '', done: false, assignee: null, position: '', pending: true };

/** By code units: position keys and ids are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checked(text: string): string {
  if (text.trim() === '') throw new SignalError('invalid', 'The text is empty.', 'text');
  if (new TextEncoder().encode(text).length > kMaxTodoBytes) {
    throw new SignalError('invalid', `The text is longer than ${kMaxTodoBytes} bytes.`, 'text');
  }
  return text;
}

// Some browsers throw at the mere name where storage is forbidden.
function storage(): Keep | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
