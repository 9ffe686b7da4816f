import type { Report } from './media_path';
import type { ConnectionQuality } from './quality';
import type { TileQuality } from './protocol';

/**
 * What keeps a picture from being better:
 * - `none`: nothing does
 * - `sender`: what its sender's line, computer or camera gives
 * - `server`: the server is busy
 * - `downlink`: our line
 * - `processor`: our computer cannot decode it in time
 * - `path`: the line between us, where it comes straight from them
 * - `tile`: it is as large as it is shown
 * - `policy`: the room's, or the server's, rules
 */
export type PictureLimit = 'none' | 'sender' | 'server' | 'downlink' | 'processor' | 'path' | 'tile' | 'policy';

/** What keeps our own picture from being better: our line, or our computer. */
export type SendingLimit = 'none' | 'uplink' | 'processor';

/** Somebody's picture as it arrives. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Bits a second; undefined where it is not known yet. */
  readonly bitrate: number | undefined;
  readonly limit: PictureLimit;
  /** It is not sent just now, because of `limit`. */
  readonly paused: boolean;
}

/** Counters of one look, from which the next makes rates. */
export interface PictureCounters {
  readonly at: number;
  readonly bytes: number;
  readonly decoded: number;
  readonly dropped: number;
  /** Seconds spent decoding. */
  readonly decodeTime: number;
}

/** Dropped so often, of the frames that came, a picture stutters. */
const kDroppedShare = 0.15;
/** A decoder that takes this share of the time cannot keep up. */
const kBusyShare = 0.9;
/** Fewer frames than this say nothing. */
const kFewFrames = 10;

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function countersOf(report: Report, now: number): PictureCounters {
  return {
    at: now,
    bytes: number(report['bytesReceived']),
    decoded: number(report['framesDecoded']),
    dropped: number(report['framesDropped']),
    decodeTime: number(report['totalDecodeTime']),
  };
}

/** W3C's `qualityLimitationReason` of what we send, the worst of all pictures. */
export function sendingLimitOf(reasons: Iterable<unknown>): SendingLimit {
  const found = new Set(reasons);
  return found.has('cpu') ? 'processor' : found.has('bandwidth') ? 'uplink' : 'none';
}

/** Whether this computer is what keeps a picture from being smooth, between two looks. */
export function isProcessorBusy(before: PictureCounters, now: PictureCounters): boolean {
  const decoded = now.decoded - before.decoded;
  const dropped = now.dropped - before.dropped;
  const seconds = (now.at - before.at) / 1000;
  if (decoded + dropped < kFewFrames || seconds <= 0) return false;
  return dropped / (decoded + dropped) > kDroppedShare || (now.decodeTime - before.decodeTime) / seconds > kBusyShare;
}

export interface PictureFacts {
  readonly report: Report | undefined;
  readonly before: PictureCounters | undefined;
  readonly now: PictureCounters | undefined;
  /** What the server told of it; undefined where it does not come by the server. */
  readonly told: TileQuality | undefined;
  readonly quality: ConnectionQuality;
}

/** Sums up what is known of a picture: the newest look at it, and what the server told. */
export function pictureOf({ report, before, now, told, quality }: PictureFacts): Picture {
  const seconds = before && now ? (now.at - before.at) / 1000 : 0;
  const bitrate = before && now && seconds > 0 ? Math.max(0, ((now.bytes - before.bytes) * 8) / seconds) : undefined;
  return {
    width: number(report?.['frameWidth']) || (told?.width ?? 0),
    height: number(report?.['frameHeight']) || (told?.height ?? 0),
    framesPerSecond: Math.round(number(report?.['framesPerSecond']) || (told?.fps ?? 0)),
    bitrate: bitrate ?? told?.bitrate,
    limit: limitOf(told, quality, before !== undefined && now !== undefined && isProcessorBusy(before, now)),
    paused: told?.paused ?? false,
  };
}

function limitOf(told: TileQuality | undefined, quality: ConnectionQuality, busy: boolean): PictureLimit {
  if (told?.paused) return told.limit;
  if (busy) return 'processor';
  if (told) return told.limit;
  return quality.level === 'good' ? 'none' : 'path';
}
