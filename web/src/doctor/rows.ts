import {
  kDoctorSteps,
  type AddressFinding,
  type DoorFinding,
  type Findings,
  type RelayFinding,
  type ServerFinding,
  type StepName,
} from '@parley/client';
import { decimal, duration, scaled } from '../inspector/format';
import { codeWords, facts as words, nats, phases as phaseWords, results, rows as titles } from '../words/doctor';
import type { Examination } from './run';

/** `none`: there is nothing of the kind. */
export type RowState = 'waiting' | 'running' | 'good' | 'poor' | 'bad' | 'none';

export interface Row {
  readonly step: StepName;
  readonly title: string;
  readonly state: RowState;
  readonly text: string;
  /** Names and values, for who wants to know more. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

type Told = Pick<Row, 'state' | 'text'> & Partial<Pick<Row, 'facts'>>;

/** What stands in each row, in the language of the moment. */
export function rowsOf({ findings, phases }: Examination): Row[] {
  return kDoctorSteps.map((step): Row => {
    const phase = phases?.[step] ?? 'waiting';
    const told = findings && ofFindings(step, findings);
    const base = { step, title: titles[step], facts: told?.facts ?? [] };
    if (phase === 'over') return { ...base, ...(told ?? { state: 'none', text: results.notTried }) };
    return { ...base, state: phase === 'waiting' ? 'waiting' : 'running', text: phaseWords[phase] };
  });
}

function ofFindings(step: StepName, findings: Findings): Told | undefined {
  const { server, websocket, polling, addresses, relays } = findings;
  switch (step) {
    case 'server':
      return server && ofServer(server);
    case 'websocket':
      return websocket && ofDoor(websocket);
    case 'polling':
      return polling && ofDoor(polling);
    case 'addresses':
      return addresses && ofAddresses(addresses);
    default: {
      const relay = relays?.[step];
      if (relay && step === 'tls' && relay.state === 'silent' && hasRelay(relays)) return ofUntrusted(relay);
      if (relay) return ofRelay(relay);
      return server?.info ? { state: 'none', text: results.relayNone } : undefined;
    }
  }
}

function ofServer({ state, info, roundTrip }: ServerFinding): Told {
  if (state === 'unreachable') return { state: 'bad', text: results.unreachable };
  if (!info) return { state: 'poor', text: results[state === 'ok' ? 'missing' : state] };
  const seen: [string, string] = [words.seenAs, `${info.address} (${info.scheme})`];
  if (roundTrip === undefined) return { state: 'good', text: results.reachable, facts: [seen] };
  return {
    state: 'good',
    text: results.answers(duration(roundTrip)),
    facts: [seen, [words.roundTrip, duration(roundTrip)]],
  };
}

function ofDoor({ works, took = 0 }: DoorFinding): Told {
  return works ? { state: 'good', text: results.opens(duration(took)) } : { state: 'bad', text: results.closed };
}

function ofAddresses({ types, families, mapped, stun, media, nat }: AddressFinding): Told {
  const answer = (reachable: boolean) => (reachable ? words.open : words.closed);
  const facts: [string, string][] = [
    [words.types, types.join(', ') || '–'],
    [words.families, families.join(', ') || '–'],
    ...mapped.map(({ address, port }): [string, string] => [
      words.mapped,
      address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
    ]),
    ...(stun === undefined ? [] : [[words.stun, answer(stun)] as [string, string]]),
    ...media.map(({ port, reachable }): [string, string] => [words.media(port), answer(reachable)]),
  ];
  if (stun === undefined) return { state: 'none', text: results.relayNone, facts };
  if (nat === 'blocked') return { state: 'bad', text: nats.blocked, facts };
  const isPart = nat === 'dependent' || !stun || media.some(({ reachable }) => !reachable);
  return { state: isPart ? 'poor' : 'good', text: nats[nat], facts };
}

/** Browsers do not say that it is the certificate which they refuse; where another relay answers, it most often is. */
function ofUntrusted(relay: RelayFinding): Told {
  return { ...ofRelay(relay), state: 'poor', text: results.relayUntrusted };
}

function hasRelay({ udp, tcp }: NonNullable<Findings['relays']>): boolean {
  return udp?.state === 'works' || tcp?.state === 'works';
}

function ofRelay(relay: RelayFinding): Told {
  const { url, state, took, roundTrip, jitter, loss, bandwidth, errors } = relay;
  const fact = (name: string, value: string | undefined): [string, string][] =>
    value === undefined ? [] : [[name, value]];
  const rate = bandwidth === undefined ? undefined : megabits(bandwidth);
  const share = loss === undefined ? undefined : percent(loss);
  const facts = [
    ...fact(words.url, url),
    ...fact(words.took, took === undefined ? undefined : duration(took)),
    ...fact(words.roundTrip, roundTrip === undefined ? undefined : fine(roundTrip)),
    ...fact(words.jitter, jitter === undefined ? undefined : fine(jitter)),
    ...fact(words.loss, share),
    ...fact(words.bandwidth, rate),
    ...errors.flatMap(({ code, text }) => fact(words.said, text ? `${codeWords(code)} (${text})` : codeWords(code))),
  ];
  if (state === 'refused') return { state: 'bad', text: results.relayRefused, facts };
  if (state === 'silent') return { state: 'bad', text: results.relaySilent, facts };
  if (state === 'dead-end') return { state: 'bad', text: results.relayDeadEnd, facts };
  if (roundTrip === undefined || share === undefined) {
    return { state: loss === undefined ? 'good' : 'poor', text: results.relayOpen(duration(took ?? 0)), facts };
  }
  const text = results.relayWorks(duration(roundTrip), share, rate ?? '–');
  return { state: loss !== undefined && loss > 3 ? 'poor' : 'good', text, facts };
}

const fine = (ms: number) => (ms < 10 ? `${decimal(ms, 1)} ms` : duration(ms));
const percent = (share: number) => `${decimal(share, share > 0 && share < 10 ? 1 : 0)} %`;
const megabits = (rate: number) => scaled(rate * 1e6, 'bit/s');
