import { FakeTrack } from './fake_track';

/** A DOMException by name, as getUserMedia throws it. */
export function deviceFailure(name: string, message = ''): DOMException {
  return new DOMException(message, name);
}

/**
 * `navigator.mediaDevices` of a computer with two of each. What fails, and how, is the test's to say;
 * requests are answered when the test calls {@link answer}, or at once.
 */
export class FakeDevices extends EventTarget {
  readonly requests: MediaStreamConstraints[] = [];
  readonly tracks: FakeTrack[] = [];
  /** Thrown instead of an answer, if it returns something. */
  fails: (constraints: MediaStreamConstraints) => unknown = () => undefined;
  /** What devices opened from now on can do. */
  capabilities: Record<string, unknown> = {};
  screenFails: Error | undefined;
  /** While held, requests wait. */
  held = false;
  #waiting: (() => void)[] = [];

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.requests.push(constraints);
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const failure = this.fails(constraints);
    if (failure !== undefined) throw failure as Error;
    return this.#stream([
      ...(constraints.audio ? [this.#make('audio', constraints.audio)] : []),
      ...(constraints.video ? [this.#make('video', constraints.video)] : []),
    ]);
  }

  getDisplayMedia(): Promise<MediaStream> {
    if (this.screenFails !== undefined) return Promise.reject(this.screenFails);
    return Promise.resolve(this.#stream([this.#make('video', true), this.#make('audio', true)]));
  }

  enumerateDevices(): Promise<unknown[]> {
    const kinds = ['audioinput', 'videoinput', 'audiooutput'];
    return Promise.resolve(
      kinds.flatMap((kind) => ['one', 'two'].map((id) => ({ kind, deviceId: `${kind}-${id}`, label: id }))),
    );
  }

  answer(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get live(): string[] {
    return this.tracks
      .filter(({ readyState }) => readyState === 'live')
      .map(({ kind, deviceId }) => `${kind} ${deviceId}`);
  }

  #make(kind: string, constraints: MediaTrackConstraints | boolean): FakeTrack {
    const id =
      typeof constraints === 'object' ? (constraints.deviceId as ConstrainDOMStringParameters | undefined) : undefined;
    const track = new FakeTrack(kind, String(id?.exact ?? id?.ideal ?? 'default'));
    track.capabilities = this.capabilities;
    this.tracks.push(track);
    return track;
  }

  #stream(tracks: FakeTrack[]): MediaStream {
    const of = (kind: string) => tracks.filter((track) => track.kind === kind);
    const stream = { getTracks: () => tracks, getAudioTracks: () => of('audio'), getVideoTracks: () => of('video') };
    return stream as unknown as MediaStream;
  }
}
