import { DeviceError, toDeviceError } from './device_error';
import { Emitter } from './emitter';

/** How a microphone or camera stands. */
export interface CaptureState {
  /** The person wants it on. */
  readonly wanted: boolean;
  /** It is being started. */
  readonly pending: boolean;
  /** The live track; a muted microphone keeps it, so that unmuting is instant. */
  readonly track: MediaStreamTrack | undefined;
  /** Why it is not on although it is wanted. */
  readonly error: DeviceError | undefined;
  /** The device in use, or the one to use next. */
  readonly deviceId: string | undefined;
}

type CaptureKind = 'microphone' | 'camera';

const kAudio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const kVideo: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
  facingMode: 'user',
};

/** The constraints for one source; `exact` insists on the device the person chose. */
export function constraintsFor(kind: CaptureKind, deviceId: string | undefined, exact: boolean): MediaTrackConstraints {
  const base = kind === 'microphone' ? kAudio : kVideo;
  if (!deviceId) return base;
  const { facingMode: _, ...rest } = base;
  return { ...rest, deviceId: exact ? { exact: deviceId } : { ideal: deviceId } };
}

/**
 * One microphone or camera: what the person wants, brought about. Requests that follow each other
 * quickly (on, off, another device) are not queued; the newest wins and late tracks are stopped.
 */
export class Capture extends Emitter<{ change: CaptureState }> {
  readonly kind: CaptureKind;
  #state: CaptureState;
  // Counts requests: the answer to an older one is not used any more.
  #request = 0;

  constructor(kind: CaptureKind, deviceId?: string) {
    super();
    this.kind = kind;
    this.#state = { wanted: false, pending: false, track: undefined, error: undefined, deviceId };
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Whether others can hear or see it. */
  get isOn(): boolean {
    const { wanted, track } = this.#state;
    return wanted && track?.readyState === 'live';
  }

  /** Switches it on or off. Resolves when it is so; a failure is in `state.error`. */
  async set(on: boolean): Promise<void> {
    if (!on) return void this.#switchOff();
    const { track } = this.#state;
    if (track?.readyState === 'live') {
      track.enabled = true;
      return void this.#set({ wanted: true, error: undefined });
    }
    await this.#start((constraints) => openTrack(this.kind, constraints));
  }

  /** Uses another device, now if it is on, else the next time. */
  async choose(deviceId: string): Promise<void> {
    this.#set({ deviceId });
    if (!this.#state.wanted) return void this.#release();
    await this.#start((constraints) => openTrack(this.kind, constraints));
  }

  /** The number of the newest request. */
  get request(): number {
    return this.#request;
  }

  /** Announces a request that {@link adopt} or {@link fail} answers: both devices are asked for at once. */
  expect(): number {
    this.#set({ wanted: true, pending: true, error: undefined });
    return ++this.#request;
  }

  adopt(request: number, track: MediaStreamTrack): void {
    if (request !== this.#request) return track.stop();
    const before = this.#state.track;
    track.onended = () => this.#onEnded(track);
    track.enabled = this.#state.wanted;
    this.#set({ track, pending: false, error: undefined, deviceId: track.getSettings().deviceId });
    if (before) stop(before); // Only now: senders change from one to the other without a gap.
  }

  fail(request: number, error: unknown): void {
    if (request === this.#request) this.#set({ pending: false, error: toDeviceError(this.kind, error) });
  }

  /** Stops the device. */
  close(): void {
    this.#request += 1;
    this.#release();
    this.#set({ wanted: false, pending: false });
  }

  async #start(open: (constraints: MediaTrackConstraints) => Promise<MediaStreamTrack>): Promise<void> {
    const request = this.expect();
    const { deviceId } = this.#state;
    try {
      this.adopt(request, await this.#openOrRetry(open, deviceId));
    } catch (error) {
      this.fail(request, error);
    }
  }

  async #openOrRetry(
    open: (constraints: MediaTrackConstraints) => Promise<MediaStreamTrack>,
    deviceId: string | undefined,
  ): Promise<MediaStreamTrack> {
    try {
      return await open(constraintsFor(this.kind, deviceId, true));
    } catch (error) {
      const { code } = toDeviceError(this.kind, error);
      if (code === 'overconstrained') return open(constraintsFor(this.kind, undefined, false));
      if (code !== 'busy' || !this.#state.track) throw error;
      this.#release(); // Some phones open one camera at a time.
      return open(constraintsFor(this.kind, deviceId, true));
    }
  }

  #switchOff(): void {
    const { track, pending } = this.#state;
    if (this.kind === 'microphone' && track && !pending) {
      track.enabled = false;
      return this.#set({ wanted: false });
    }
    this.close(); // The camera's light goes out.
  }

  #onEnded(track: MediaStreamTrack): void {
    if (this.#state.track !== track) return;
    const wasWanted = this.#state.wanted;
    this.#set({ track: undefined, error: DeviceError.of(this.kind, 'lost'), deviceId: undefined });
    if (wasWanted) void this.#fallBack();
  }

  // To another device, if there is one; else it stays lost.
  async #fallBack(): Promise<void> {
    const request = this.expect();
    try {
      this.adopt(request, await openTrack(this.kind, constraintsFor(this.kind, undefined, false)));
    } catch {
      this.fail(request, DeviceError.of(this.kind, 'lost'));
    }
  }

  #release(): void {
    const { track } = this.#state;
    if (!track) return;
    this.#set({ track: undefined });
    stop(track);
  }

  #set(change: Partial<CaptureState>): void {
    this.#state = { ...this.#state, ...change };
    this.emit('change', this.#state);
  }
}

function stop(track: MediaStreamTrack): void {
  track.onended = null;
  track.stop();
}

/** Opens one device. Throws a {@link DeviceError} where the browser has no devices to offer. */
export async function openTrack(kind: CaptureKind, constraints: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const stream = await getUserMedia(kind, kind === 'microphone' ? { audio: constraints } : { video: constraints });
  const [track] = stream.getTracks();
  if (!track) throw DeviceError.of(kind, 'not-found');
  return track;
}

/** `navigator.mediaDevices` is missing on pages without HTTPS, whatever its type says. */
export function getUserMedia(kind: CaptureKind, constraints: MediaStreamConstraints): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices?.getUserMedia) return Promise.reject(DeviceError.of(kind, 'insecure'));
  return devices.getUserMedia(constraints);
}
