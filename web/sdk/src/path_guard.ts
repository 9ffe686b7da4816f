/** What is seen of a path at one look. */
export interface PathSample {
  /** What carries it at our end, to the other side or to the relay; undefined while there is none. TLS is `tcp`. */
  readonly transport: 'udp' | 'tcp' | undefined;
  /** Counts all that ever came by it: as long as the path is alive, it grows. */
  readonly arrived: number;
  /** The same without the answers to our checks: those come by pairs, too, by which nothing is sent to us. */
  readonly carried: number;
  /** How many packets of sound and picture we have sent. */
  readonly sent: number;
  /** Share of packets lost since the last look, 0 to 1, in the worse direction. */
  readonly loss: number;
  /** In milliseconds. */
  readonly roundTripTime: number | undefined;
}

/**
 * Our part of the link. Two people are `first` and `polite`, who gives way where two offers cross. To the media server we are `sole`: it
 * restarts nothing, what it sends may have been lost on the way to it, and it owes something to who sends, but to nobody else.
 */
export type PathRole = 'first' | 'polite' | 'sole';

/**
 * What to do now:
 * - `restart`: look for a path anew (ICE restart), among all there are
 * - `avoid-udp`: look for a path anew among those over TCP and TLS alone
 * - `replace`: make a new peer connection, since the browser holds on to a path over UDP that is to be avoided
 * - `try-udp`: find out whether UDP carries to the server, and tell by {@link PathGuard.handleTrial}
 */
export type PathAction = 'restart' | 'avoid-udp' | 'replace' | 'try-udp';

/**
 * By which servers a path is to be looked for: all, those over TCP and TLS alone, or all but those. Where both are there,
 * browsers stop looking as soon as one of them leads anywhere, and that may be TCP; so to go back to UDP is to ask for it.
 */
export type ServersInUse = 'all' | 'tcp' | 'but-tcp';

/** How often to look, in milliseconds. */
export const kLookInterval = 1000;
/** Looks further apart than this tell nothing: the computer slept. */
const kMaxGap = 5000;
/** So many looks in a row that all saw something arrive: then a silence means something. */
const kSteady = 5;
/** Silence for so long is a path that broke, in milliseconds. Chromium takes 2.5 s to doubt one. */
const kSilence = 2000;
/** The polite side lets the other restart first: two offers that cross cost a round trip. */
const kGiveWay = 1000;
/** After a restart the next one of ours waits so long, and twice as long each time within {@link kCalm}, in milliseconds. */
const kRestartWait = 5000;
const kMaxRestartWait = 40_000;

/** Chromium stays on the old path as long as it answers, also where a restart found none but worse ones: so long we wait. */
const kMoveTime = 4000;

/** A path is bad beyond one of these. Congestion that we make ourselves is repaired by sending less long before. */
const kBadLoss = 0.12;
const kBadRoundTrip = 1000;
/** A round trip that always was long is none that turned bad. */
const kRoundTripJump = 4;
/** Bad for so long, in milliseconds, good times taken off: then UDP is tried aside, to see whether it is to blame. */
const kBadFor = 4000;
/** It is not, and still it is bad: after so long it is left all the same, since the other side does nothing; or tried again. */
const kPatience = 16_000;

/** On TCP, UDP is tried after so long, and twice as long after each time that this led nowhere, in milliseconds. */
export const kFirstTrial = 10_000;
export const kMaxTrial = 300_000;
/** So many good trials in a row bring us back; the second comes soon after the first. */
const kGoodTrials = 2;
const kNextTrial = 3000;
/** Who stays on UDP for so long is back for good; who leaves it earlier waits longer the next time. */
const kCalm = 60_000;

/**
 * Decides when the media path to one participant, or to the media server, leaves UDP for TCP or TLS, and when it goes back, so that nobody
 * has to press a button.
 *
 * A path that falls silent or fails is looked for anew among all there are: where UDP is blocked, ICE finds
 * the relay over TCP by itself. UDP that carries but loses much is avoided on purpose. As long as we are on TCP, UDP is
 * tried aside; ICE keeps the old path in use until the new one stands. Each move that did not last makes the next
 * attempt wait twice as long, so that nothing flaps.
 *
 * No spare pair stands ready beside the one in use: the README says why.
 *
 * It knows no browser and no clock: `now` is in milliseconds. Owner: PathKeeper.
 */
export class PathGuard {
  #lastLook: number | undefined;
  #arrived = 0;
  #steady = 0;
  #arrivedAt = 0;
  #sent = 0;
  #restartedAt = -Infinity;
  #restarts = 0;
  // How long it has been bad, good times taken off.
  #bad = 0;
  #bestRoundTrip = Infinity;
  #excused = false;
  #trying = false;
  #onUdpSince: number | undefined;
  #servers: ServersInUse = 'all';
  #trialWait = kFirstTrial;
  #nextTrial: number | undefined;
  #goodTrials = 0;

  /** `hasTcp`: whether there is a relay over TCP or TLS to fall back to. */
  constructor(
    private readonly hasTcp: () => boolean,
    private readonly role: PathRole = 'first',
  ) {}

  get servers(): ServersInUse {
    return this.#servers;
  }

  handleSample(now: number, sample: PathSample): PathAction | undefined {
    const gap = this.#lastLook === undefined ? Infinity : now - this.#lastLook;
    this.#lastLook = now;
    if (gap > kMaxGap) return void this.#begin(now, sample);
    this.#noteArrivals(now, sample);
    if (this.#isSilent(now)) return this.#breakOut(now);
    if (sample.transport === 'udp') return this.#onUdp(now, gap, sample);
    return sample.transport === 'tcp' ? this.#onTcp(now) : undefined;
  }

  /** The browser found the path broken, and a restart of ICE is under way: nothing is avoided any more. */
  handleFailure(now: number): void {
    this.#servers = 'all';
    this.#noteRestart(now);
  }

  /** How the trial went that was asked for. */
  handleTrial(now: number, carries: boolean): PathAction | undefined {
    this.#trying = false;
    if (this.#onUdpSince !== undefined) return carries ? undefined : this.#avoidUdp(now);
    if (!carries) {
      this.#goodTrials = 0;
      this.#putOffTrial(now);
      return undefined;
    }
    this.#goodTrials += 1;
    this.#nextTrial = now + kNextTrial;
    if (this.#goodTrials < kGoodTrials) return undefined;
    this.#goodTrials = 0;
    this.#putOffTrial(now); // In case that it does not last, or ICE finds none over UDP all the same.
    this.#servers = 'but-tcp';
    this.#noteRestart(now);
    return 'restart';
  }

  #begin(now: number, sample: PathSample): void {
    this.#arrived = this.#arrivedBy(sample);
    this.#sent = sample.sent;
    this.#arrivedAt = now;
    this.#steady = 0;
    this.#bad = 0;
  }

  // Chromium may go back to a pair of before the last restart, which the server answers and sends nothing by.
  #arrivedBy({ arrived, carried }: PathSample): number {
    return this.role === 'sole' ? carried : arrived;
  }

  #noteArrivals(now: number, sample: PathSample): void {
    const arrived = this.#arrivedBy(sample);
    // Counters of another pair may be smaller.
    const came = arrived !== this.#arrived;
    const isOwedNothing = this.role === 'sole' && sample.sent === this.#sent;
    this.#arrived = arrived;
    this.#sent = sample.sent;
    if (came) {
      this.#steady += 1;
      this.#arrivedAt = now;
    } else if (isOwedNothing) {
      this.#arrivedAt = now;
    } else if (this.#steady < kSteady) {
      this.#steady = 0;
    }
  }

  #isSilent(now: number): boolean {
    const isOwed = this.role === 'sole' || this.#steady >= kSteady;
    return isOwed && now - this.#arrivedAt >= kSilence + (this.role === 'polite' ? kGiveWay : 0);
  }

  // A restart that did not help shows in the connection's state, which its owner looks after.
  #breakOut(now: number): PathAction | undefined {
    const wait = Math.min(kRestartWait * 2 ** this.#restarts, kMaxRestartWait);
    if (now - this.#restartedAt < wait) return undefined;
    this.#servers = 'all';
    this.#noteRestart(now);
    return 'restart';
  }

  #noteRestart(now: number): void {
    this.#restarts = now - this.#restartedAt < kCalm ? this.#restarts + 1 : 0;
    this.#restartedAt = now;
    this.#steady = 0;
    this.#bad = 0;
  }

  #onUdp(now: number, gap: number, sample: PathSample): PathAction | undefined {
    this.#onUdpSince ??= now;
    this.#nextTrial = undefined;
    if (now - this.#onUdpSince >= kCalm) this.#trialWait = kFirstTrial;
    this.#noteQuality(gap, sample);
    if (this.#servers === 'tcp') return this.#insist(now);
    this.#servers = 'all'; // For the next time.
    if (!this.hasTcp()) return undefined;
    if (this.#bad >= kPatience) return this.#losePatience(now);
    if (this.#bad < kBadFor || this.#excused || this.#trying) return undefined;
    this.#excused = true;
    return this.#try();
  }

  #losePatience(now: number): PathAction | undefined {
    if (this.role !== 'sole') return this.#avoidUdp(now);
    this.#bad = 0;
    this.#excused = false;
    return undefined;
  }

  // The new path is on its way; if it does not come, the connection goes.
  #insist(now: number): PathAction | undefined {
    if (now - this.#restartedAt < kMoveTime) return undefined;
    this.#noteRestart(now);
    return 'replace';
  }

  #noteQuality(gap: number, { loss, roundTripTime = 0 }: PathSample): void {
    if (roundTripTime > 0) this.#bestRoundTrip = Math.min(this.#bestRoundTrip, roundTripTime);
    const jumped = roundTripTime > kBadRoundTrip && roundTripTime > this.#bestRoundTrip * kRoundTripJump;
    this.#bad = Math.max(0, this.#bad + (loss > kBadLoss || jumped ? gap : -gap));
    if (this.#bad === 0) this.#excused = false;
  }

  #onTcp(now: number): PathAction | undefined {
    this.#onUdpSince = undefined;
    this.#bad = 0;
    this.#excused = false;
    this.#nextTrial ??= now + this.#trialWait;
    return now >= this.#nextTrial && !this.#trying ? this.#try() : undefined;
  }

  #avoidUdp(now: number): PathAction {
    this.#servers = 'tcp';
    this.#excused = false;
    this.#noteRestart(now);
    return 'avoid-udp';
  }

  #try(): PathAction {
    this.#trying = true;
    return 'try-udp';
  }

  #putOffTrial(now: number): void {
    this.#trialWait = Math.min(this.#trialWait * 2, kMaxTrial);
    this.#nextTrial = now + this.#trialWait;
  }
}
