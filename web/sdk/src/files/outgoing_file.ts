import { kChunk, type FileLine } from './file_line';
import { Sha256 } from './sha256';

/** Bytes read from the file at once. */
const kRead = 64 * kChunk;

/** A file on its way out to one person: reads, hashes and sends it, from where the other end has it. */
export class OutgoingFile {
  readonly #file: Blob;
  readonly #id: string;
  readonly #number: number;
  readonly #hash = new Sha256();
  #hashed = 0;
  // Counts sendings: one that was overtaken by another, or cancelled, stops.
  #run = 0;

  constructor(id: string, number: number, file: Blob) {
    this.#id = id;
    this.#number = number;
    this.#file = file;
  }

  stop(): void {
    this.#run += 1;
  }

  /**
   * Sends all from the byte `from` on. `progress` hears how far it is. Resolves early when it was stopped or
   * the line broke; rejects when the file cannot be read.
   */
  async send(line: FileLine, from: number, progress: (bytes: number) => void): Promise<void> {
    const run = ++this.#run;
    if (from > this.#hashed) return; // Nobody has what was never sent.
    line.say({ type: 'begin', id: this.#id, number: this.#number, from });
    for (let at = from; at < this.#file.size; at += kRead) {
      const bytes = new Uint8Array(await this.#file.slice(at, at + kRead).arrayBuffer());
      if (run !== this.#run) return;
      this.#take(at, bytes);
      if (!(await this.#sendAll(line, bytes, run))) return;
      progress(Math.min(at + kRead, this.#file.size));
    }
    line.say({ type: 'end', id: this.#id, sha256: this.#sum() });
  }

  async #sendAll(line: FileLine, bytes: Uint8Array, run: number): Promise<boolean> {
    for (let at = 0; at < bytes.length; at += kChunk) {
      const part = bytes.subarray(at, at + kChunk);
      const chunk = new Uint8Array(4 + part.length);
      new DataView(chunk.buffer).setUint32(0, this.#number);
      chunk.set(part, 4);
      if (!(await line.send(chunk)) || run !== this.#run) return false;
    }
    return true;
  }

  #take(at: number, bytes: Uint8Array): void {
    const fresh = bytes.subarray(Math.max(0, this.#hashed - at));
    this.#hash.update(fresh);
    this.#hashed += fresh.length;
  }

  #digest: string | undefined;
  #sum(): string {
    return (this.#digest ??= this.#hash.hex());
  }
}
