/** A MediaStreamTrack of nothing. */
export class FakeTrack {
  static count = 0;
  readonly id = `track-${++FakeTrack.count}`;
  readonly label: string;
  readyState: 'live' | 'ended' = 'live';
  enabled = true;
  contentHint = '';
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  /** What the device can do, and does. */
  capabilities: Record<string, unknown> = {};
  settings: Record<string, unknown> = {};
  /** Whether the browser changes a live track. */
  changeable = true;
  readonly clones: FakeTrack[] = [];

  constructor(
    readonly kind: string,
    readonly deviceId = 'default',
  ) {
    this.label = deviceId;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  clone(): FakeTrack {
    const clone = new FakeTrack(this.kind, this.deviceId);
    clone.enabled = this.enabled;
    this.clones.push(clone);
    return clone;
  }

  getSettings(): Record<string, unknown> {
    return { deviceId: this.deviceId, ...this.settings };
  }

  getCapabilities(): Record<string, unknown> {
    return this.capabilities;
  }

  getConstraints(): Record<string, unknown> {
    return {};
  }

  applyConstraints(constraints: Record<string, unknown>): Promise<void> {
    if (!this.changeable) return Promise.reject(new DOMException('', 'OverconstrainedError'));
    this.settings = { ...this.settings, ...constraints };
    return Promise.resolve();
  }
}
