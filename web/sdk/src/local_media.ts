import { BackgroundBlur, type BlurState } from './background_blur';
import { Capture, constraintsFor, getUserMedia, kCleanSound } from './capture';
import type { CaptureKind, CaptureState, SoundProcessing } from './capture';
import { DeviceError, toDeviceError } from './device_error';
import { Emitter } from './emitter';
import { mark } from './marks';
import type { MediaFlags, Source } from './protocol';

/** The shared screen: `audio` only where the browser and the person shared sound as well. */
export interface ScreenState {
  readonly video: MediaStreamTrack | undefined;
  readonly audio: MediaStreamTrack | undefined;
}

/** The devices of this computer. Labels are empty until a device was allowed. */
export interface DeviceLists {
  readonly microphones: MediaDeviceInfo[];
  readonly cameras: MediaDeviceInfo[];
  readonly speakers: MediaDeviceInfo[];
}

export interface LocalMediaEvents {
  /** Anything of the below changed. */
  change: undefined;
  /** A track that is sent came, went, or was exchanged. */
  outgoing: ReadonlyMap<Source, MediaStreamTrack | null>;
  /** Devices were plugged in or out, or their names became known. */
  devices: DeviceLists;
  /** The device in use went away; `fallback` is the name of the one that took over, if one did. */
  lost: { kind: CaptureKind; fallback: string | undefined };
}

/** The state of {@link LocalMedia} at one moment. */
export interface LocalMediaSnapshot {
  readonly microphone: CaptureState;
  readonly camera: CaptureState;
  readonly screen: ScreenState;
  readonly devices: DeviceLists;
  readonly flags: MediaFlags;
  readonly processing: SoundProcessing;
  readonly blur: BlurState;
  /** Something else (a phone call) holds a device that is on: {@link LocalMedia.resume} gets it back. */
  readonly interrupted: boolean;
}

export interface LocalMediaOptions {
  /** The devices to use first, as `deviceId`; one that is gone is passed over. */
  readonly microphone?: string;
  readonly camera?: string;
  /** How to clean the microphone's sound; all of it by default. */
  readonly processing?: Partial<SoundProcessing>;
  /** Whether to blur the background, where the browser can. */
  readonly blur?: boolean;
  /** Whether to notice when the person speaks while muted (the sound stays in the page); true by default. */
  readonly noticeMutedSpeech?: boolean;
}

/** Which of our sources the room permits. */
export interface PermittedSources {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

const kAllSources: PermittedSources = { microphone: true, camera: true, screen: true };

const kNoDevices: DeviceLists = { microphones: [], cameras: [], speakers: [] };

/**
 * What this person shows and says: microphone, camera and shared screen. Lives apart from any room,
 * so that the lobby's preview goes on into the meeting without a flicker.
 */
export class LocalMedia extends Emitter<LocalMediaEvents> {
  readonly #microphone: Capture;
  readonly #camera: Capture;
  #screen: ScreenState = { video: undefined, audio: undefined };
  #devices = kNoDevices;
  #snapshot: LocalMediaSnapshot | undefined;
  // What was last told by `outgoing`.
  #outgoingSignature = '';
  readonly #blur: BackgroundBlur;
  readonly #hearsMuted: boolean;
  #processing: SoundProcessing;
  #permitted = kAllSources;
  // What the microphone was before push-to-talk held it open.
  #beforeTalk: boolean | undefined;
  readonly #onDeviceChange = () => void this.refreshDevices();

  constructor(options: LocalMediaOptions = {}) {
    super();
    this.#microphone = new Capture('microphone', options.microphone);
    this.#camera = new Capture('camera', options.camera);
    this.#blur = new BackgroundBlur(options.blur ?? false);
    this.#hearsMuted = options.noticeMutedSpeech ?? true;
    this.#processing = { ...kCleanSound, ...options.processing };
    void this.#microphone.setSound(this.#processing);
    this.#camera.on('change', ({ track }) => this.#blur.follow(track));
    this.#blur.on('change', () => this.#changed());
    for (const capture of [this.#microphone, this.#camera]) {
      capture.on('change', () => this.#changed());
      capture.on('lost', (lost) => this.emit('lost', { kind: capture.kind, ...lost }));
    }
    globalThis.navigator?.mediaDevices?.addEventListener?.('devicechange', this.#onDeviceChange);
  }

  get microphone(): CaptureState {
    return this.#microphone.state;
  }

  get camera(): CaptureState {
    return this.#camera.state;
  }

  get screen(): ScreenState {
    return this.#screen;
  }

  get devices(): DeviceLists {
    return this.#devices;
  }

  get processing(): SoundProcessing {
    return this.#processing;
  }

  /** Switches parts of it on or off; those not named stay. */
  async setProcessing(change: Partial<SoundProcessing>): Promise<void> {
    this.#processing = { ...this.#processing, ...change };
    this.#changed();
    await this.#microphone.setSound(this.#processing);
  }

  /** `unsupported` until the camera was on, and wherever the browser cannot. */
  get blur(): BlurState {
    return this.#blur.state;
  }

  /** Blurs what is behind the person, or not. Where the browser cannot, nothing happens. */
  async setBlur(on: boolean): Promise<void> {
    await this.#blur.set(on);
  }

  /** Whether something else, a phone call for one, holds a device that is to be on. */
  get interrupted(): boolean {
    return [this.#microphone, this.#camera].some(({ state }) => state.wanted && state.interrupted);
  }

  /** Gets back what an interruption took. Call it from a tap: phones ask for one. */
  async resume(): Promise<void> {
    const taken = [this.#microphone, this.#camera].filter(({ state }) => state.wanted && state.interrupted);
    await Promise.all(taken.map((capture) => capture.reopen()));
  }

  /** Push to talk: the microphone is on for as long as it is held, and as it was before after that. */
  holdToTalk(held: boolean): void {
    if (held && this.#beforeTalk === undefined) {
      this.#beforeTalk = this.microphone.wanted;
      void this.#switchMicrophone(true);
    } else if (!held && this.#beforeTalk !== undefined) {
      const before = this.#beforeTalk;
      this.#beforeTalk = undefined;
      void this.#switchMicrophone(before);
    }
  }

  /** The live microphone while it is muted; undefined while it is on, or was never on. */
  get mutedTrack(): MediaStreamTrack | undefined {
    const { wanted, track } = this.microphone;
    return !wanted && this.#hearsMuted && track?.readyState === 'live' ? track : undefined;
  }

  /** The room permits these. What it does not permit goes off, its device too, and stays off. @internal */
  permit(permitted: PermittedSources): void {
    this.#permitted = permitted;
    for (const capture of [this.#microphone, this.#camera]) {
      const { wanted, pending, track } = capture.state;
      if (!permitted[capture.kind] && (wanted || pending || track)) capture.close();
      if (permitted[capture.kind] && capture.state.error?.code === 'forbidden') capture.forget();
    }
    if (!permitted.screen) this.stopScreen();
  }

  /** All of the state at once: the same object until something changes, as drawing libraries like it. */
  get snapshot(): LocalMediaSnapshot {
    const { microphone, camera, screen, devices, flags, processing, blur, interrupted } = this;
    return (this.#snapshot ??= { microphone, camera, screen, devices, flags, processing, blur, interrupted });
  }

  /** What others are told: also counts as on what is just being started. */
  get flags(): MediaFlags {
    const isOn = ({ wanted, pending, track, interrupted }: CaptureState) =>
      wanted && (pending || (track?.readyState === 'live' && !interrupted));
    return { micinf: isOn(this.microphone), vidinf: isOn(this.camera), scrinf: this.#screen.video !== undefined };
  }

  /** What goes to every peer. Microphone and camera keep their place while they are off. */
  get outgoing(): ReadonlyMap<Source, MediaStreamTrack | null> {
    const outgoing = new Map<Source, MediaStreamTrack | null>([
      ['microphone', this.microphone.track ?? null],
      ['camera', this.camera.track ?? null],
    ]);
    if (this.#screen.video) outgoing.set('screen', this.#screen.video);
    if (this.#screen.audio) outgoing.set('screen-audio', this.#screen.audio);
    return outgoing;
  }

  /**
   * Switches on both at once, with one question to the person. Never rejects: what could not be
   * started has its `error`, and the other one works.
   */
  async start({ microphone, camera }: { microphone: boolean; camera: boolean }): Promise<void> {
    const both = microphone && camera && this.#permitted.microphone && this.#permitted.camera;
    if (both) await this.#startBoth();
    else await Promise.all([microphone && this.setMicrophone(true), camera && this.setCamera(true)]);
    mark('media');
    await this.refreshDevices();
  }

  /** Unmutes or mutes. A failure is in `microphone.error`. */
  async setMicrophone(on: boolean): Promise<void> {
    this.#beforeTalk = undefined;
    await this.#switchMicrophone(on);
  }

  /** Switches the camera on or off, its light included. A failure is in `camera.error`. */
  async setCamera(on: boolean): Promise<void> {
    await this.#switch(this.#camera, on);
  }

  async chooseMicrophone(deviceId: string): Promise<void> {
    await this.#microphone.choose(deviceId);
  }

  async chooseCamera(deviceId: string): Promise<void> {
    await this.#camera.choose(deviceId);
  }

  /**
   * Shares a screen, a window or a tab, with its sound where the browser can. Rejects with a
   * {@link DeviceError}; `cancelled` when the person changed their mind.
   */
  async startScreen(): Promise<void> {
    if (!this.#permitted.screen) throw DeviceError.of('screen', 'forbidden');
    const stream = await getDisplayMedia();
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    if (!video) throw DeviceError.of('screen', 'not-found');
    this.stopScreen();
    video.contentHint = 'detail';
    video.onended = () => this.stopScreen(); // The browser's own "stop sharing".
    this.#screen = { video, audio };
    this.#changed();
  }

  stopScreen(): void {
    const { video, audio } = this.#screen;
    if (!video) return;
    this.#screen = { video: undefined, audio: undefined };
    this.#changed();
    video.onended = null;
    video.stop();
    audio?.stop();
  }

  /** Reads the device lists anew; they also follow by themselves. */
  async refreshDevices(): Promise<void> {
    const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
    const all = await devices?.enumerateDevices?.().catch(() => []);
    if (!all) return;
    const of = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
    this.#devices = { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
    this.emit('devices', this.#devices);
    this.#changed();
  }

  /** Stops every device. */
  close(): void {
    globalThis.navigator?.mediaDevices?.removeEventListener?.('devicechange', this.#onDeviceChange);
    this.#microphone.close();
    this.#camera.close();
    this.stopScreen();
  }

  #switchMicrophone(on: boolean): Promise<void> {
    return this.#switch(this.#microphone, on);
  }

  async #switch(capture: Capture, on: boolean): Promise<void> {
    if (on && !this.#permitted[capture.kind]) return void capture.refuse(DeviceError.of(capture.kind, 'forbidden'));
    await capture.set(on);
    this.#afterFirstUse();
  }

  async #startBoth(): Promise<void> {
    const microphone = this.#microphone.expect();
    const camera = this.#camera.expect();
    try {
      const stream = await getUserMedia('camera', {
        audio: constraintsFor('microphone', this.microphone.deviceId, false, this.#processing),
        video: constraintsFor('camera', this.camera.deviceId, false),
      });
      for (const track of stream.getAudioTracks()) this.#microphone.adopt(microphone, track);
      for (const track of stream.getVideoTracks()) this.#camera.adopt(camera, track);
    } catch (error) {
      if (await isDismissal(error)) {
        this.#microphone.fail(microphone, toDeviceError('microphone', error));
        this.#camera.fail(camera, toDeviceError('camera', error));
      } else {
        await this.#startEach(microphone, camera);
      }
    }
  }

  // One of the two is missing or broken: the other is to work all the same.
  async #startEach(microphone: number, camera: number): Promise<void> {
    const retry = async (capture: Capture, request: number) => {
      if (request === capture.request) await capture.set(true);
    };
    await Promise.all([retry(this.#microphone, microphone), retry(this.#camera, camera)]);
  }

  // Browsers name the devices only after the first was allowed.
  #afterFirstUse(): void {
    if (!this.#devices.microphones.some(({ label }) => label)) void this.refreshDevices();
  }

  #changed(): void {
    this.#snapshot = undefined;
    const { outgoing } = this;
    const signature = [...outgoing].map(([source, track]) => `${source} ${track?.id ?? ''}`).join();
    if (signature !== this.#outgoingSignature) {
      this.#outgoingSignature = signature;
      this.emit('outgoing', outgoing);
    }
    this.emit('change', undefined);
  }
}

// The person said no to the question for both. Asking again for each would only annoy; but when one
// is blocked for this page for good, the browser answers so for both, and the other may be allowed.
async function isDismissal(error: unknown): Promise<boolean> {
  if (toDeviceError('camera', error).code !== 'denied') return false;
  const [microphone, camera] = await Promise.all([permission('microphone'), permission('camera')]);
  return microphone === camera;
}

async function permission(name: 'microphone' | 'camera'): Promise<PermissionState | 'unknown'> {
  try {
    // Not in TypeScript's list of names, and not in every browser.
    const status = await navigator.permissions.query({ name });
    return status.state;
  } catch {
    return 'unknown';
  }
}

async function getDisplayMedia(): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices?.getDisplayMedia) throw DeviceError.of('screen', devices ? 'not-found' : 'insecure');
  try {
    return await devices.getDisplayMedia({ video: { frameRate: { ideal: 30 } }, audio: true });
  } catch (error) {
    throw toDeviceError('screen', error);
  }
}
