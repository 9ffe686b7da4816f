import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallLog, kIdleInterval, kMaxConnections, kWatchedInterval } from './call_log';
import { kMaxDescriptions, kMaxFirstEntries, kMaxLastEntries, kMaxSamples } from './connection_log';

const makeLog = (began?: number) => new CallLog({ room: 'daily', name: 'Ada', began });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('CallLog', () => {
  it('counts from the opened link, and tells that the page had to load', () => {
    vi.advanceTimersByTime(250);
    const log = makeLog(0);
    expect(log.signalling.entries.map(({ step }) => step)).toEqual(['opened', 'page-ready']);
    expect(log.signalling.entries[0]?.at).toBe(0);
    expect(log.now).toBeGreaterThanOrEqual(250);
  });

  it('counts from now where a button was pressed', () => {
    expect(makeLog().signalling.entries.map(({ step }) => step)).toEqual(['opened']);
  });

  it('puts what came to light later where it belongs', () => {
    const log = makeLog().peer('sid-b', 'Bob');
    log.add('connected', {}, 100);
    log.add('first-frame', {}, 150);
    log.add('pair-chosen', {}, 100);
    log.add('ice-checking', {}, 20);
    expect(log.entries.map(({ step }) => step)).toEqual(['ice-checking', 'connected', 'pair-chosen', 'first-frame']);
  });

  it('keeps how a call began and what was last, and counts what it dropped', () => {
    const log = makeLog().peer('sid-b', 'Bob');
    const kMax = kMaxFirstEntries + kMaxLastEntries;
    for (let index = 0; index < kMax + 30; ++index) log.add('candidate-found', { count: index }, index);
    const { entries, dropped } = log.snapshot();
    expect(entries).toHaveLength(kMax);
    expect(dropped).toBe(30);
    expect(entries[kMaxFirstEntries - 1]?.count).toBe(kMaxFirstEntries - 1);
    expect(entries[kMaxFirstEntries]?.count).toBe(kMaxFirstEntries + 30);
    expect(entries.at(-1)?.count).toBe(kMax + 29);
  });

  it('keeps the text of the first descriptions and of the newest', () => {
    const log = makeLog().peer('sid-b', 'Bob');
    for (let index = 0; index < 20; ++index) log.add('offer-made', { sdp: `v=${index}` }, index);
    const kept = log.entries.flatMap(({ sdp }) => sdp ?? []);
    expect(kept).toHaveLength(kMaxDescriptions);
    expect(kept.slice(0, 4)).toEqual(['v=0', 'v=1', 'v=2', 'v=3']);
    expect(kept.at(-1)).toBe('v=19');
  });

  it('bounds what a peer can make it keep', () => {
    const call = makeLog();
    const log = call.peer('sid-b', 'Bob');
    log.add('offer-received', { sdp: 'x'.repeat(1 << 20), message: 'y'.repeat(1 << 20) });
    expect(JSON.stringify(log.snapshot()).length).toBeLessThan(70_000);
    for (let index = 0; index < 2 * kMaxSamples; ++index) log.addSample({ at: index, values: {}, limitation: '' });
    expect(log.snapshot().samples).toHaveLength(kMaxSamples);
    expect(log.snapshot().samples.at(-1)?.at).toBe(2 * kMaxSamples - 1);
  });

  it('lets go of connections that are over before one that lives', () => {
    const call = makeLog();
    const alive = call.peer('alive', 'Bob');
    for (let index = 0; index < 2 * kMaxConnections; ++index) call.peer(`sid-${index}`, 'Eve').closed = true;
    const { connections } = call.snapshot();
    expect(connections).toHaveLength(kMaxConnections + 1);
    expect(connections[1]?.sid).toBe(alive.sid);
  });

  it('reads statistics seldom, each second while someone watches, and not at all without a connection', () => {
    const log = makeLog();
    const sample = vi.fn(() => Promise.resolve());
    vi.advanceTimersByTime(10 * kIdleInterval);
    const stop = log.addSampled({ sample });
    vi.advanceTimersByTime(3 * kIdleInterval);
    expect(sample).toHaveBeenCalledTimes(3);
    const unwatch = log.watch(); // It looks at once.
    const unwatchToo = log.watch();
    sample.mockClear();
    vi.advanceTimersByTime(3 * kWatchedInterval);
    expect(sample).toHaveBeenCalledTimes(3);
    unwatch();
    unwatch(); // Twice is once.
    unwatchToo();
    sample.mockClear();
    vi.advanceTimersByTime(2 * kIdleInterval);
    expect(sample).toHaveBeenCalledTimes(2);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of each change', () => {
    const log = makeLog();
    const changed = vi.fn();
    log.on('change', changed);
    log.peer('sid-b', 'Bob').add('connected');
    expect(changed).toHaveBeenCalledTimes(1);
  });
});
