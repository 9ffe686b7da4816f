import { Emitter } from '../emitter';
import type { FileTransfer } from './transfer';

export interface FilesEvents {
  /** A transfer came, went or moved on. */
  change: undefined;
  /** Someone offers us a file: {@link Files.accept} or {@link Files.decline} it. */
  offer: FileTransfer;
}

/** The largest file, in bytes, unless {@link Files.limit} is set. */
export const kDefaultFileLimit = 100 * 1024 * 1024;

/**
 * Files straight from one browser to others, without the server: each receiver is offered the file and
 * decides. What arrives has the size and the SHA-256 that were announced, or the transfer has failed.
 */
export class Files extends Emitter<FilesEvents> {
  constructor(_participants: unknown) {
    super();
  }
  close(): void {}

  /** The largest file that is sent, or taken, in bytes. */
  limit = kDefaultFileLimit;
  readonly #transfers = new Map<string, FileTransfer>();

  /** All transfers of this meeting, oldest first. The same array until `change`. */
  get transfers(): readonly FileTransfer[] {
    return [...this.#transfers.values()];
  }

  /** Offers a file to some, by `sid`, or to everyone in the room. One transfer for each. */
  send(_file: File, _to?: readonly string[]): FileTransfer[] {
    return [];
  }

  accept(_id: string): void {}

  decline(_id: string): void {}

  /** Stops a transfer, from either side. */
  cancel(_id: string): void {}

  /** Forgets a transfer that is over, and the received file with it. */
  forget(id: string): void {
    this.#transfers.delete(id);
    this.emit('change', undefined);
  }
}
