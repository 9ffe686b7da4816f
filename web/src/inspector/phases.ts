import type { LoggedConnection, Step } from '@parley/client';

export type PhaseName = 'page' | 'server' | 'join' | 'waiting' | 'negotiation' | 'path' | 'keys' | 'media' | 'picture';

/** A stretch of the way from the opened link to the first picture, in milliseconds since the link. */
export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

export interface Journey {
  readonly phases: readonly Phase[];
  /** From the opened link, or from when the peer came, to the first picture; undefined before that. */
  readonly total: number | undefined;
  /** We were there first and waited: that is nobody's slowness. */
  readonly waited: boolean;
}

/** Each phase ends with the first of these steps; which they are is the order of a call. */
const kEnds: readonly (readonly [PhaseName, readonly Step[]])[] = [
  ['page', ['page-ready']],
  ['server', ['socket-open']],
  ['join', ['join-accepted']],
  ['waiting', ['peer-joined']],
  ['negotiation', ['answer-applied', 'answer-made']],
  ['path', ['ice-connected']],
  ['keys', ['connected']],
  ['media', ['first-packet']],
  ['picture', ['first-frame']],
];

/** Who comes so soon after us, in milliseconds, was not waited for. */
const kWait = 100;

/** Where the time went until the first picture of this peer. */
export function journeyOf(signalling: LoggedConnection | undefined, peer: LoggedConnection | undefined): Journey {
  const own = (signalling?.entries ?? []).filter(({ step, name }) => step !== 'peer-joined' || name === peer?.name);
  const entries = [...own, ...(peer?.entries ?? [])];
  const firstOf = (steps: readonly Step[]) =>
    Math.min(...entries.filter(({ step }) => steps.includes(step as Step)).map(({ at }) => at));
  const phases: Phase[] = [];
  let from = 0;
  for (const [name, steps] of kEnds) {
    const to = firstOf(steps);
    if (!Number.isFinite(to) || (name === 'waiting' && to - from < kWait)) continue;
    if (to > from) phases.push({ name, from, to });
    from = Math.max(from, to);
  }
  const picture = firstOf(['first-frame']);
  const wait = phases.find(({ name }) => name === 'waiting');
  const start = wait?.to ?? 0;
  const waited = wait !== undefined;
  return { phases, total: Number.isFinite(picture) ? picture - start : undefined, waited };
}
