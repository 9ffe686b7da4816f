/**
 * - `offered`: the receiver has not decided
 * - `active`: bytes flow, or wait for a path
 * - `done`: complete, its size and SHA-256 as announced
 * - `declined`, `cancelled`: a person said so, on either side
 * - `failed`: {@link FileTransfer.reason} says why
 */
export type TransferState = 'offered' | 'active' | 'done' | 'declined' | 'cancelled' | 'failed';

/**
 * Why a transfer failed:
 * - `left`: the other is gone
 * - `damaged`: what came is not what was sent
 * - `unreadable`: the file changed or went away
 * - `too-large`: it is over {@link Files.limit}
 */
export type TransferFailure = 'left' | 'damaged' | 'unreadable' | 'too-large';

/** One file on its way between two people. A new object at each change. */
export interface FileTransfer {
  readonly id: string;
  readonly direction: 'in' | 'out';
  /** With whom. */
  readonly sid: string;
  readonly peerName: string;
  /** The file's name, made safe to be shown and saved. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Media type, as the sender's browser had it; never to be trusted. */
  readonly type: string;
  readonly state: TransferState;
  readonly reason: TransferFailure | undefined;
  /** Bytes that have arrived. */
  readonly bytes: number;
  /** The file, for a received one that is `done`. */
  readonly blob: Blob | undefined;
}
