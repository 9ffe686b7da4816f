import { Arrival } from '../arrival';
import { kHandoverInterval, kHandoverPatience } from '../handover';
import type { MediaPath, Report } from '../media_path';
import { countersOf, pictureOf, type Picture, type PictureCounters } from '../picture';
import type { PictureSource, Source, TileQuality, ViewSize } from '../protocol';
import { kGood } from '../quality';
import type { Slots } from '../server_link/slots';
import type { ViewReport } from '../server_link/view_report';

/**
 * - `off`: everybody comes by themselves
 * - `starting`: one stream is asked for; what was shown before is to stay until it is there
 * - `on`: everyone comes in one picture and one sound
 * - `ending`: everybody is asked for again; the one picture is to stay until theirs are there
 */
export type OneStreamState = 'off' | 'starting' | 'on' | 'ending';

/** One stream that is not there so long after it was asked for, by one of several, is given up, in milliseconds. */
export const kOneStreamPatience = 12_000;

/** From its first decoded frame a picture has so long to come into sight, in milliseconds, before what it follows goes. */
export const kIntoSight = 500;

/** A picture of somebody that is shown, and the way that it is to come. */
export interface ExpectedPicture {
  readonly source: PictureSource;
  readonly path: MediaPath;
}

export interface OneStreamOptions {
  readonly view: ViewReport;
  readonly slots: Slots;
  /** The statistics of the connection with the server. Rejects when it is closed meanwhile. */
  report(): Promise<Report[]>;
  /** Whether anybody else is there. */
  hasOthers(): boolean;
  /** Whether somebody's sound still comes straight from them. */
  hearsStraight(): boolean;
  /** What is to come in place of the one picture. */
  expected(): Iterable<ExpectedPicture>;
  /** These people's slots changed. */
  onSlots(sids: ReadonlySet<string>): void;
  onState(state: OneStreamState): void;
  /** The server gave none in time; tiles are asked for again. */
  onFailed(): void;
}

/**
 * Everyone in one picture and one sound, which the server makes: for a weak device or line. Both changes are make before
 * break: what is seen stays until the first picture of what comes, and nobody is heard twice.
 *
 * Owner: Ways.
 */
export class OneStream {
  readonly #options: OneStreamOptions;
  #available = false;
  #state: OneStreamState = 'off';
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #first: number | undefined;
  #arrived: number | undefined; // When.
  #arrivals = new Map<MediaPath, Arrival>();
  #told: TileQuality | undefined;
  #counters: PictureCounters | undefined;
  #picture: Picture | undefined;

  constructor(options: OneStreamOptions) {
    this.#options = options;
  }

  /** Whether the server makes it, as far as is known: not before the join is answered. */
  get available(): boolean {
    return this.#available;
  }

  get state(): OneStreamState {
    return this.#state;
  }

  /** Whether it is what the person is to see: asked for, and not asked away again. */
  get wanted(): boolean {
    return this.#state === 'starting' || this.#state === 'on';
  }

  /** Its picture. Its sound is among {@link Room.sounds}. */
  get track(): MediaStreamTrack | undefined {
    return this.#state === 'off' ? undefined : this.#options.slots.everyonesPicture;
  }

  /** How good the picture is, and what keeps it from being better; undefined while none arrives. */
  get picture(): Picture | undefined {
    return this.#state === 'off' ? undefined : this.#picture;
  }

  /** Asks for everyone in one picture, no larger than this (device pixels). Once more: for another size. */
  show(size: ViewSize): void {
    if (!this.#available) return;
    if (!this.wanted) this.#begin('starting');
    this.#options.view.setOneStream(size);
  }

  /** Asks for everybody by themselves again. */
  hide(): void {
    if (!this.wanted) return;
    const wasOn = this.#state === 'on';
    this.#options.view.setOneStream(undefined);
    if (wasOn) this.#begin('ending');
    else this.#end();
  }

  /** A join was accepted. @internal */
  welcome(available: boolean): void {
    this.#available = available;
    if (!available) this.#giveUp();
    else if (this.wanted) this.#options.view.renew();
  }

  /** The slots changed, or whose sound comes which way. @internal */
  update(): void {
    const sound = this.#options.slots.everyone('audio');
    if (sound) sound.track.enabled = !this.#options.hearsStraight();
    if (this.#state === 'on' && !this.#options.slots.everyone('video')) this.#begin('starting');
  }

  /** What the server told of the pictures that it sends us. @internal */
  setTold(tiles: readonly TileQuality[]): void {
    this.#told = tiles.find(({ oneStream }) => oneStream);
    if (!this.#told) return;
    const { width, height, fps: framesPerSecond, bitrate, limit, paused } = this.#told;
    this.#picture = { width, height, framesPerSecond, bitrate, limit, paused };
  }

  /** Takes in statistics of the connection with the server; `now` in milliseconds. @internal */
  lookAt(reports: readonly Report[], now: number): void {
    const report = this.#inbound(reports);
    const before = this.#counters;
    this.#counters = report && countersOf(report, now);
    if (!report && !this.#told) this.#picture = undefined;
    else this.#picture = pictureOf({ ...{ report, before, now: this.#counters, told: this.#told }, quality: kGood });
  }

  /** @internal */
  close(): void {
    clearTimeout(this.#timer);
    this.#options.view.close();
  }

  #begin(state: 'starting' | 'ending'): void {
    clearTimeout(this.#timer);
    this.#state = state;
    this.#since = performance.now();
    this.#first = this.#arrived = undefined;
    this.#arrivals = new Map();
    this.#options.slots.keep();
    this.#wait();
    this.#options.onState(state);
  }

  #wait(): void {
    this.#timer = setTimeout(() => void this.#look(), kHandoverInterval);
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const hasArrived = await (this.#state === 'starting' ? this.#hasStarted() : this.#hasEnded());
    if (timer !== this.#timer) return; // Something else was asked for meanwhile.
    const now = performance.now();
    if (hasArrived) this.#arrived ??= now;
    if (!this.#options.hasOthers()) this.#since = now; // The room goes by the server only for two.
    const isInSight = this.#arrived !== undefined && now - this.#arrived >= kIntoSight;
    const waited = this.#arrived === undefined ? now - this.#since : 0;
    if (this.#state === 'starting') {
      if (isInSight) return void this.#settle('on');
      if (waited >= kOneStreamPatience) return void this.#giveUp();
    } else if (isInSight || waited >= kHandoverPatience) {
      return void this.#end();
    }
    this.#wait();
  }

  // What the slot counted before the first look was somebody else's perhaps.
  async #hasStarted(): Promise<boolean> {
    if (!this.#options.slots.everyone('video')) return false;
    const report = this.#inbound(await this.#options.report().catch(() => []));
    if (!report) return false;
    const count = countersOf(report, 0).decoded;
    this.#first ??= count;
    return count > this.#first;
  }

  async #hasEnded(): Promise<boolean> {
    if (this.#options.view.tiles.length === 0) return false; // Nothing is drawn yet.
    const bySource = new Map<MediaPath, Source[]>();
    for (const { path, source } of this.#options.expected()) {
      bySource.set(path, [...(bySource.get(path) ?? []), source]);
    }
    const looks = [...bySource].map(async ([path, sources]) => {
      const arrival = this.#arrivals.get(path) ?? new Arrival();
      this.#arrivals.set(path, arrival);
      arrival.look(path, await path.report().catch(() => []));
      return arrival.has(sources);
    });
    return (await Promise.all(looks)).every((has) => has);
  }

  #inbound(reports: readonly Report[]): Report | undefined {
    const mid = this.#options.slots.everyone('video')?.mid;
    if (mid === undefined) return undefined;
    return reports.find((report) => report['type'] === 'inbound-rtp' && report['mid'] === mid);
  }

  #giveUp(): void {
    if (!this.wanted) return;
    this.hide();
    this.#options.onFailed();
  }

  #end(): void {
    this.#told = this.#counters = this.#picture = undefined;
    this.#settle('off');
  }

  #settle(state: 'on' | 'off'): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = state;
    const sids = this.#options.slots.release();
    this.#options.onSlots(sids);
    this.update();
    this.#options.onState(state);
  }
}
