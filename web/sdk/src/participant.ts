import { inboundOf, type MediaPath, type Report } from './media_path';
import { mayDo, permissionFor, type Permission } from './permissions';
import { countersOf, pictureOf, type Picture, type PictureCounters } from './picture';
import type { ParticipantInfo, Permissions, PictureSource, Role, Source, TileQuality } from './protocol';
import { judge, kGood, type ConnectionQuality } from './quality';
import { SpeechTime } from './speech_time';
import { summarize, type Counters, type LinkStats, type PathWay } from './stats';
import { VoiceActivity } from './voice_activity';

const kSources: readonly Source[] = ['microphone', 'camera', 'screen', 'screen-audio'];

/** Someone else in the room. Read it; only the Room changes it. */
export class Participant {
  readonly sid: string;
  #info: ParticipantInfo;
  #link: MediaPath;
  // The tracks that the application was told of.
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #pictures = new Map<PictureSource, Picture>();
  readonly #pictureCounters = new Map<PictureSource, PictureCounters>();
  #told: readonly TileQuality[] = [];
  #limitation: string | undefined;
  readonly #voice = new VoiceActivity();
  readonly #speech = new SpeechTime();
  #counters: Counters | undefined;
  #quality = kGood;
  #qualityCounters: Counters | undefined;
  #way: PathWay | undefined;
  #level = 0;
  #speaking = false;

  constructor(info: ParticipantInfo, link: MediaPath) {
    this.sid = info.sid;
    this.#info = info;
    this.#link = link;
  }

  /** The way that their sound and picture take: it changes when the room's topology does. */
  get link(): MediaPath {
    return this.#link;
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

  /** Whether they are a program, which publishes (WHIP) or plays (WHEP): nobody who could read or answer. */
  get program(): boolean {
    return this.#info.program ?? false;
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

  /** How good their picture is, and what keeps it from being better; undefined while none arrives. */
  picture(source: PictureSource): Picture | undefined {
    return this.#pictures.get(source);
  }

  /** Whether they are permitted something. */
  may(what: Permission): boolean {
    return mayDo(this.#info, what);
  }

  /** The state of the link. Rates are since the last call. */
  async stats(): Promise<LinkStats> {
    const { stats, counters } = summarize(await this.#link.report(), performance.now(), this.#counters);
    this.#counters = counters;
    return stats;
  }

  /** Looks at how good the link is, and which way it goes; true if that changed. @internal */
  async lookAtQuality(): Promise<boolean> {
    const [before, wayBefore] = [this.#quality, this.#way];
    const path = this.#link;
    if (path.state === 'connected') {
      const reports = await path.report();
      if (path !== this.#link) return false; // It was changed meanwhile.
      const { stats, counters } = summarize(reports, performance.now(), this.#qualityCounters);
      this.#qualityCounters = counters;
      this.#quality = judge(path.state, stats);
      this.#limitation = stats.limitation;
      this.#way = path.way === 'server' ? 'server' : stats.path?.way;
      this.#lookAtPictures(reports);
    } else {
      this.#quality = judge(path.state, undefined);
      this.#way = undefined;
    }
    if (this.#way !== wayBefore) return true;
    return this.#quality.level !== before.level || this.#quality.reason !== before.reason;
  }

  #lookAtPictures(reports: readonly Report[]): void {
    const inbound = inboundOf(this.#link, reports);
    for (const source of ['camera', 'screen'] as const) {
      const report = inbound.get(source);
      const told = this.#told.find((tile) => tile.source === source);
      const before = this.#pictureCounters.get(source);
      const now = report && countersOf(report, performance.now());
      if (now) this.#pictureCounters.set(source, now);
      else this.#pictureCounters.delete(source);
      if (report || told) {
        this.#pictures.set(source, pictureOf({ ...{ report, before, now, told }, quality: this.#quality }));
      } else {
        this.#pictures.delete(source);
      }
    }
  }

  /** Why they see us smaller than could be: W3C's `qualityLimitationReason`. @internal */
  get limitation(): string | undefined {
    return this.#link.way === 'direct' ? this.#limitation : undefined;
  }

  /** What the server told of the pictures that it sends us. @internal */
  setTold(tiles: readonly TileQuality[]): void {
    this.#told = tiles.filter(({ sid }) => sid === this.sid);
    for (const { source, width, height, fps: framesPerSecond, bitrate, limit, paused } of this.#told) {
      if (source === undefined) continue;
      const known = this.#pictures.get(source);
      if (known?.limit === 'processor' && !paused) continue; // Until the next look.
      this.#pictures.set(source, { width, height, framesPerSecond, bitrate, limit, paused });
    }
  }

  /** Their sound and picture are taken from another way from now on. @internal */
  follow(path: MediaPath): void {
    this.#link = path;
    this.#counters = this.#qualityCounters = undefined;
    this.#pictureCounters.clear();
    if (path.way === 'direct') this.#told = [];
  }

  /** What has changed about their tracks since the last call. @internal */
  takeTracks(): { readonly source: Source; readonly track: MediaStreamTrack | undefined }[] {
    return kSources.flatMap((source) => {
      const track = this.track(source);
      if (track === this.#tracks.get(source)) return [];
      if (track) this.#tracks.set(source, track);
      else this.#tracks.delete(source);
      return [{ source, track }];
    });
  }

  /** @internal */
  update(change: Partial<ParticipantInfo>): void {
    this.#info = { ...this.#info, ...change };
    for (const [source, { track }] of this.link.receivers) this.silence(source, track);
  }

  /**
   * Whoever sends what they may not is neither seen nor heard, not even by who has the track already; and nobody is
   * heard twice while their media comes both ways. @internal
   */
  silence(source: Source, track: MediaStreamTrack, path = this.#link): void {
    track.enabled = this.may(permissionFor(source)) && (track.kind === 'video' || path === this.#link);
  }

  /** They are gone: what the application was told of ends. @internal */
  endTracks(): Source[] {
    const sources = [...this.#tracks.keys()];
    this.#tracks.clear();
    return sources;
  }

  /** Measures their voice; `told`: whether the server hears them speak. True if `speaking` changed. @internal */
  measure(now: number, told?: boolean): boolean {
    const isHeard = this.micinf && this.may('microphone');
    const [newest] = this.link.receivers.get('microphone')?.getSynchronizationSources?.() ?? [];
    this.#level = isHeard ? (newest?.audioLevel ?? 0) : 0;
    const before = this.#speaking;
    const measured = this.#voice.update(now, this.#level);
    this.#speaking = told === undefined ? measured : told && isHeard;
    this.#speech.update(now, this.#speaking);
    return this.#speaking !== before;
  }
}
