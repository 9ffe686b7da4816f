import { kDoctorSteps, verdictOf, type Findings, type Phases } from '@parley/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { codeWords } from '../words/doctor';
import { language } from '../words/language';
import { jsonReport, textReport } from './report';
import { rowsOf } from './rows';
import { doneOf, DoctorRun } from './run';

const phasesOf = (phase: 'waiting' | 'over') => Object.fromEntries(kDoctorSteps.map((step) => [step, phase])) as Phases;

const url = 'turn:h:3478?transport=udp';
const findings: Findings = {
  page: { origin: 'https://h', secure: true, webrtc: true, online: true },
  server: {
    state: 'ok',
    roundTrip: 12.4,
    info: {
      address: '198.51.100.7',
      port: 1,
      scheme: 'https',
      iceServers: [{ urls: ['stun:h:3478'] }, { urls: [url], username: 'u', credential: 'top secret' }],
      ports: { http: 8080, https: 443, stun: 3478, turnTls: null, media: [40000] },
      singlePort: false,
      publicAddress: null,
      warnings: [],
    },
  },
  websocket: { works: true, took: 31 },
  polling: { works: false },
  addresses: {
    types: ['host', 'srflx'],
    families: ['IPv4', 'IPv6'],
    mapped: [{ address: '2001:db8::7', port: 5, family: 'IPv6' }],
    stun: true,
    media: [{ port: 40000, reachable: false }],
    nat: 'independent',
  },
  relays: {
    udp: { url, state: 'works', took: 120, roundTrip: 8.25, jitter: 0.5, loss: 0, bandwidth: 23.4, errors: [] },
    tcp: { url, state: 'refused', errors: [{ code: 401, text: 'Unauthorized' }] },
  },
};
const over = { findings, phases: phasesOf('over'), verdict: verdictOf(findings) };

beforeEach(() => language.set('en'));

describe('the rows', () => {
  const told = (given = over) => rowsOf(given).map(({ step, state, text }) => `${step} ${state}: ${text}`);

  it('say in plain words how each way stands', () => {
    expect(told()).toEqual([
      'server good: Answers within 12 ms',
      'websocket good: Opens within 31 ms',
      'polling bad: Does not get through',
      'addresses poor: Open, behind a router that works with most calls',
      'udp good: 8 ms there and back, 0 % lost, 23.4 Mbit/s',
      'tcp bad: The relay refuses',
      'tls none: This server has none',
    ]);
  });

  it('have the numbers for who wants them', () => {
    const factsOf = (step: string) => rowsOf(over).find((row) => row.step === step)?.facts;
    expect(factsOf('udp')).toContainEqual(['Round trip', '8.3 ms']);
    expect(factsOf('tcp')).toContainEqual(['Error', '401: the login was not accepted (Unauthorized)']);
    expect(factsOf('addresses')).toContainEqual(['Public address', '[2001:db8::7]:5']);
    expect(factsOf('addresses')).toContainEqual(['Media, UDP 40000', 'no answer']);
  });

  it('wait, then run, before anything is known', () => {
    const phases = { ...phasesOf('waiting'), udp: 'packets' as const };
    const rows = rowsOf({ findings: undefined, phases, verdict: undefined });
    expect(rows.map(({ state }) => state)).toEqual([
      ...Array<string>(4).fill('waiting'),
      'running',
      'waiting',
      'waiting',
    ]);
    expect(rows[4]?.text).toBe('Counting packets…');
    expect(rowsOf({ findings: undefined, phases: undefined, verdict: undefined })[0]?.state).toBe('waiting');
  });

  it('tell blocked UDP, a relay that loses, one that is silent, and what could not be tried', () => {
    const { addresses, relays } = findings;
    if (!addresses || !relays?.udp) throw new Error('none');
    const bad: Findings = {
      ...findings,
      addresses: { ...addresses, nat: 'blocked', stun: false },
      relays: {
        udp: { ...relays.udp, loss: 7.25 },
        tcp: { url, state: 'silent', errors: [] },
        tls: { url, state: 'dead-end', errors: [] },
      },
    };
    const lines = told({ ...over, findings: bad });
    expect(lines[3]).toBe('addresses bad: UDP is blocked');
    expect(lines[4]).toBe('udp poor: 8 ms there and back, 7.3 % lost, 23.4 Mbit/s');
    expect(lines.slice(5)).toEqual(['tcp bad: No answer', 'tls bad: Answers, but lets nothing through']);
    const untrusted: Findings = { ...findings, relays: { udp: relays.udp, tls: { url, state: 'silent', errors: [] } } };
    expect(told({ ...over, findings: untrusted })[6]).toBe(
      'tls poor: No answer: it needs a certificate that browsers trust',
    );
    const deaf: Findings = { ...findings, relays: { tls: { url, state: 'silent', errors: [] } } };
    expect(told({ ...over, findings: deaf })[6]).toBe('tls bad: No answer');
    const { page } = findings;
    const none = told({ ...over, findings: { page, server: { state: 'unreachable' } } });
    expect(none.slice(0, 2)).toEqual(['server bad: Does not answer', 'websocket none: Could not be tried']);
    expect(told({ ...over, findings: { page, server: { state: 'refused' } } })[0]).toBe(
      'server poor: Only for who is logged in',
    );
  });
});

describe('the report', () => {
  const when = new Date('2026-11-28T20:15:00Z');

  it('holds the verdict, the rows and the lines, in the language of the moment', () => {
    const text = textReport(over, when, 'Browser/1');
    expect(text).toContain('Connection report for https://h\n2026-11-28T20:15:00.000Z, Browser/1\n');
    expect(text).toContain(
      'Calls will work, with restrictions\n- Restriction: UDP does not get through to the media ports',
    );
    expect(text).toContain('- Relay over UDP: works. 8 ms there and back');
    expect(text).toContain('    Round trip: 8.3 ms');
    expect(text).toContain('    ufw allow 40000/udp');
    language.set('de');
    expect(textReport(over, when, '')).toContain('Verbindungsbericht für https://h');
    expect(textReport({ ...over, verdict: undefined }, when, '')).toBe('');
  });

  it('gives no login away', () => {
    const json = jsonReport(over, when, 'Browser/1');
    expect(JSON.parse(json)).toMatchObject({
      when: when.toISOString(),
      verdict: { overall: 'restricted' },
      findings: { websocket: { works: true } },
    });
    expect(json + textReport(over, when, '')).not.toContain('top secret');
  });
});

describe('an error code', () => {
  it('is told in words', () => {
    expect(codeWords(701)).toBe('701: nothing answered');
    expect(codeWords(999)).toBe('999: an error');
  });
});

describe('a run', () => {
  it('begins anew as often as one likes, and nothing comes of what was stopped', async () => {
    const answers: ((response: Response) => void)[] = [];
    vi.stubGlobal('fetch', (target: URL) =>
      target.pathname === '/api/doctor'
        ? new Promise((resolve) => answers.push(resolve))
        : Promise.resolve(new Response('', { status: 404 })),
    );
    vi.stubGlobal('location', { href: 'https://h/doctor' });
    vi.stubGlobal('WebSocket', undefined);
    const run = new DoctorRun();
    run.start();
    run.start();
    answers[0]?.(new Response('', { status: 503 }));
    answers[1]?.(new Response('', { status: 401 }));
    await vi.waitFor(() => expect(run.store.get().verdict).toBeDefined());
    expect(run.store.get().findings?.server).toEqual({ state: 'refused' });
    expect(doneOf(run.store.get())).toEqual([7, 7]);
    run.start();
    expect(run.store.get().verdict).toBeUndefined();
    run.stop();
    answers[2]?.(new Response('', { status: 503 }));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(run.store.get().verdict).toBeUndefined();
    vi.unstubAllGlobals();
  });
});
