import { LevelMeter } from './level_meter';
import { VoiceActivity } from './voice_activity';

/** How loud we are ourselves, whichever microphone it comes from. */
export class OwnVoice {
  readonly #voice = new VoiceActivity();
  #track: MediaStreamTrack | undefined;
  #meter: LevelMeter | undefined;
  #level = 0;
  #speaking = false;

  get level(): number {
    return this.#level;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** Measures `track`, undefined while muted; true if `speaking` changed. `now` is in milliseconds. */
  measure(now: number, track: MediaStreamTrack | undefined): boolean {
    if (track !== this.#track) this.#listenTo(track);
    this.#level = this.#meter?.read() ?? 0;
    const before = this.#speaking;
    this.#speaking = this.#voice.update(now, this.#level);
    return this.#speaking !== before;
  }

  close(): void {
    this.#listenTo(undefined);
  }

  #listenTo(track: MediaStreamTrack | undefined): void {
    this.#meter?.close();
    this.#track = track;
    this.#meter = track && new LevelMeter(track);
  }
}
