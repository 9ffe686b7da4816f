import { apply } from './capture';
import { Emitter } from './emitter';

/** Whether the browser blurs what is behind the person; few can (W3C Media Capture Extensions). */
export type BlurState = 'unsupported' | 'off' | 'on';

/**
 * Background blur by the browser or the system itself, which have it from the camera driver for free. To draw
 * each picture anew in the page would cost a weak computer the call, so where they cannot, it is not there.
 */
export class BackgroundBlur extends Emitter<{ change: BlurState }> {
  #wanted: boolean;
  #track: MediaStreamTrack | undefined;
  #state: BlurState = 'unsupported';

  constructor(wanted: boolean) {
    super();
    this.#wanted = wanted;
  }

  get state(): BlurState {
    return this.#state;
  }

  /** The camera's track now; undefined while it is off. */
  follow(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    this.#track = track;
    if (!track) return; // What the last camera could do is told until the next.
    this.#read();
    if (this.#state !== 'unsupported' && (this.#state === 'on') !== this.#wanted) void this.set(this.#wanted);
  }

  async set(on: boolean): Promise<void> {
    this.#wanted = on;
    if (this.#track && this.#state !== 'unsupported') {
      await apply(this.#track, { backgroundBlur: on });
      this.#read();
    }
  }

  #read(): void {
    const capabilities = this.#track?.getCapabilities?.();
    const settings = this.#track?.getSettings();
    const canChange = new Set(capabilities?.backgroundBlur).size > 1;
    const state = !canChange ? 'unsupported' : settings?.backgroundBlur ? 'on' : 'off';
    if (state === this.#state) return;
    this.#state = state;
    this.emit('change', state);
  }
}
