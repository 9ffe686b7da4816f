import type { PeerLink } from './peer_link';
import { mayDo, permissionFor, type Permission } from './permissions';
import type { ParticipantInfo, Permissions, Role, Source } from './protocol';
import { judge, kGood, type ConnectionQuality } from './quality';
import { SpeechTime } from './speech_time';
import { summarize, type Counters, type LinkStats, type PathWay } from './stats';
import { VoiceActivity } from './voice_activity';

/** Someone else in the room. Read it; only the Room changes it. */
export class Participant {
  readonly sid: string;
  #info: ParticipantInfo;
  /** The media path to them. */
  readonly link: PeerLink;
  readonly #voice = new VoiceActivity();
  readonly #speech = new SpeechTime();
  #counters: Counters | undefined;
  #quality = kGood;
  #qualityCounters: Counters | undefined;
  #way: PathWay | undefined;
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

  /** `owner` and `cohost` are the hosts. */
  get role(): Role {
    return this.#info.role;
  }

  /** What they may do. */
  get permissions(): Permissions {
    return this.#info.permissions;
  }

  /** Their place in the queue of raised hands (smaller: earlier); null while the hand is down. */
  get hand(): number | null {
    return this.#info.hand;
  }

  /** Whether they are logged in. */
  get account(): boolean {
    return this.#info.account;
  }

  /** When they came, in Unix milliseconds of the server's clock. */
  get joinedAt(): number {
    return this.#info.joinedAt;
  }

  /** How long they have spoken since we are here, in milliseconds. */
  get spokeFor(): number {
    return this.#speech.total(performance.now());
  }

  /** How long they have been speaking now, in milliseconds; 0 while they do not. */
  get speakingFor(): number {
    return this.#speech.current(performance.now());
  }

  /** How good the connection with them is, and what is wrong with it. */
  get quality(): ConnectionQuality {
    return this.#quality;
  }

  /** Which way sound and picture go between us; undefined while they do not. */
  get way(): PathWay | undefined {
    return this.#way;
  }

  /** How loud they are, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /**
   * Their track of this source, if they may send it; whether it is on is told by `micinf`, `vidinf` and
   * `scrinf`.
   */
  track(source: Source): MediaStreamTrack | undefined {
    return this.may(permissionFor(source)) ? this.link.receivers.get(source)?.track : undefined;
  }

  /** Whether they are permitted something. */
  may(what: Permission): boolean {
    return mayDo(this.#info, what);
  }

  /** The state of the link. Rates are since the last call. */
  async stats(): Promise<LinkStats> {
    const { stats, counters } = await this.#look(this.#counters);
    this.#counters = counters;
    return stats;
  }

  /** Looks at how good the link is, and which way it goes; true if that changed. @internal */
  async lookAtQuality(): Promise<boolean> {
    const [before, wayBefore] = [this.#quality, this.#way];
    if (this.link.state === 'connected') {
      const { stats, counters } = await this.#look(this.#qualityCounters);
      this.#qualityCounters = counters;
      this.#quality = judge(this.link.state, stats);
      this.#way = stats.path?.way;
    } else {
      this.#quality = judge(this.link.state, undefined);
      this.#way = undefined;
    }
    if (this.#way !== wayBefore) return true;
    return this.#quality.level !== before.level || this.#quality.reason !== before.reason;
  }

  async #look(before: Counters | undefined): Promise<{ stats: LinkStats; counters: Counters }> {
    const report: Record<string, unknown>[] = [];
    (await this.link.peerConnection.getStats()).forEach((entry: Record<string, unknown>) => report.push(entry));
    return summarize(report, performance.now(), before);
  }

  /** @internal */
  update(change: Partial<ParticipantInfo>): void {
    this.#info = { ...this.#info, ...change };
    for (const [source, { track }] of this.link.receivers) this.silence(source, track);
  }

  /** Whoever sends what they may not is neither seen nor heard, not even by who has the track already. @internal */
  silence(source: Source, track: MediaStreamTrack): void {
    track.enabled = this.may(permissionFor(source));
  }

  /** Measures their voice; true if `speaking` changed. @internal */
  measure(now: number): boolean {
    const isHeard = this.micinf && this.may('microphone');
    const [newest] = this.link.receivers.get('microphone')?.getSynchronizationSources?.() ?? [];
    this.#level = isHeard ? (newest?.audioLevel ?? 0) : 0;
    const before = this.#speaking;
    this.#speaking = this.#voice.update(now, this.#level);
    this.#speech.update(now, this.#speaking);
    return this.#speaking !== before;
  }
}
