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
  /** Something else, a phone call for one, holds the device: it gives silence or black meanwhile. */
  readonly interrupted: boolean;
}

/** How the browser cleans the microphone's sound. */
export interface SoundProcessing {
  readonly noiseSuppression: boolean;
  readonly echoCancellation: boolean;
  readonly autoGainControl: boolean;
}

export interface CaptureEvents {
  change: CaptureState;
  /** The device in use went away; `fallback` is the name of the one that took over, if one did. */
  lost: { fallback: string | undefined };
}

export type CaptureKind = 'microphone' | 'camera';

export const kCleanSound: SoundProcessing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const kVideo: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
  facingMode: 'user',
};

/** Browsers mute a track for a moment when they change devices; a call holds it longer. In milliseconds. */
export const kInterruptedAfter = 500;

/** The constraints for one source; `exact` insists on the device the person chose. */
export function constraintsFor(
  kind: CaptureKind,
  deviceId: string | undefined,
  exact: boolean,
  sound: SoundProcessing = kCleanSound,
): MediaTrackConstraints {
  const base: MediaTrackConstraints = kind === 'microphone' ? { ...sound } : kVideo;
  if (!deviceId) return base;
  const { facingMode: _, ...rest } = base;
  return { ...rest, deviceId: exact ? { exact: deviceId } : { ideal: deviceId } };
}

/**
 * One microphone or camera: what the person wants, brought about. Requests that follow each other
 * quickly (on, off, another device) are not queued; the newest wins and late tracks are stopped.
 */
export class Capture extends Emitter<CaptureEvents> {
  readonly kind: CaptureKind;
  #state: CaptureState;
  #sound = kCleanSound;
  #interruptedTimer: ReturnType<typeof setTimeout> | undefined;
  // Counts requests: the answer to an older one is not used any more.
  #request = 0;

  constructor(kind: CaptureKind, deviceId?: string) {
    super();
    this.kind = kind;
    this.#state = { wanted: false, pending: false, track: undefined, error: undefined, deviceId, interrupted: false };
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Whether others can hear or see it. */
  get isOn(): boolean {
    const { wanted, track, interrupted } = this.#state;
    return wanted && track?.readyState === 'live' && !interrupted;
  }

  /** Switches it on or off. Resolves when it is so; a failure is in `state.error`. */
  async set(on: boolean): Promise<void> {
    if (!on) return void this.#switchOff();
    const { track } = this.#state;
    if (track?.readyState === 'live') {
      track.enabled = true;
      return void this.#set({ wanted: true, error: undefined });
    }
    await this.#start();
  }

  /** Uses another device, now if it is on, else the next time. */
  async choose(deviceId: string): Promise<void> {
    this.#set({ deviceId });
    if (!this.#state.wanted) return void this.#release();
    await this.#start();
  }

  /** Opens the device anew: an interruption did not end by itself. */
  async reopen(): Promise<void> {
    if (!this.#state.wanted) return;
    this.#release(); // A device that is held is not given twice.
    await this.#start();
  }

  /** Cleans the sound so from now on, in the live track too if there is one. */
  async setSound(sound: SoundProcessing): Promise<void> {
    this.#sound = sound;
    const { track } = this.#state;
    if (track?.readyState !== 'live' || (await apply(track, { ...sound }))) return;
    if (this.#state.wanted) return this.#start(); // Browsers that cannot change a live track.
    this.#release();
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
    track.onmute = () => this.#onMute(track);
    track.onunmute = () => this.#onUnmute(track);
    track.enabled = this.#state.wanted;
    this.#endInterruption();
    this.#set({ track, pending: false, error: undefined, deviceId: track.getSettings().deviceId });
    if (before) stop(before); // Only now: senders change from one to the other without a gap.
  }

  fail(request: number, error: unknown): void {
    if (request === this.#request) this.#set({ pending: false, error: toDeviceError(this.kind, error) });
  }

  /** It may not be switched on. */
  refuse(error: DeviceError): void {
    this.#set({ error });
  }

  /** Forgets why it could not be switched on. */
  forget(): void {
    this.#set({ error: undefined });
  }

  /** Stops the device. */
  close(): void {
    this.#request += 1;
    this.#release();
    this.#set({ wanted: false, pending: false });
  }

  async #start(): Promise<void> {
    const request = this.expect();
    const { deviceId } = this.#state;
    try {
      this.adopt(request, await this.#openOrRetry(deviceId));
    } catch (error) {
      this.fail(request, error);
    }
  }

  async #openOrRetry(deviceId: string | undefined): Promise<MediaStreamTrack> {
    const chosen = constraintsFor(this.kind, deviceId, true, this.#sound);
    try {
      return await openTrack(this.kind, chosen);
    } catch (error) {
      const { code } = toDeviceError(this.kind, error);
      if (code === 'overconstrained') return this.#openAny();
      if (code !== 'busy' || !this.#state.track) throw error;
      this.#release(); // Some phones open one camera at a time.
      return openTrack(this.kind, chosen);
    }
  }

  #openAny(): Promise<MediaStreamTrack> {
    return openTrack(this.kind, constraintsFor(this.kind, undefined, false, this.#sound));
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
    this.#endInterruption();
    this.#set({ track: undefined, error: DeviceError.of(this.kind, 'lost'), deviceId: undefined });
    if (wasWanted) void this.#fallBack();
  }

  // Unplugged: another device of the kind takes over, and the person is told.
  async #fallBack(): Promise<void> {
    const request = this.expect();
    try {
      const track = await this.#openAny();
      const isCurrent = request === this.#request;
      this.adopt(request, track);
      if (isCurrent) this.emit('lost', { fallback: track.label });
    } catch {
      if (request === this.#request) this.emit('lost', { fallback: undefined });
      this.fail(request, DeviceError.of(this.kind, 'lost'));
    }
  }

  #onMute(track: MediaStreamTrack): void {
    if (track !== this.#state.track) return;
    clearTimeout(this.#interruptedTimer);
    this.#interruptedTimer = setTimeout(() => this.#set({ interrupted: true }), kInterruptedAfter);
  }

  #onUnmute(track: MediaStreamTrack): void {
    if (track === this.#state.track) this.#endInterruption();
  }

  #endInterruption(): void {
    clearTimeout(this.#interruptedTimer);
    if (this.#state.interrupted) this.#set({ interrupted: false });
  }

  #release(): void {
    const { track } = this.#state;
    if (!track) return;
    this.#endInterruption();
    this.#set({ track: undefined });
    stop(track);
  }

  #set(change: Partial<CaptureState>): void {
    this.#state = { ...this.#state, ...change };
    this.emit('change', this.#state);
  }
}

function stop(track: MediaStreamTrack): void {
  track.onended = track.onmute = track.onunmute = null;
  track.stop();
}

/**
 * Changes some constraints of a live track and leaves the others. False where the browser says no, or says yes
 * and does nothing, as some do.
 */
export async function apply(track: MediaStreamTrack, change: MediaTrackConstraints): Promise<boolean> {
  try {
    await track.applyConstraints({ ...track.getConstraints(), ...change });
  } catch {
    return false;
  }
  const settings: Record<string, unknown> = { ...track.getSettings() };
  return Object.entries(change).every(([name, value]) => settings[name] === undefined || settings[name] === value);
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
