/** Thrown by what an event does: the answer is this failure. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly field?: string,
  ) {
    super(code);
  }
}
