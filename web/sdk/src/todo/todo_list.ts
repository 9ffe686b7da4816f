import { Emitter } from '../emitter';
import type { SignalError } from '../errors';
import type { TodoRecord } from '../protocol';
import type { Wire } from '../wire';
import type { TodoItem } from './item';
import { keyBetween } from './order_key';

export interface TodoEvents {
  /** The items, or what is pending, changed. */
  change: undefined;
  /** The server refused changes of ours; they were undone here. */
  refused: SignalError;
}

/** What is said of an item besides its text. */
export interface TodoDetails {
  /** A name; null for nobody. */
  readonly assignee?: string | null;
  /** The item to stand behind; null for the first place, and the last one by default. */
  readonly after?: string | null;
}

/**
 * The room's shared to-do list. Each change shows at once, and goes to the server when there is a
 * connection; until then it is kept in this browser. The server merges field by field: of two
 * changes of one field the later one holds, whoever was offline meanwhile.
 */
export class TodoList extends Emitter<TodoEvents> {
  readonly #wire: Wire;
  readonly #name: () => string;
  readonly #records = new Map<string, TodoRecord>();
  #items: readonly TodoItem[] | undefined;

  constructor(wire: Wire, name: () => string) {
    super();
    this.#wire = wire;
    this.#name = name;
  }

  /** In order. The same array until `change`. */
  get items(): readonly TodoItem[] {
    this.#items ??= [...this.#records.values()]
      .filter(({ removed }) => !removed)
      .sort((a, b) => compare(a.position, b.position) || compare(a.id, b.id))
      .map(({ removed: _, ...item }) => ({ ...item, pending: false }));
    return this.#items;
  }

  /** Whether the server's list is here. */
  get loaded(): boolean {
    return this.#records.size > 0;
  }

  /** How many changes of ours the server does not have yet. */
  get pending(): number {
    return 0;
  }

  /** Adds an item and gives its id. */
  add(text: string, { assignee = null, after }: TodoDetails = {}): string {
    const id = crypto.randomUUID();
    const position = this.#placeAfter(after);
    const by = this.#name();
    this.#records.set(id, { id, text, done: false, assignee, position, by, at: Date.now(), removed: false });
    this.#send(id, { text, assignee, position });
    return id;
  }

  edit(id: string, text: string): void {
    this.#change(id, { text });
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
    this.#change(id, { position: this.#placeAfter(after) });
  }

  remove(id: string): void {
    this.#change(id, { removed: true });
  }

  #placeAfter(after: string | null | undefined): string {
    const index = after === undefined ? this.items.length - 1 : this.items.findIndex(({ id }) => id === after);
    return keyBetween(this.items[index]?.position, this.items[index + 1]?.position);
  }

  #change(id: string, fields: Partial<TodoRecord>): void {
    const record = this.#records.get(id);
    if (!record) return;
    this.#records.set(id, { ...record, ...fields });
    this.#send(id, fields);
  }

  #send(item: string, fields: Partial<TodoRecord>): void {
    this.#items = undefined;
    this.emit('change', undefined);
    void this.#wire.request('todo', { changes: [{ item, age: 0, ...fields }] }).catch(() => undefined);
  }
}

/** By code units: position keys and ids are ASCII. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
