import { SignalError } from '../errors';
import { mayDo } from '../permissions';
import type { Permissions, Role } from '../protocol';
import { contentOf, dataOf, kReliableLabel, kUnreliableLabel, type Content, type Frame, type Letter } from './frame';
import { Inbox } from './inbox';
import { Line } from './line';
import { Outbox, type Numbered } from './outbox';
import { SendBudget } from './send_budget';
import type { Ways } from '../ways';

/** The longest message, in bytes; of text, in UTF-8. */
export const kMaxMessageBytes = 60_000;
/** How often receipts are sent, in milliseconds, and looked for late ones. */
export const kReceiptInterval = 500;

export interface SendOptions {
  /** To whom; to everyone in the room, if left out. */
  readonly to?: string | readonly string[];
  /** `false`: it may be lost, or be overtaken, and is never late for that. What is gone the next moment: cursors. */
  readonly reliable?: boolean;
}

/** Somebody else in the room. */
export interface Correspondent {
  readonly sid: string;
  readonly role: Role;
  readonly permissions: Permissions;
}

export interface RoomMessage<From = Correspondent> {
  readonly from: From;
  /** As it was sent: text, or bytes. */
  readonly data: string | Uint8Array<ArrayBuffer>;
  readonly reliable: boolean;
}

export interface MessagesOptions<From extends Correspondent> {
  readonly participants: () => ReadonlyMap<string, From>;
  /** The ways there are; asked for once somebody is in the room. */
  readonly ways: () => Pick<Ways, 'way' | 'isDirect' | 'openDirect'>;
  readonly onMessage: (event: RoomMessage<From>) => void;
}

/**
 * Messages between the applications of a room, by data channel: straight from one to another, or by the server, and
 * nobody sees which. Reliable ones come exactly once and in order even while the way changes or breaks: whoever gets
 * one confirms it, and what is not confirmed is sent again by whichever way there is.
 *
 * Owner: Room.
 */
export class Messages<From extends Correspondent> {
  readonly #options: MessagesOptions<From>;
  readonly #inbox = new Inbox();
  readonly #outbox = new Outbox(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  readonly #budget = new SendBudget();
  readonly #server: Line;
  readonly #direct = new Map<string, Line>();
  /** By which channel somebody got the last reliable message: on another, what is owed comes first. */
  readonly #via = new Map<string, RTCDataChannel>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MessagesOptions<From>) {
    this.#options = options;
    this.#server = new Line({
      onLetter: (letter) => this.#onLetter(letter.name, letter),
      onOpen: () => this.#catchUpAll(),
    });
  }

  /**
   * False: too much has been sent just now, or nobody named is there. Throws a {@link SignalError} where the message
   * is too long.
   */
  send(data: string | ArrayBuffer | Uint8Array, { to, reliable = true }: SendOptions = {}): boolean {
    const content = contentOf(data);
    if (content.bytes.length > kMaxMessageBytes) {
      throw new SignalError('invalid', `The message is longer than ${kMaxMessageBytes} bytes.`, 'data');
    }
    const all = this.#options.participants();
    const named = to === undefined ? undefined : [to].flat().filter((sid) => all.has(sid));
    if (named?.length === 0) return false;
    for (let copies = named?.length ?? 1; copies > 0; --copies) {
      const receivers = named ? 1 : all.size;
      if (!this.#budget.take(performance.now(), content.bytes.length, receivers)) return false;
    }
    for (const sid of named ?? all.keys()) this.#prepare(sid);
    if (reliable) this.#sendNumbered(content, named);
    else this.#sendLoose({ type: 'loose', content }, named);
    return true;
  }

  /** Takes in a channel that somebody opened on the link straight to us; false where it is for something else. */
  adopt(sid: string, channel: RTCDataChannel): boolean {
    const reliable = channel.label === kReliableLabel;
    if (!reliable && channel.label !== kUnreliableLabel) return false;
    this.#line(sid).adopt(channel, reliable);
    return true;
  }

  /** Takes in the channels of a connection with the server. */
  adoptServer(reliable: RTCDataChannel, unreliable: RTCDataChannel): void {
    this.#server.adopt(unreliable, false);
    this.#server.adopt(reliable, true);
  }

  /** A link straight to somebody stands. */
  connected(sid: string): void {
    if (this.#outbox.owed(sid) > 0) this.#prepare(sid);
    this.#catchUp(sid);
  }

  left(sid: string): void {
    this.#inbox.forget(sid);
    this.#outbox.forget(sid);
    this.#via.delete(sid);
    this.#direct.get(sid)?.close();
    this.#direct.delete(sid);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const line of this.#direct.values()) line.close();
    this.#direct.clear();
    this.#server.close();
  }

  #sendNumbered(content: Content, named: readonly string[] | undefined): void {
    const now = performance.now();
    if (named) {
      for (const sid of named) this.#pass(sid, this.#outbox.addForOne(content, sid, now));
    } else {
      const sids = [...this.#options.participants().keys()];
      const frame = this.#outbox.addForAll(content, sids, now);
      const isByServer = this.#options.ways().way === 'sfu';
      const rest = sids.filter((sid) => !isByServer || this.#directLine(sid));
      for (const sid of rest) this.#pass(sid, frame);
      if (rest.length < sids.length) this.#passAll(sids, frame);
    }
    this.#wake();
  }

  // Who came by another channel so far gets first what they have not confirmed.
  #pass(sid: string, frame: Numbered): void {
    const { line, name } = this.#route(sid);
    if (line.current && this.#via.get(sid) !== line.current) this.#catchUp(sid);
    else line.send(name, frame, true);
  }

  #passAll(sids: readonly string[], frame: Numbered): void {
    const { current } = this.#server;
    if (!current) return;
    for (const sid of sids) {
      if (this.#via.get(sid) === current || this.#directLine(sid)) continue;
      if (this.#outbox.owed(sid) > 1) this.#catchUp(sid);
      else this.#via.set(sid, current);
    }
    this.#server.send('', frame, true);
  }

  #sendLoose(frame: Frame, named: readonly string[] | undefined): void {
    if (!named && this.#options.ways().way === 'sfu') return void this.#server.send('', frame, false);
    for (const sid of named ?? this.#options.participants().keys()) this.#sendTo(sid, frame);
  }

  #sendTo(sid: string, frame: Frame): void {
    const { line, name } = this.#route(sid);
    line.send(name, frame, false);
  }

  #catchUpAll(): void {
    for (const sid of this.#options.participants().keys()) this.#catchUp(sid);
  }

  #catchUp(sid: string): void {
    const { line } = this.#route(sid);
    if (line.current && this.#via.get(sid) !== line.current && this.#outbox.owed(sid) > 0) this.#again(sid);
  }

  #again(sid: string): void {
    const { line, name } = this.#route(sid);
    if (!line.current) return;
    this.#via.set(sid, line.current);
    for (const frame of this.#outbox.again(sid, performance.now())) line.send(name, frame, true);
  }

  #route(sid: string): { line: Line; name: string } {
    const direct = this.#directLine(sid);
    return direct ? { line: direct, name: '' } : { line: this.#server, name: sid };
  }

  // What goes straight to somebody does not wait for the server, nor depend on their being there already.
  #directLine(sid: string): Line | undefined {
    const line = this.#direct.get(sid);
    return line?.current && this.#options.ways().isDirect(sid) ? line : undefined;
  }

  // Opens channels straight to somebody, where media goes that way: who sends nothing does not pay for them.
  #prepare(sid: string): void {
    const line = this.#line(sid);
    if (line.exists || this.#options.ways().way === 'sfu') return;
    const reliable = this.#options.ways().openDirect(sid, kReliableLabel);
    const unreliable = this.#options.ways().openDirect(sid, kUnreliableLabel, { ordered: false, maxRetransmits: 0 });
    if (unreliable) line.adopt(unreliable, false);
    if (reliable) line.adopt(reliable, true);
  }

  #line(sid: string): Line {
    const known = this.#direct.get(sid);
    if (known) return known;
    const line = new Line({
      onLetter: (letter) => this.#onLetter(sid, letter),
      onOpen: () => this.#catchUp(sid),
    });
    this.#direct.set(sid, line);
    return line;
  }

  #onLetter(sid: string, { frame }: Letter): void {
    const from = this.#options.participants().get(sid);
    if (!from) return;
    if (frame.type === 'loose') return this.#give(from, frame.content, false);
    const now = performance.now();
    if (frame.type === 'receipt') {
      if (this.#outbox.confirm(sid, frame, now)) this.#again(sid);
      return;
    }
    const { content, ask } = this.#inbox.take(sid, frame, now);
    if (ask) this.#sendTo(sid, ask);
    this.#wake();
    if (content) this.#give(from, content, true);
  }

  #give(from: From, content: Content, reliable: boolean): void {
    if (mayDo(from, 'chat')) this.#options.onMessage({ from, data: dataOf(content), reliable });
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => this.#look(), kReceiptInterval);
  }

  #look(): void {
    this.#timer = undefined;
    for (const { sid, receipt } of this.#inbox.takeReceipts()) this.#sendTo(sid, receipt);
    for (const sid of this.#outbox.takeLate(performance.now())) {
      this.#prepare(sid);
      this.#again(sid);
    }
    if (!this.#outbox.isEmpty) this.#wake();
  }
}
