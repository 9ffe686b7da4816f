import { number, object, oneOf, optional, string, type TypeOf } from '../schema';

/**
 * What two ends say to each other about files, as JSON, on the data channel `parley-files`:
 * - `offer` {id, name, size, mime}, answered by `accept` {id, from: bytes that are here already} or `decline` {id}
 * - `begin` {id, number, from}: chunks with this number follow, from that byte on
 * - `end` {id, sha256}: that was all; answered by `done` {id} or `failed` {id}
 * - `cancel` {id}, from either end at any time
 *
 * A chunk is binary: four bytes of number, then bytes of the file.
 */
const message = object('FileMessage', {
  type: oneOf('offer', 'accept', 'decline', 'begin', 'end', 'done', 'failed', 'cancel'),
  id: string,
  name: optional(string),
  size: optional(number),
  mime: optional(string),
  from: optional(number),
  number: optional(number),
  sha256: optional(string),
});
export type FileMessage = TypeOf<typeof message>;

export const kChannelLabel = 'parley-files';
/** Bytes of a file in one chunk; every browser takes messages of this size. */
export const kChunk = 16 * 1024 - 4;
/** The channel is kept filled between these, in bytes: enough for a fast line, little to throw away. */
const kFull = 1024 * 1024;
const kLow = 256 * 1024;
/** Longer ones are nobody's. */
const kMaxMessage = 4096;

export interface LineEvents {
  onOpen(): void;
  onMessage(message: FileMessage): void;
  onChunk(number: number, bytes: Uint8Array<ArrayBuffer>): void;
  onClose(): void;
}

/**
 * The data channels with one participant. Who has something to say first opens one; where both do at once there
 * are two, and each end says what it has to say on the first that is open.
 */
export class FileLine {
  readonly #open: () => RTCDataChannel | undefined;
  readonly #events: LineEvents;
  readonly #channels = new Set<RTCDataChannel>();
  #opening: RTCDataChannel | undefined;

  constructor(open: () => RTCDataChannel | undefined, events: LineEvents) {
    this.#open = open;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  /** Opens a channel unless there is one, or one on its way. */
  open(): void {
    if (this.isOpen || this.#opening) return;
    this.#opening = this.#open();
    if (this.#opening) this.adopt(this.#opening);
  }

  /** Takes in a channel, ours or theirs. */
  adopt(channel: RTCDataChannel): void {
    this.#channels.add(channel);
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = kLow;
    channel.onopen = () => this.#onOpen(channel);
    channel.onclose = () => this.#onClose(channel);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#onData(data);
    if (channel.readyState === 'open') this.#onOpen(channel);
  }

  /** False where there is no open channel. */
  say(content: FileMessage): boolean {
    const channel = this.#current;
    channel?.send(JSON.stringify(content));
    return channel !== undefined;
  }

  /** Sends a chunk, once there is room. False when the channel has gone. */
  async send(chunk: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const channel = this.#current;
    if (!channel) return false;
    if (channel.bufferedAmount > kFull) await drained(channel);
    if (channel.readyState !== 'open') return false;
    channel.send(chunk);
    return true;
  }

  close(): void {
    for (const channel of this.#channels) {
      channel.onopen = channel.onclose = channel.onmessage = null;
      channel.close();
    }
    this.#channels.clear();
    this.#opening = undefined;
  }

  get #current(): RTCDataChannel | undefined {
    return [...this.#channels].find(({ readyState }) => readyState === 'open');
  }

  #onOpen(channel: RTCDataChannel): void {
    if (channel === this.#opening) this.#opening = undefined;
    this.#events.onOpen();
  }

  #onClose(channel: RTCDataChannel): void {
    if (channel === this.#opening) this.#opening = undefined;
    this.#channels.delete(channel);
    if (!this.isOpen) this.#events.onClose();
  }

  // What is not understood is dropped: the other end may be newer, or hostile.
  #onData(data: unknown): void {
    if (data instanceof ArrayBuffer && data.byteLength > 4) {
      this.#events.onChunk(new DataView(data).getUint32(0), new Uint8Array(data, 4));
    } else if (typeof data === 'string' && data.length <= kMaxMessage) {
      const content = understood(data);
      if (content) this.#events.onMessage(content);
    }
  }
}

function drained(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      channel.removeEventListener('bufferedamountlow', over);
      channel.removeEventListener('close', over);
      resolve();
    };
    channel.addEventListener('bufferedamountlow', over);
    channel.addEventListener('close', over);
  });
}

function understood(text: string): FileMessage | undefined {
  try {
    return message.read(JSON.parse(text), '');
  } catch {
    return undefined;
  }
}
