import type { Failure } from './protocol';

/** What the server, or the way to it, answered to one of our events. */
export class SignalError extends Error {
  override readonly name = 'SignalError';
  constructor(
    /**
     * A code of docs/protocol.md. For the connection itself: `timeout`, `offline` or `unreachable`. Where waiting
     * to be let in was in vain: `refused`, `locked`, `ended`, or `not-answered`.
     */
    readonly code: string,
    message: string,
    /** The field at fault, if one is. */
    readonly field?: string,
  ) {
    super(message);
  }

  static from({ code, message, field }: Failure): SignalError {
    return new SignalError(code, message, field);
  }
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The same as a SignalError: what is none is a message that was not understood. */
export function asSignalError(thrown: unknown): SignalError {
  return thrown instanceof SignalError ? thrown : new SignalError('invalid', asError(thrown).message);
}
