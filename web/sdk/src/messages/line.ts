import { decode, encode, type Frame, type Letter } from './frame';

/** What waits to be sent by a channel, in bytes: what may be lost is worth nothing once it is late. */
const kFull = { reliable: 1024 * 1024, unreliable: 16 * 1024 };

export interface LineEvents {
  onLetter(letter: Letter): void;
  /** Reliable messages go by another channel than before. */
  onOpen(): void;
}

/**
 * The channels for messages with one other end, somebody or the server. Where both ends open them at once, or one
 * connection replaces another, there are more than two: each end speaks on the first that is open.
 *
 * Owner: Messages.
 */
export class Line {
  readonly #events: LineEvents;
  readonly #channels = { reliable: new Set<RTCDataChannel>(), unreliable: new Set<RTCDataChannel>() };

  constructor(events: LineEvents) {
    this.#events = events;
  }

  /** By which reliable messages go now. */
  get current(): RTCDataChannel | undefined {
    return this.#open('reliable');
  }

  /** Whether there is a channel, or one on its way. */
  get exists(): boolean {
    return [...this.#channels.reliable].some(({ readyState }) => readyState === 'open' || readyState === 'connecting');
  }

  adopt(channel: RTCDataChannel, reliable: boolean): void {
    const channels = this.#channels[reliable ? 'reliable' : 'unreliable'];
    channels.add(channel);
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const letter = data instanceof ArrayBuffer ? decode(new Uint8Array(data)) : undefined;
      if (letter) this.#events.onLetter(letter);
    };
    channel.onclose = () => channels.delete(channel);
    channel.onopen = () => reliable && this.#events.onOpen();
    if (channel.readyState === 'open' && reliable) this.#events.onOpen();
  }

  /** Whether it is on its way. Where one channel is missing, the reliable one takes everything. */
  send(name: string, frame: Frame, reliable: boolean): boolean {
    const which = reliable || !this.#open('unreliable') ? 'reliable' : 'unreliable';
    const channel = this.#open(which);
    if (!channel || channel.bufferedAmount > kFull[which]) return false;
    channel.send(encode(name, frame));
    return true;
  }

  close(): void {
    for (const channel of [...this.#channels.reliable, ...this.#channels.unreliable]) {
      channel.onopen = channel.onclose = channel.onmessage = null;
      channel.close();
    }
    this.#channels.reliable.clear();
    this.#channels.unreliable.clear();
  }

  #open(which: 'reliable' | 'unreliable'): RTCDataChannel | undefined {
    return [...this.#channels[which]].find(({ readyState }) => readyState === 'open');
  }
}
