import type { LocalMedia } from './local_media';
import { MutedVoice, OwnVoice } from './own_voice';
import type { People } from './people';
import type { Publications } from './publications';
import { kQualityInterval } from './quality';

/** How often levels are read, in milliseconds. */
const kLevelInterval = 100;

export interface MeasuringOptions {
  readonly people: Pick<People, 'measure' | 'lookAtQuality'>;
  readonly publications: Pick<Publications, 'voice'>;
  readonly media: Pick<LocalMedia, 'mutedTrack'>;
  /** We began to speak, or ceased. */
  readonly onSpeaking: () => void;
  /** We speak, but are muted: told once a mute. */
  readonly onSpeakingWhileMuted: () => void;
}

/**
 * What has to be looked at again and again while we are in the room: how loud everybody is, ourselves among them, and
 * how good the connections are.
 *
 * Owner: Room.
 */
export class Measuring {
  readonly #options: MeasuringOptions;
  readonly #voice = new OwnVoice();
  readonly #mutedVoice = new MutedVoice();
  #levels: ReturnType<typeof setInterval> | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;

  constructor(options: MeasuringOptions) {
    this.#options = options;
  }

  /** How loud we are ourselves, 0 to 1. */
  get level(): number {
    return this.#voice.level;
  }

  /** Whether we speak. */
  get speaking(): boolean {
    return this.#voice.speaking;
  }

  /** How long we have spoken in this meeting, in milliseconds. */
  get spokeFor(): number {
    return this.#voice.spokeFor(performance.now());
  }

  /** From now on; once is enough. */
  start(): void {
    this.#levels ??= setInterval(() => this.#measure(), kLevelInterval);
    this.#looks ??= setInterval(() => this.#options.people.lookAtQuality(), kQualityInterval);
  }

  close(): void {
    clearInterval(this.#levels);
    clearInterval(this.#looks);
    this.#voice.close();
    this.#mutedVoice.close();
  }

  #measure(): void {
    const { people, publications, media, onSpeaking, onSpeakingWhileMuted } = this.#options;
    const now = performance.now();
    people.measure(now);
    if (this.#mutedVoice.measure(now, media.mutedTrack)) onSpeakingWhileMuted();
    if (this.#voice.measure(now, publications.voice)) onSpeaking();
  }
}
