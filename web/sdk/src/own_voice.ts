import { LevelMeter } from './level_meter';
import { SpeechTime } from './speech_time';
import { VoiceActivity } from './voice_activity';

/** How loud we are ourselves, whichever microphone it comes from. */
export class OwnVoice {
  readonly #voice = new VoiceActivity();
  #track: MediaStreamTrack | undefined;
  #meter: LevelMeter | undefined;
  readonly #speech = new SpeechTime();
  #level = 0;
  #speaking = false;

  get level(): number {
    return this.#level;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** How long we have spoken up to the time `now`, in milliseconds. */
  spokeFor(now: number): number {
    return this.#speech.total(now);
  }

  /** Measures `track`, undefined while muted; true if `speaking` changed. `now` is in milliseconds. */
  measure(now: number, track: MediaStreamTrack | undefined): boolean {
    if (track !== this.#track) this.#listenTo(track);
    this.#level = this.#meter?.read() ?? 0;
    const before = this.#speaking;
    this.#speaking = this.#voice.update(now, this.#level);
    this.#speech.update(now, this.#speaking);
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

/** Speech this long while muted is told, in milliseconds: a cough is not. */
const kTellAfter = 500;

/**
 * Notices that somebody speaks while muted. A muted track gives silence, so a clone of it is listened to;
 * the clone ends in the level meter, and what is sent stays the muted track. The browser's sign that the
 * microphone is in use stays on meanwhile, as it is.
 */
export class MutedVoice {
  readonly #voice = new VoiceActivity();
  readonly #speech = new SpeechTime();
  #track: MediaStreamTrack | undefined;
  #clone: MediaStreamTrack | undefined;
  #meter: LevelMeter | undefined;
  #told = false;

  /** Listens to `muted`, undefined while unmuted; true once a mute, when they speak. `now` is in milliseconds. */
  measure(now: number, muted: MediaStreamTrack | undefined): boolean {
    if (muted !== this.#track) this.#listenTo(muted);
    if (!this.#meter || this.#told) return false;
    this.#speech.update(now, this.#voice.update(now, this.#meter.read()));
    this.#told = this.#speech.current(now) > kTellAfter;
    return this.#told;
  }

  close(): void {
    this.#listenTo(undefined);
  }

  #listenTo(track: MediaStreamTrack | undefined): void {
    this.#meter?.close();
    this.#clone?.stop();
    this.#track = track;
    this.#told = false;
    this.#clone = track?.clone();
    if (this.#clone) this.#clone.enabled = true;
    this.#meter = this.#clone && new LevelMeter(this.#clone);
  }
}
