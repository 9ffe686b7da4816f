/** What the server lets pass of one participant (docs/protocol.md, "Messages"), less what receipts and repeats need. */
const kMessages = { perSecond: 150, burst: 300 };
const kBytes = { perSecond: 96 * 1024, burst: 512 * 1024 };
/** What goes to more than so many counts more. */
const kReceivers = 50;

/** Keeps us within what may be sent, whichever way it goes. */
export class SendBudget {
  #messages = 0;
  #bytes = 0;
  #at = -Infinity;

  /** Whether a message of so many bytes may be sent to so many at the time `now`, in milliseconds; it is then counted. */
  take(now: number, bytes: number, receivers: number): boolean {
    const weight = Math.max(1, receivers / kReceivers);
    const cost = Math.min(bytes * weight, kBytes.burst);
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    this.#messages = Math.max(0, this.#messages - seconds * kMessages.perSecond);
    this.#bytes = Math.max(0, this.#bytes - seconds * kBytes.perSecond);
    if (this.#messages + weight > kMessages.burst || this.#bytes + cost > kBytes.burst) return false;
    this.#messages += weight;
    this.#bytes += cost;
    return true;
  }
}
