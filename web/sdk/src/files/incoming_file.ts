import { Sha256 } from './sha256';

/** So many bytes are gathered before the browser may put them on disk. */
const kGather = 8 * 1024 * 1024;

/** A file on its way in: gathers and hashes it. */
export class IncomingFile {
  readonly #size: number;
  readonly #type: string;
  readonly #hash = new Sha256();
  #parts: Blob[] = [];
  #gathered: Uint8Array<ArrayBuffer>[] = [];
  #gatheredBytes = 0;
  #bytes = 0;
  // Which chunks are ours: told by `begin`.
  #number: number | undefined;

  constructor(size: number, type: string) {
    this.#size = size;
    this.#type = type;
  }

  /** How much has arrived. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Chunks with this number follow, from the byte `from` on; false if that leaves a hole. */
  begin(number: number, from: number): boolean {
    this.#number = number;
    return from === this.#bytes;
  }

  owns(number: number): boolean {
    return number === this.#number;
  }

  /** False when it is more than was announced. */
  take(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#bytes + bytes.length > this.#size) return false;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= kGather) this.#fold();
    return true;
  }

  /** The line broke: what comes next begins anew. */
  pause(): void {
    this.#number = undefined;
  }

  /** The file, if it is whole and what was sent. */
  finish(sha256: string): Blob | undefined {
    if (this.#bytes !== this.#size || this.#hash.hex() !== sha256) return undefined;
    this.#fold();
    return new Blob(this.#parts, { type: this.#type });
  }

  #fold(): void {
    this.#parts.push(new Blob(this.#gathered));
    this.#gathered = [];
    this.#gatheredBytes = 0;
  }
}
