import type { PeerLink } from './peer_link';
import type { ParticipantInfo, Source } from './protocol';
import { VoiceActivity } from './voice_activity';

/** Someone else in the room. Read it; only the Room changes it. */
export class Participant {
  readonly sid: string;
  #info: ParticipantInfo;
  /** The media path to them. */
  readonly link: PeerLink;
  readonly #voice = new VoiceActivity();
  #level = 0;
  #speaking = false;

  constructor(info: ParticipantInfo, link: PeerLink) {
    this.sid = info.sid;
    this.#info = info;
    this.link = link;
  }

  get name(): string {
    return this.#info.name;
  }

  get micinf(): boolean {
    return this.#info.micinf;
  }

  get vidinf(): boolean {
    return this.#info.vidinf;
  }

  get scrinf(): boolean {
    return this.#info.scrinf;
  }

  /** The server has lost them, and waits for them; sound and picture may well go on. */
  get away(): boolean {
    return this.#info.away;
  }

  /** How loud they are, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** Their track of this source; whether it is on is told by `micinf`, `vidinf` and `scrinf`. */
  track(source: Source): MediaStreamTrack | undefined {
    return this.link.receivers.get(source)?.track;
  }

  /** @internal */
  update(change: Partial<ParticipantInfo>): void {
    this.#info = { ...this.#info, ...change };
  }

  /** Measures their voice; true if `speaking` changed. @internal */
  measure(now: number): boolean {
    const [newest] = this.link.receivers.get('microphone')?.getSynchronizationSources?.() ?? [];
    this.#level = this.micinf ? (newest?.audioLevel ?? 0) : 0;
    const before = this.#speaking;
    this.#speaking = this.#voice.update(now, this.#level);
    return this.#speaking !== before;
  }
}
