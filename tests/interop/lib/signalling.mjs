// A client of /ws as docs/protocol.md describes it: JSON arrays on a plain WebSocket.
import { within } from '../../e2e/lib/wait.mjs';
import { Frames } from './frames.mjs';

const patience = 15_000; // A machine that builds beside it is slow, not broken.

export class Signalling {
  #frames;
  #acks = new Map();
  #events = [];
  #id = 0;

  constructor(url, headers) {
    this.#frames = new Frames(`${url.replace(/^http/, 'ws')}/ws`, headers);
    this.closed = this.#frames.closed;
    this.socket = this.#frames.socket;
  }

  async open() {
    await within(patience, 'the WebSocket to open', this.#frames.opened);
    return this;
  }

  // Reads on until `wanted` gives something.
  async #read(what, wanted) {
    for (;;) {
      const found = wanted();
      if (found !== undefined) return found;
      const [event, ...rest] = JSON.parse(await within(patience, what, this.#frames.next()));
      if (event === 'ack') this.#acks.set(rest[0], rest[1]);
      else this.#events.push([event, ...rest]);
    }
  }

  say(event, body = {}) {
    this.#frames.send(JSON.stringify([event, body]));
  }

  send(text) {
    this.#frames.send(text);
  }

  async ask(event, body = {}) {
    const id = ++this.#id;
    this.#frames.send(JSON.stringify([event, body, id]));
    return this.#read(`the answer to ${event}`, () => this.#acks.get(id));
  }

  // The next event, which must be of that name.
  async hear(name) {
    const [event, body] = await this.#read(`the event ${name}`, () => this.#events.shift());
    if (event !== name) throw new Error(`heard ${event} ${JSON.stringify(body)}, not ${name}`);
    return body;
  }

  // The next event of that name, whatever comes before it.
  async hearNext(name) {
    for (;;) {
      const [event, body] = await this.#read(`the event ${name}`, () => this.#events.shift());
      if (event === name) return body;
    }
  }

  join(room, name, more = {}) {
    return this.ask('join', { room, name, micinf: true, vidinf: true, ...more });
  }

  close() {
    return this.#frames.close();
  }

  // As a cable that is cut.
  cut() {
    this.socket.terminate();
    return this.closed;
  }
}

export const connect = (url, headers) => new Signalling(url, headers).open();
