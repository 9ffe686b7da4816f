/** One end of a data channel: what is sent arrives at its twin in order, each message in a task of its own. */
export class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  twin: FakeChannel | undefined;
  /** Changes a message on its way. */
  tamper: (data: unknown) => unknown = (data) => data;
  /** The most that was ever waiting to be sent, in bytes. */
  fullest = 0;

  constructor(
    readonly label: string,
    readonly options: RTCDataChannelInit = {},
  ) {
    super();
  }

  send(data: string | Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException('', 'InvalidStateError');
    const copy = typeof data === 'string' ? data : data.slice().buffer;
    const size = typeof copy === 'string' ? copy.length : copy.byteLength;
    this.bufferedAmount += size;
    this.fullest = Math.max(this.fullest, this.bufferedAmount);
    setImmediate(() => this.#deliver(copy, size));
  }

  open(): void {
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.onopen?.();
  }

  close(): void {
    const { twin } = this;
    this.#closed();
    twin?.break();
  }

  /** It broke, or the other end closed it. */
  break(): void {
    if (this.readyState === 'closed') return;
    this.#closed();
    this.onclose?.();
    this.dispatchEvent(new Event('close'));
  }

  #closed(): void {
    this.readyState = 'closed';
    this.twin = undefined;
  }

  #deliver(data: unknown, size: number): void {
    const before = this.bufferedAmount;
    this.bufferedAmount -= size;
    const isLow = before > this.bufferedAmountLowThreshold && this.bufferedAmount <= this.bufferedAmountLowThreshold;
    if (this.twin?.readyState === 'open') this.twin.onmessage?.({ data: this.tamper(data) });
    if (isLow) this.dispatchEvent(new Event('bufferedamountlow'));
  }
}
