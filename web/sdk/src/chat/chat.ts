import { Emitter } from '../emitter';
import { asSignalError, SignalError } from '../errors';
import { newId } from '../ids';
import type { Acknowledgement, ChatRecord } from '../protocol';
import type { Wire } from '../wire';
import type { ChatMessage } from './message';

export interface ChatEvents {
  /** Messages, `unread` or `hasMore` changed. */
  change: undefined;
  /** Someone else wrote just now. */
  message: ChatMessage;
}

/** The part of the room that {@link Chat} looks at. */
export interface ChatRoom {
  readonly sid: string | undefined;
  readonly name: string;
  readonly participants: ReadonlyMap<string, { readonly name: string }>;
}

export interface ChatSendOptions {
  /** The `sid` of whom alone it is for. */
  readonly to?: string;
  /** The `id` of the message it answers. */
  readonly replyTo?: number;
}

/** The longest message, in bytes of UTF-8. */
export const kMaxChatBytes = 4000;
/** Messages asked for at once. */
const kPage = 50;
/** Messages kept; older ones are fetched again when somebody scrolls up to them. */
export const kMaxKept = 2000;

/** The connection is gone, or was: what was sent may be sent again, and is there once. */
const kPassing = new Set(['offline', 'timeout', 'unavailable']);

/**
 * The room's chat: messages in order, pages of history, and our own messages from the moment they
 * are written. What is sent while the connection is gone waits for it; the server knows a message by
 * its `key`, so what is sent twice is there once.
 */
export class Chat extends Emitter<ChatEvents> {
  readonly #wire: Wire;
  readonly #room: () => ChatRoom;
  // By id, in rising order.
  #records: ChatRecord[] = [];
  // Ours that the server has not acknowledged, by key, in the order of writing.
  readonly #outbox = new Map<string, ChatMessage>();
  #messages: readonly ChatMessage[] | undefined;
  #hasMore = false;
  #loaded = false;
  #reading = false;
  #unread = 0;
  // The newest id that is here: what comes with a greater one is new.
  #newest = 0;
  #loadingMore: Promise<void> | undefined;

  constructor(wire: Wire, room: () => ChatRoom) {
    super();
    this.#wire = wire;
    this.#room = room;
    wire.on('chat', ({ message }) => this.#onMessage(message));
    wire.on('chatChanged', ({ message }) => this.#replace(message));
  }

  /** In the order of sending, ours that are on their way last. The same array until `change`. */
  get messages(): readonly ChatMessage[] {
    this.#messages ??= [...this.#records.map((record) => this.#shown(record)), ...this.#outbox.values()];
    return this.#messages;
  }

  /** Whether the newest page of the history is here. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Whether there are older messages than those here: {@link loadMore} fetches them. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** How many messages of others came since the chat was last read. */
  get unread(): number {
    return this.#unread;
  }

  /** Tells that the chat is before somebody's eyes, or no longer: then messages count as unread. */
  setReading(reading: boolean): void {
    if (reading === this.#reading) return;
    this.#reading = reading;
    this.#unread = 0;
    this.#changed();
  }

  /**
   * Sends a message. It is among {@link messages} at once; resolves when the server has it. Without a connection
   * it stays `pending` until there is one again. Rejects with a {@link SignalError} where the server refuses, and
   * the message stays as `failed`.
   */
  async send(text: string, { to, replyTo }: ChatSendOptions = {}): Promise<void> {
    checkText(text);
    const { sid, name, participants } = this.#room();
    await this.#deliver({
      id: undefined,
      key: newId(),
      sid: sid ?? '',
      name,
      account: null,
      text,
      to: to === undefined ? null : { sid: to, name: participants.get(to)?.name ?? '' },
      replyTo: replyTo ?? null,
      at: Date.now(),
      edited: null,
      deleted: false,
      own: true,
      state: 'pending',
      error: undefined,
    });
  }

  /** Sends a failed message again. */
  async retry(key: string): Promise<void> {
    const message = this.#outbox.get(key);
    if (message?.state === 'failed') await this.#deliver({ ...message, state: 'pending', error: undefined });
  }

  /** Forgets a failed message. */
  discard(key: string): void {
    if (this.#outbox.get(key)?.state !== 'failed') return;
    this.#outbox.delete(key);
    this.#changed();
  }

  /** Changes the text of a message of ours. */
  async edit(id: number, text: string): Promise<void> {
    checkText(text);
    this.#replace((await this.#wire.request('chatEdit', { id, text })).message);
  }

  /** Takes back a message of ours; hosts can take back any. */
  async delete(id: number): Promise<void> {
    this.#replace((await this.#wire.request('chatDelete', { id })).message);
  }

  /** Fetches the page of messages before the oldest that is here. */
  loadMore(): Promise<void> {
    this.#loadingMore ??= this.#loadMore().finally(() => (this.#loadingMore = undefined));
    return this.#loadingMore;
  }

  /** Reads the newest page anew, after a join; what was not acknowledged is sent again. @internal */
  async refresh(): Promise<void> {
    for (const message of this.#outbox.values()) {
      if (message.state === 'pending') void this.#deliver(message).catch(() => undefined);
    }
    const page = await this.#request({ limit: kPage });
    if (!page) return;
    const news = this.#loaded ? page.messages.filter(({ id }) => id > this.#newest) : [];
    const oldest = page.messages[0]?.id ?? Infinity;
    // Older messages stay, unless some are missing between them and this page.
    const older = this.#records.filter(({ id }) => id < oldest);
    const isWhole = !page.more || (this.#loaded && oldest <= this.#newest);
    if (!isWhole || !this.#loaded) this.#hasMore = page.more;
    // What came by event while the page was on its way is newer than the page.
    const last = page.messages.at(-1)?.id ?? 0;
    const newer = this.#records.filter(({ id }) => id > last);
    this.#records = [...(isWhole ? older : []), ...page.messages, ...newer];
    for (const { key } of page.messages) this.#outbox.delete(key);
    this.#loaded = true;
    for (const message of news) this.#count(message);
    this.#newest = Math.max(this.#newest, last);
    this.#changed();
  }

  async #loadMore(): Promise<void> {
    const before = this.#records[0]?.id;
    if (before === undefined) return this.refresh();
    const page = await this.#request({ limit: kPage, before });
    if (!page) return;
    this.#hasMore = page.more;
    this.#records = [...page.messages, ...this.#records.filter(({ id }) => id >= before)];
    this.#changed();
  }

  // Undefined when the connection went meanwhile: the next join asks again.
  async #request(fields: { limit: number; before?: number }): Promise<Acknowledgement<'chatHistory'> | undefined> {
    try {
      return await this.#wire.request('chatHistory', fields);
    } catch (error) {
      if (error instanceof SignalError && kPassing.has(error.code)) return undefined;
      throw error;
    }
  }

  async #deliver(message: ChatMessage): Promise<void> {
    const { key, text, to, replyTo } = message;
    this.#outbox.set(key, message);
    this.#changed();
    const fields = { key, text, ...(to && { to: to.sid }), ...(replyTo !== null && { replyTo }) };
    try {
      this.#insert((await this.#wire.request('chat', fields)).message);
    } catch (error) {
      const failure = asSignalError(error);
      if (failure.code === 'offline' || !this.#outbox.has(key)) return; // It goes with the next refresh().
      this.#outbox.set(key, { ...message, state: 'failed', error: failure });
      this.#changed();
      throw failure;
    }
  }

  #onMessage(record: ChatRecord): void {
    if (this.#records.some(({ id }) => id === record.id)) return;
    this.#insert(record);
    const message = this.#shown(record);
    if (message.own) return;
    this.#count(record);
    this.emit('message', message);
    this.#changed();
  }

  #count(record: ChatRecord): void {
    if (!this.#reading && !record.deleted && record.sid !== this.#room().sid) this.#unread += 1;
  }

  #insert(record: ChatRecord): void {
    this.#outbox.delete(record.key);
    this.#newest = Math.max(this.#newest, record.id);
    const at = this.#records.findLastIndex(({ id }) => id <= record.id);
    const isKnown = this.#records[at]?.id === record.id;
    this.#records = this.#records.toSpliced(isKnown ? at : at + 1, isKnown ? 1 : 0, record);
    if (this.#records.length > kMaxKept) {
      this.#records = this.#records.slice(-kMaxKept);
      this.#hasMore = true;
    }
    this.#changed();
  }

  // Edited or deleted. One that is not here was scrolled past, and comes right with its page.
  #replace(record: ChatRecord): void {
    if (this.#records.some(({ id }) => id === record.id)) this.#insert(record);
  }

  #shown(record: ChatRecord): ChatMessage {
    return { ...record, own: record.sid === this.#room().sid, state: 'sent', error: undefined };
  }

  #changed(): void {
    this.#messages = undefined;
    this.emit('change', undefined);
  }
}

function checkText(text: string): void {
  if (text.trim() === '') throw new SignalError('invalid', 'The message is empty.', 'text');
  if (new TextEncoder().encode(text).length > kMaxChatBytes) {
    throw new SignalError('invalid', `The message is longer than ${kMaxChatBytes} bytes.`, 'text');
  }
}
