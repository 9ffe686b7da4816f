import type { LogEntry, LoggedConnection } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { stepMeanings, stepTitles } from '../words/inspector_steps';
import { language } from '../words/language';
import { fileNameOf } from './download';
import { duration, moment, quantity, scaled } from './format';
import { negotiationsOf } from './negotiations';
import { journeyOf } from './phases';
import { candidateText, ladderOf, pathText } from './rungs';
import { axisFor, pathThrough, scale } from './scales';
import { verdictsOf, type Verdict } from './verdicts';
import { kSteps } from '@parley/client';

const connection = (change: Partial<LoggedConnection>): LoggedConnection => ({
  ...{
    id: 'peer-1',
    kind: 'peer',
    sid: 'b',
    name: 'Bob',
    closed: false,
    dropped: 0,
    entries: [],
    samples: [],
    pairs: [],
  },
  ...change,
});
const at = (time: number, step: string, details: Partial<LogEntry> = {}): LogEntry => ({ at: time, step, ...details });
const kHost = { type: 'host', protocol: 'udp', family: 'IPv4', address: '192.0.2.7', port: 5000, priority: 1 } as const;

const signalling = connection({
  ...{ id: 'signalling', kind: 'signalling', name: '' },
  entries: [
    ...[at(0, 'opened'), at(80, 'page-ready'), at(85, 'socket-opening'), at(90, 'device-asked', { kind: 'camera' })],
    ...[at(120, 'socket-open', { kind: 'websocket' }), at(121, 'join-sent'), at(131, 'join-accepted', { count: 1 })],
    at(140, 'peer-joined', { name: 'Eve' }),
  ],
});
const peer = connection({
  entries: [
    ...[
      at(132, 'connection-made'),
      at(133, 'negotiation-needed'),
      at(140, 'offer-made', { sdp: 'v=0' }),
      at(141, 'offer-sent'),
    ],
    ...[
      at(180, 'answer-received', { sdp: 'v=0' }),
      at(190, 'answer-applied'),
      at(195, 'ice-checking'),
      at(230, 'ice-connected'),
    ],
    ...[
      at(230, 'pair-chosen', { pair: { local: kHost, remote: kHost } }),
      at(260, 'connected'),
      at(280, 'first-packet', { kind: 'video' }),
    ],
    at(310, 'first-frame', { kind: 'video' }),
  ],
});
const keysOf = (verdicts: readonly Verdict[]) => verdicts.map(({ key }) => key);

describe('ladderOf', () => {
  it('puts server and peer into one order, and leaves out who is not meant', () => {
    const rungs = ladderOf(signalling, peer);
    expect(rungs.map((rung) => rung.at)).toEqual(rungs.map((rung) => rung.at).toSorted((a, b) => a - b));
    expect(rungs.some(({ step }) => step === 'peer-joined')).toBe(false);
    expect(rungs[1]).toMatchObject({ step: 'page-ready', since: 80 });
    expect(rungs.find(({ step }) => step === 'offer-sent')).toMatchObject({ from: 'you', to: 'peer', byServer: true });
    expect(rungs.every(({ slow }) => slow === undefined)).toBe(true);
    expect(new Set(rungs.map(({ key }) => key)).size).toBe(rungs.length);
  });

  it('tells a slow step from its own beginning, only the first time, and a device from the other', () => {
    const slow = connection({
      ...signalling,
      entries: [
        ...[
          at(0, 'opened'),
          at(10, 'device-asked', { kind: 'camera' }),
          at(3000, 'device-asked', { kind: 'microphone' }),
        ],
        ...[at(3100, 'device-ready', { kind: 'microphone' }), at(3200, 'device-ready', { kind: 'camera' })],
        at(90_000, 'device-ready', { kind: 'camera' }),
      ],
    });
    expect(ladderOf(slow, undefined).map(({ slow: took }) => took)).toEqual([
      ...[undefined, undefined, undefined, undefined, 3190, undefined],
    ]);
  });

  it('draws what it does not know', () => {
    const rungs = ladderOf(undefined, connection({ entries: [at(5, 'moon-landed', { message: 'one step' })] }));
    expect(rungs).toMatchObject([{ step: 'moon-landed', from: 'you', to: 'you', detail: 'one step' }]);
  });

  it('shortens hidden names and brackets IPv6', () => {
    expect(
      candidateText({ ...kHost, family: 'mDNS', address: '3fa85f64-5717-4562-b3fc-2c963f66afa6.local' }),
    ).toContain('3fa85f64….local:5000');
    expect(candidateText({ ...kHost, family: 'IPv6', address: '2001:db8::1' })).toContain('[2001:db8::1]:5000');
  });

  it('says by what a relay is reached', () => {
    const relay = { ...kHost, type: 'relay', relayedBy: 'tls' };
    expect(candidateText(relay)).toMatch(/^relay\/tls · udp · /);
    expect(pathText(relay, kHost)).toBe('relay/tls → host, udp');
  });
});

describe('journeyOf', () => {
  it('divides the way to the first picture without a gap', () => {
    const { phases, total, waited } = journeyOf(signalling, peer);
    expect(phases.map(({ name }) => name)).toEqual([
      'page',
      'server',
      'join',
      'negotiation',
      'path',
      'keys',
      'media',
      'picture',
    ]);
    phases.slice(1).forEach((phase, index) => expect(phase.from).toBe(phases[index]?.to));
    expect(total).toBe(310);
    expect(waited).toBe(false);
  });

  it('counts from when the peer came, where we waited', () => {
    const waiting = connection({
      ...signalling,
      entries: [...signalling.entries, at(60_000, 'peer-joined', { name: 'Bob' })],
    });
    const late = connection({
      entries: [at(60_100, 'offer-received'), at(60_120, 'answer-made'), at(60_500, 'first-frame')],
    });
    const { phases, total, waited } = journeyOf(waiting, late);
    expect([total, waited]).toEqual([500, true]);
    expect(phases.find(({ name }) => name === 'waiting')).toMatchObject({ from: 131, to: 60_000 });
  });

  it('does not count it as a wait where both came at once', () => {
    const together = connection({
      ...signalling,
      entries: [...signalling.entries, at(140, 'peer-joined', { name: 'Bob' })],
    });
    expect(journeyOf(together, peer)).toMatchObject({ waited: false, total: 310 });
  });

  it('has no total before the first picture, and nothing to say of nothing', () => {
    expect(journeyOf(undefined, undefined)).toEqual({ phases: [], total: undefined, waited: false });
    expect(journeyOf(signalling, connection({})).total).toBeUndefined();
  });
});

describe('verdictsOf', () => {
  const judge = (change: Partial<LoggedConnection>, server = signalling) => {
    const judged = connection(change);
    return verdictsOf(server, judged, ladderOf(server, judged));
  };
  const sampled = (values: Record<string, number>, limitation = '') =>
    Array.from({ length: 20 }, (_, index) => ({ at: index * 1000, values, limitation }));

  it('finds a good call good', () => {
    expect(keysOf(judge(peer))).toEqual(['fine', 'direct']);
    expect(keysOf(verdictsOf(signalling, undefined, ladderOf(signalling, undefined)))).toEqual(['fine']);
  });

  it('tell which way media goes, and why', () => {
    const later = (...entries: LogEntry[]) => verdictsOf({ ...signalling, entries }, undefined, []);
    const toServer = at(5, 'topology', { kind: 'sfu', message: 'third' });
    const back = at(9, 'topology', { kind: 'p2p', message: 'left' });
    expect(later(toServer)).toContainEqual({ level: 'good', key: 'bySfu', text: 'third' });
    expect(later(toServer, back)).toContainEqual({ level: 'good', key: 'byMesh', text: 'left' });
  });

  it('names what makes a call slow, the worst first', () => {
    const entries = peer.entries.map((entry) =>
      entry.pair ? { ...entry, pair: { local: { ...kHost, type: 'relay', protocol: 'tcp' }, remote: kHost } } : entry,
    );
    const samples = sampled({ roundTrip: 300, lossIn: 4, lossOut: 30, jitter: 60, framesIn: 5 }, 'cpu');
    const verdicts = judge({ entries, samples });
    expect(new Set(keysOf(verdicts))).toEqual(
      new Set(['relay', 'tcp', 'far', 'lossIn', 'lossOut', 'jitter', 'frames', 'cpu']),
    );
    const levels = verdicts.map(({ level }) => level);
    expect(levels).toEqual([...levels].sort());
    expect(verdicts.find(({ key }) => key === 'far')).toMatchObject({ count: 300 });
  });

  it('warns of a relay that is reached by TCP or TLS, and not of one by UDP', () => {
    const by = (relayedBy: string) => ({ local: { ...kHost, type: 'relay', relayedBy }, remote: kHost });
    const judged = (relayedBy: string) =>
      keysOf(judge({ entries: peer.entries.map((entry) => (entry.pair ? { ...entry, pair: by(relayedBy) } : entry)) }));
    for (const relayedBy of ['tcp', 'tls']) expect(judged(relayedBy)).toContain('tcp');
    expect(judged('udp')).not.toContain('tcp');
  });

  it('tells a path that was not found, and one that broke and was mended', () => {
    const began = peer.entries.slice(0, 7);
    expect(keysOf(judge({ entries: [...began, at(9000, 'ice-failed')] }))).toContain('noPath');
    expect(keysOf(judge({ entries: [...began, at(300, 'candidates-ended', { side: 'local' })] }))).toContain(
      'noPublic',
    );
    expect(keysOf(judge({ entries: [...peer.entries, at(9000, 'ice-disconnected')] }))[0]).toBe('broken');
    const mended = [at(9000, 'ice-disconnected'), at(9100, 'ice-restart'), at(9500, 'ice-connected')];
    expect(keysOf(judge({ entries: [...peer.entries, ...mended] }))).toEqual(['restarts', 'direct']);
    expect(keysOf(judge({ entries: began }))).toEqual(['starting']);
  });

  it('speaks of server and devices, but not of a device that came after all', () => {
    const troubled = (...more: LogEntry[]) => connection({ ...signalling, entries: [...signalling.entries, ...more] });
    const failed = at(150, 'device-failed', { kind: 'camera', message: 'busy' });
    expect(keysOf(judge(peer, troubled(failed)))).toContain('device');
    expect(keysOf(judge(peer, troubled(failed, at(200, 'device-ready', { kind: 'camera' }))))).not.toContain('device');
    const lost = troubled(at(500, 'socket-lost'), at(900, 'socket-open', { kind: 'polling' }));
    expect(keysOf(judge(peer, lost))).toEqual(expect.arrayContaining(['lost', 'polling']));
  });
});

describe('charts', () => {
  it('have axes that end on round numbers and hold every value', () => {
    expect(axisFor([3, 17, null], 10)).toEqual({ max: 20, ticks: [0, 5, 10, 15, 20] });
    expect(axisFor([], 30).max).toBe(30);
    for (const top of [1, 7, 99, 1234, 2.6e6, 1e12]) {
      const { max, ticks } = axisFor([top], 1);
      expect(max).toBeGreaterThanOrEqual(top);
      expect(max).toBeLessThan(2 * top + 1);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
    expect(axisFor([NaN, Infinity, -5], 1).max).toBe(1);
  });

  it('map values to places, also a range without width', () => {
    expect(scale(5, [0, 10], [100, 0])).toBe(50);
    expect(scale(3, [3, 3], [0, 8])).toBe(4);
  });

  it('break their line where nothing is known', () => {
    const points = [{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }];
    expect(pathThrough(points)).toBe('M0 1L1 2M3 4h0.1');
    expect(pathThrough([])).toBe('');
  });
});

describe('numbers', () => {
  it('are written as people read them', () => {
    expect([4.4, 999.4, 1250, 59_900, 123_400].map(duration)).toEqual([
      '4 ms',
      '999 ms',
      '1.25 s',
      '59.9 s',
      '2 min 3 s',
    ]);
    expect([250, 61_000].map(moment)).toEqual(['250 ms', '1:01']);
    expect([0, 950, 1_250_000, 43_000_000].map((value) => scaled(value, 'bit/s'))).toEqual([
      ...['0 bit/s', '950 bit/s', '1.25 Mbit/s', '43.0 Mbit/s'],
    ]);
    expect([quantity(2.34, '%'), quantity(null, 'ms'), quantity(Infinity, 'ms'), quantity(30, 'fps')]).toEqual([
      '2.3 %',
      '–',
      '–',
      '30 fps',
    ]);
  });

  it('are written as the language of the page has them', () => {
    language.set('de');
    try {
      expect([1250, 123_400].map(duration)).toEqual(['1,25 s', '2 min 3 s']);
      expect([scaled(1_250_000, 'bit/s'), quantity(2.34, '%'), quantity(-3.5, 'dB')]).toEqual([
        ...['1,25 Mbit/s', '2,3 %', '-3,5 dB'],
      ]);
    } finally {
      language.set('en');
    }
  });

  it('make the name of a file, whatever the room is called', () => {
    expect(fileNameOf({ room: 'daily', startedAt: 0 })).toBe('parley-daily-1970-01-01T00-00.json');
    expect(fileNameOf({ room: '../../–', startedAt: 1e99 })).toBe('parley-.....json');
  });
});

describe('negotiationsOf', () => {
  it('pairs each offer with its answer', () => {
    expect(negotiationsOf(peer)).toMatchObject([{ offer: { at: 140, ours: true }, answer: { at: 180, ours: false } }]);
    const open = connection({ entries: [at(1, 'answer-made', { sdp: 'x' }), at(2, 'offer-received', { sdp: 'x' })] });
    expect(negotiationsOf(open)).toMatchObject([{ offer: { ours: false }, answer: undefined }]);
    expect(negotiationsOf(undefined)).toEqual([]);
  });
});

describe('words', () => {
  it('explain every step that a log can hold', () => {
    for (const step of kSteps) {
      expect(stepTitles[step], step).toMatch(/\S/);
      expect(stepMeanings[step], step).toMatch(/[.]$/);
    }
  });
});
