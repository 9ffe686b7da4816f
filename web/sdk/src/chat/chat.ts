import { Emitter } from '../emitter';
import { SignalError } from '../errors';
import type { ChatRecord } from '../protocol';
import type { Wire } from '../wire';
import type { ChatMessage } from './message';

export interface ChatEvents {
  /** Messages, `unread` or `hasMore` changed. */
  change: undefined;
  /** Someone else wrote just now. */
  message: ChatMessage;
}

/** What {@link Chat} needs to know of the room. */
export interface ChatView {
  readonly sid: string;
  readonly name: string;
  /** The name of someone in the room. */
  readonly nameOf: (sid: string) => string | undefined;
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
const kMaxKept = 2000;

/**
 * The room's chat: messages in order, pages of history, and our own messages from the moment they
 * are written. A message that is sent while the connection is gone waits for it; the server knows a
 * message by its `key`, so what is sent twice is there once.
 */
export class Chat extends Emitter<ChatEvents> {
  readonly #wire: Wire;
  readonly #view: () => ChatView;
  // By id, in rising order.
  #records: ChatRecord[] = [];
  // Ours that the server has not acknowledged, by key.
  readonly #outbox = new Map<string, ChatMessage>();
  #messages: readonly ChatMessage[] | undefined;
  #hasMore = false;
  #loaded = false;
  #reading = false;
  #unread = 0;

  constructor(wire: Wire, view: () => ChatView) {
    super();
    this.#wire = wire;
    this.#view = view;
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
   * Sends a message. It is among {@link messages} at once; resolves when the server has it. Rejects with a
   * {@link SignalError}, and the message stays as `failed`.
   */
  async send(text: string, options: ChatSendOptions = {}): Promise<void> {
    checkText(text);
    const { sid, name, nameOf } = this.#view();
    const { to, replyTo } = options;
    const message: ChatMessage = {
      id: undefined,
      key: crypto.randomUUID(),
      sid,
      name,
      account: null,
      text,
      to: to === undefined ? null : { sid: to, name: nameOf(to) ?? '' },
      replyTo: replyTo ?? null,
      at: Date.now(),
      edited: null,
      deleted: false,
      own: true,
      state: 'pending',
      error: undefined,
    };
    await this.#deliver(message);
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

  /** Changes a message of ours. */
  async edit(id: number, text: string): Promise<void> {
    checkText(text);
    const { message } = await this.#wire.request('chatEdit', { id, text });
    this.#put(message);
  }

  /** Takes back a message of ours; hosts can take back any. */
  async delete(id: number): Promise<void> {
    const { message } = await this.#wire.request('chatDelete', { id });
    this.#put(message);
  }

  /** Fetches the page of messages before the oldest that is here. */
  async loadMore(): Promise<void> {
    const before = this.#records[0]?.id;
    const { messages, more } = await this.#wire.request('chatHistory', {
      limit: kPage,
      ...(before !== undefined && { before }),
    });
    this.#loaded = true;
    this.#hasMore = more;
    this.#records = [...messages, ...this.#records];
    this.#changed();
  }

  async #deliver(message: ChatMessage): Promise<void> {
    this.#outbox.set(message.key, message);
    this.#changed();
    const { key, text, to, replyTo } = message;
    const fields = { key, text, ...(to && { to: to.sid }), ...(replyTo !== null && { replyTo }) };
    try {
      this.#put((await this.#wire.request('chat', fields)).message);
    } catch (error) {
      const failure = error instanceof SignalError ? error : new SignalError('unknown', String(error));
      this.#outbox.set(key, { ...message, state: 'failed', error: failure });
      this.#changed();
      throw failure;
    }
  }

  #put(record: ChatRecord): void {
    this.#outbox.delete(record.key);
    const others = this.#records.filter(({ id }) => id !== record.id);
    this.#records = [...others, record].sort((a, b) => a.id - b.id).slice(-kMaxKept);
    this.#changed();
  }

  #shown(record: ChatRecord): ChatMessage {
    return { ...record, own: record.sid === this.#view().sid, state: 'sent', error: undefined };
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
