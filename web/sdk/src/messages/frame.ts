/**
 * Messages as they are on a data channel, straight to somebody or to the server; docs/protocol.md, "Messages", has
 * every byte. Before each stands a head, which alone the server reads: to whom, or from whom.
 */
export const kReliableLabel = 'parley-messages';
export const kUnreliableLabel = 'parley-messages-unreliable';

/** To everyone in the room, or to one alone. Each has its own numbers. */
export type Stream = 'all' | 'one';

/** A message as the application sees it. */
export interface Content {
  readonly text: boolean;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What one end says to another. A `run` is drawn by each page that takes part: its numbers begin at 0. */
export type Frame =
  | { readonly type: 'loose'; readonly content: Content }
  | {
      readonly type: 'numbered';
      readonly run: number;
      readonly stream: Stream;
      readonly number: number;
      readonly content: Content;
    }
  /** Nothing before `number` is still to come. */
  | { readonly type: 'mark'; readonly run: number; readonly stream: Stream; readonly number: number }
  /** Everything before `next` has come, of the run; undefined: one has to be told where to begin. */
  | {
      readonly type: 'receipt';
      readonly run: number;
      readonly next: Readonly<Record<Stream, number | undefined>>;
      /** Something is missing: send again what is not confirmed. */
      readonly again: boolean;
    };

export interface Letter {
  /** Towards the server the receiver, empty for everyone; from it the sender. Empty on a channel straight to somebody. */
  readonly name: string;
  readonly frame: Frame;
}

const kMessage = 0;
const kReceipt = 1;
const kText = 1;
const kNumbered = 2;
const kOne = 4;
const kMark = 8;
const kUnknown = 0xffffffff;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode(name: string, frame: Frame): Uint8Array<ArrayBuffer> {
  const receiver = encoder.encode(name);
  const body = encodeBody(frame);
  const kind = frame.type === 'receipt' ? kReceipt : kMessage;
  return joined(Uint8Array.of(kind, receiver.length), receiver, body);
}

/** Undefined for what is not understood: the other end may be newer, or hostile. */
export function decode(bytes: Uint8Array<ArrayBuffer>): Letter | undefined {
  const [kind = -1, length = 0] = bytes;
  const body = bytes.subarray(2 + length);
  if (bytes.length < 2 + length) return undefined;
  const frame = kind === kMessage ? decodeMessage(body) : kind === kReceipt ? decodeReceipt(body) : undefined;
  return frame && { name: decoder.decode(bytes.subarray(2, 2 + length)), frame };
}

/** What the application gave, and back. */
export function contentOf(data: string | ArrayBuffer | Uint8Array): Content {
  if (typeof data === 'string') return { text: true, bytes: encoder.encode(data) };
  return { text: false, bytes: new Uint8Array(data).slice() };
}

export function dataOf({ text, bytes }: Content): string | Uint8Array<ArrayBuffer> {
  return text ? decoder.decode(bytes) : bytes.slice();
}

function encodeBody(frame: Frame): Uint8Array<ArrayBuffer> {
  switch (frame.type) {
    case 'loose':
      return joined(Uint8Array.of(frame.content.text ? kText : 0), frame.content.bytes);
    case 'numbered':
    case 'mark': {
      const { content } = frame.type === 'numbered' ? frame : { content: undefined };
      const flags = kNumbered | (frame.stream === 'one' ? kOne : 0) | (content ? (content.text ? kText : 0) : kMark);
      return joined(Uint8Array.of(flags), words(frame.run, frame.number), content?.bytes ?? new Uint8Array());
    }
    case 'receipt': {
      const { all = kUnknown, one = kUnknown } = frame.next;
      return joined(Uint8Array.of(frame.again ? 1 : 0), words(frame.run, all, one));
    }
  }
}

function decodeMessage(body: Uint8Array<ArrayBuffer>): Frame | undefined {
  const [flags] = body;
  if (flags === undefined || flags >= 2 * kMark) return undefined;
  const text = (flags & kText) !== 0;
  if ((flags & kNumbered) === 0) return { type: 'loose', content: { text, bytes: body.subarray(1) } };
  if (body.length < 9) return undefined;
  const [run = 0, number = 0] = wordsOf(body, 2);
  const about = { run, number, stream: (flags & kOne) === 0 ? 'all' : 'one' } as const;
  if ((flags & kMark) !== 0) return { type: 'mark', ...about };
  return { type: 'numbered', ...about, content: { text, bytes: body.subarray(9) } };
}

function decodeReceipt(body: Uint8Array<ArrayBuffer>): Frame | undefined {
  if (body.length < 13) return undefined;
  const [run = 0, all, one] = wordsOf(body, 3);
  const known = (next: number | undefined) => (next === kUnknown ? undefined : next);
  return { type: 'receipt', run, next: { all: known(all), one: known(one) }, again: body[0] === 1 };
}

function words(...numbers: number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, index) => view.setUint32(4 * index, number));
  return new Uint8Array(view.buffer);
}

function wordsOf(body: Uint8Array<ArrayBuffer>, count: number): number[] {
  const view = new DataView(body.buffer, body.byteOffset);
  return Array.from({ length: count }, (_none, index) => view.getUint32(1 + 4 * index));
}

function joined(...parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
