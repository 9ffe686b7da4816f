import type { LogEntry, LoggedConnection, LogSample, Series, Step } from '@parley/client';
import { pathText, type Rung } from './rungs';

export type Level = 'good' | 'note' | 'bad';

/** One sentence for who wants to know why a call is slow: its key in the words, and what goes into it. */
export type Verdict = { readonly level: Level } & (
  | {
      readonly key:
        'fine' | 'starting' | 'tcp' | 'cpu' | 'bandwidth' | 'noPath' | 'noPublic' | 'stun' | 'broken' | 'polling';
    }
  | { readonly key: 'bySfu' | 'byMesh'; readonly text: string }
  | { readonly key: 'direct' | 'relay' | 'device' | 'error'; readonly text: string }
  | { readonly key: 'far' | 'jitter' | 'frames' | 'lost' | 'restarts'; readonly count: number }
  | { readonly key: 'lossIn' | 'lossOut'; readonly share: number }
  | { readonly key: 'slow'; readonly step: string; readonly took: number }
);

/** The statistics that count: half a minute at the usual pace. */
const kRecent = 15;
/** ITU-T G.114: beyond 150 ms one way people notice; beyond 3% loss, so does the decoder. */
const kFar = 250;
const kVeryFar = 500;
const kLoss = 3;
const kHeavyLoss = 10;
const kJitter = 40;
/** Fewer frames a second are no motion. */
const kFrames = 12;

/** What stands out in a call with one peer, the worst first. */
export function verdictsOf(
  signalling: LoggedConnection | undefined,
  peer: LoggedConnection | undefined,
  rungs: readonly Rung[],
): Verdict[] {
  const found = [
    ...(peer ? [...ofPath(peer), ...ofStatistics(peer.samples.slice(-kRecent))] : []),
    ...ofSignalling(signalling?.entries ?? []),
    ...rungs.flatMap(({ step, slow }): Verdict[] =>
      slow === undefined ? [] : [{ level: 'note', key: 'slow', step, took: slow }],
    ),
  ];
  const isConnected = peer?.entries.some(({ step }) => step === 'connected');
  if (peer && !isConnected && !found.some(({ level }) => level === 'bad'))
    found.push({ level: 'note', key: 'starting' });
  if (found.every(({ level }) => level === 'good')) found.unshift({ level: 'good', key: 'fine' });
  const rank: Record<Level, number> = { bad: 0, note: 1, good: 2 };
  return found.sort((a, b) => rank[a.level] - rank[b.level]);
}

function ofPath({ entries }: LoggedConnection): Verdict[] {
  const found: Verdict[] = [];
  const last = (...steps: Step[]) => entries.findLast(({ step }) => steps.includes(step as Step))?.step;
  const count = (step: Step) => entries.filter((entry) => entry.step === step).length;
  const chosen = entries.findLast(({ pair }) => pair)?.pair;
  const state = last('ice-checking', 'ice-connected', 'ice-disconnected', 'ice-failed');
  if (state === 'ice-failed') found.push({ level: 'bad', key: 'noPath' });
  if (state === 'ice-disconnected') found.push({ level: 'bad', key: 'broken' });
  if (chosen) {
    const text = pathText(chosen.local, chosen.remote);
    const isRelayed = chosen.local.type === 'relay' || chosen.remote.type === 'relay';
    found.push(isRelayed ? { level: 'note', key: 'relay', text } : { level: 'good', key: 'direct', text });
    if (['tcp', 'tls'].includes(chosen.local.relayedBy ?? chosen.local.protocol))
      found.push({ level: 'bad', key: 'tcp' });
  } else if (
    count('candidates-ended') > 0 &&
    !entries.some(({ candidate }) => candidate && candidate.type !== 'host')
  ) {
    found.push({ level: 'note', key: 'noPublic' });
  }
  if (count('candidate-error') > 0 && !chosen) found.push({ level: 'note', key: 'stun' });
  if (count('ice-restart') > 0) found.push({ level: 'note', key: 'restarts', count: count('ice-restart') });
  const error = entries.findLast(({ step }) => step === 'error');
  if (error) found.push({ level: 'bad', key: 'error', text: error.message ?? '' });
  return found;
}

function ofStatistics(samples: readonly LogSample[]): Verdict[] {
  const found: Verdict[] = [];
  const mean = (series: Series): number => {
    const values = samples
      .map(({ values }) => values[series])
      .filter((value): value is number => typeof value === 'number');
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  };
  const roundTrip = Math.round(mean('roundTrip'));
  if (roundTrip > kFar) found.push({ level: roundTrip > kVeryFar ? 'bad' : 'note', key: 'far', count: roundTrip });
  for (const key of ['lossIn', 'lossOut'] as const) {
    const share = mean(key);
    if (share > kLoss) found.push({ level: share > kHeavyLoss ? 'bad' : 'note', key, share });
  }
  if (mean('jitter') > kJitter) found.push({ level: 'note', key: 'jitter', count: Math.round(mean('jitter')) });
  const frames = mean('framesIn');
  if (frames > 0 && frames < kFrames) found.push({ level: 'note', key: 'frames', count: Math.round(frames) });
  for (const key of ['cpu', 'bandwidth'] as const) {
    const limited = samples.filter(({ limitation }) => limitation === key).length;
    if (limited * 3 > samples.length) found.push({ level: 'note', key });
  }
  return found;
}

function ofSignalling(entries: readonly LogEntry[]): Verdict[] {
  const found: Verdict[] = [];
  const lost = entries.filter(({ step }) => step === 'socket-lost').length;
  if (lost > 0) found.push({ level: 'note', key: 'lost', count: lost });
  const opened = entries.findLast(({ step }) => step === 'socket-open');
  if (opened?.kind === 'polling') found.push({ level: 'note', key: 'polling' });
  const topology = entries.findLast(({ step }) => step === 'topology');
  if (topology) {
    const key = topology.kind === 'sfu' ? 'bySfu' : 'byMesh';
    found.push({ level: 'good', key, text: topology.message ?? '' });
  }
  const failed = entries.findLast(({ step }) => step === 'device-failed');
  const isRepaired = entries.findLast(({ step, kind }) => step === 'device-ready' && kind === failed?.kind);
  if (failed && !(isRepaired && isRepaired.at > failed.at)) {
    found.push({ level: 'note', key: 'device', text: failed.message ?? failed.kind ?? '' });
  }
  return found;
}
