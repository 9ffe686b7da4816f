import type { LinkState } from './peer_link';
import type { LinkStats } from './stats';

/** How good the connection with someone is. */
export type QualityLevel = 'good' | 'fair' | 'poor' | 'lost';

/**
 * Why it is not good:
 * - `loss`: packets do not arrive
 * - `delay`: they take long
 * - `jitter`: they come unevenly
 * - `interrupted`: the connection is being rebuilt
 */
export type QualityReason = 'loss' | 'delay' | 'jitter' | 'interrupted';

export interface ConnectionQuality {
  readonly level: QualityLevel;
  /** Undefined while it is good. */
  readonly reason: QualityReason | undefined;
}

export const kGood: ConnectionQuality = { level: 'good', reason: undefined };

/** How often it is looked at, in milliseconds. */
export const kQualityInterval = 3000;

const kRank: Record<QualityLevel, number> = { good: 0, fair: 1, poor: 2, lost: 3 };

/** Beyond the first of the two a call suffers, beyond the second it breaks up (after ITU-T G.114 and Y.1541). */
const kLimits = {
  loss: [0.03, 0.1],
  delay: [250, 500],
  jitter: [50, 120],
} as const;

/** Sums up a look at a link: the worst that is wrong with it. What holds our own picture back is `sendingLimit`, and not theirs. */
export function judge(state: LinkState, stats: LinkStats | undefined): ConnectionQuality {
  if (state === 'interrupted' || state === 'closed') return { level: 'lost', reason: 'interrupted' };
  if (!stats) return kGood;
  const found: ConnectionQuality[] = [
    grade('loss', Math.max(stats.lossIn, stats.lossOut)),
    grade('delay', stats.roundTripTime ?? 0),
    grade('jitter', stats.jitter),
  ];
  return found.reduce((worst, next) => (kRank[next.level] > kRank[worst.level] ? next : worst), kGood);
}

function grade(reason: keyof typeof kLimits, value: number): ConnectionQuality {
  const [fair, poor] = kLimits[reason];
  if (value > poor) return { level: 'poor', reason };
  return value > fair ? { level: 'fair', reason } : kGood;
}
