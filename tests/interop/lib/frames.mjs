// A raw WebSocket whose frames are awaited one by one, and plain requests: the protocols without a
// client library.
import WebSocket from 'ws';

// The messages that come on a WebSocket, in order, none of them lost between two awaits.
export class Frames {
  #waiting = [];
  #arrived = [];

  constructor(url, headers = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('error', () => {}); // A refusal is an error and a close.
    this.socket.on('message', (data, binary) => this.#push(binary ? data : data.toString()));
    this.opened = new Promise((resolve) => this.socket.once('open', resolve));
    this.closed = new Promise((resolve) => this.socket.once('close', (code) => resolve(code)));
  }

  #push(frame) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(frame);
    else this.#arrived.push(frame);
  }

  next() {
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async take(count) {
    const frames = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  send(...frames) {
    for (const frame of frames) this.socket.send(frame);
  }

  close() {
    this.socket.close();
    return this.closed;
  }
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
