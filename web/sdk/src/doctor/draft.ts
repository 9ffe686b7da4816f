import { kTransports, type Findings, type RelayFinding, type Transport } from './findings';

/** `unknown`: the server would not say what there is to try. */
export type Overall = 'good' | 'restricted' | 'fails' | 'unknown';

/** `note` says something, `limit` takes something away, `end` makes calls impossible. */
export type Weight = 'good' | 'note' | 'limit' | 'end';

/** A sentence by its key; its words are the app's. */
export interface Sentence {
  readonly weight: Weight;
  readonly key: SentenceKey;
  /** What goes into it: a name, an address, a number. */
  readonly value?: string;
}

export type SentenceKey =
  | 'all-good' | 'offline' | 'unreachable' | 'log-in' | 'no-doctor' | 'busy'
  | 'no-signalling' | 'polling-only' | 'no-polling' | 'no-webrtc' | 'insecure'
  | 'direct' | 'symmetric' | 'symmetric-no-relay' | 'udp-blocked' | 'no-stun' | 'media-blocked' | 'other-way'
  | 'relay-udp' | 'relay-tcp' | 'only-tls' | 'no-path' | 'no-relay' | 'relay-fails' | 'relay-refuses'
  | 'relay-full' | 'dead-end' | 'no-fallback' | 'far' | 'lossy' | 'slow'; // prettier-ignore

/** For the person in this network. */
export type PersonKey =
  | 'nothing' | 'check-connection' | 'log-in' | 'try-later' | 'other-browser' | 'use-https' | 'ask-websocket'
  | 'ask-udp' | 'ask-anything' | 'other-network' | 'closer'; // prettier-ignore

export interface PersonAdvice {
  readonly key: PersonKey;
  readonly value?: string;
}

/** For who runs the server: what for, and the line to type or to write into the configuration. */
export type OperatorKey =
  | 'running' | 'open-web' | 'update' | 'upgrade-header' | 'https' | 'open-stun' | 'open-relay-tcp' | 'open-relay-tls'
  | 'certificate' | 'open-media' | 'enable-turn' | 'enable-stun' | 'single-port' | 'announced' | 'clock' | 'quota'
  | 'warning'; // prettier-ignore

export interface OperatorAdvice {
  readonly key: OperatorKey;
  readonly line?: string;
  readonly value?: string;
}

export interface Verdict {
  readonly overall: Overall;
  readonly sentences: readonly Sentence[];
  readonly person: readonly PersonAdvice[];
  readonly operator: readonly OperatorAdvice[];
}

/** Where the judges write. What is said twice stands once. */
export class Draft {
  readonly sentences: Sentence[] = [];
  readonly person: PersonAdvice[] = [];
  readonly operator: OperatorAdvice[] = [];

  say(weight: Weight, key: SentenceKey, value?: string): void {
    this.sentences.push({ weight, key, ...(value === undefined ? {} : { value }) });
  }

  advise(key: PersonKey, value?: string): void {
    if (this.person.some((one) => one.key === key)) return;
    this.person.push({ key, ...(value === undefined ? {} : { value }) });
  }

  fix(key: OperatorKey, line?: string, value?: string): void {
    if (this.operator.some((one) => one.key === key && one.line === line && one.value === value)) return;
    this.operator.push({ key, ...(line === undefined ? {} : { line }), ...(value === undefined ? {} : { value }) });
  }
}

/** What a call through the relay would use. */
export function bestRelay(relays: Findings['relays']): RelayFinding | undefined {
  return kTransports.map((transport: Transport) => relays?.[transport]).find((relay) => relay?.state === 'works');
}

/** As Debian's and Ubuntu's firewall is told. */
export function allow(ports: number | string, protocol: 'udp' | 'tcp'): string {
  return `ufw allow ${ports}/${protocol}`;
}

export function portOf(origin: string): number {
  const { port, protocol } = new URL(origin);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
