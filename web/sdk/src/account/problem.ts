/** What the server's HTTP API answered to a request (RFC 9457), or that it did not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** One sentence of what is wrong. */
    message: string,
    /** The field at fault, if one is. */
    readonly field: string | undefined,
    /** After how many seconds to try again, when there were too many requests. */
    readonly retryAfter: number | undefined,
  ) {
    super(message);
  }
}
