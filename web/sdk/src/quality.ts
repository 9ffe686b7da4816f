/** How good the connection with someone is. */
export type QualityLevel = 'good' | 'fair' | 'poor' | 'lost';

/**
 * Why it is not good:
 * - `loss`: packets do not arrive
 * - `delay`: they take long
 * - `jitter`: they come unevenly
 * - `bandwidth`: the line is too thin for the full picture
 * - `cpu`: this computer is too busy to send the full picture
 * - `interrupted`: the connection is being rebuilt
 */
export type QualityReason = 'loss' | 'delay' | 'jitter' | 'bandwidth' | 'cpu' | 'interrupted';

export interface ConnectionQuality {
  readonly level: QualityLevel;
  /** Undefined while it is good. */
  readonly reason: QualityReason | undefined;
}

export const kGood: ConnectionQuality = { level: 'good', reason: undefined };
