import type { CandidateInfo, LoggedConnection, PairInfo } from '@parley/client';
import type { ReactNode } from 'react';
import { candidateTypes, pairStates, paths as words } from '../words/inspector';
import { duration, moment, scaled } from './format';
import styles from './PathView.module.css';
import { kindOf } from './rungs';

/** The addresses of both sides, the pairs that ICE made of them, and the one that carries the call. */
export function PathView({ peer }: { readonly peer: LoggedConnection | undefined }) {
  const entries = peer?.entries ?? [];
  const chosen = entries.findLast(({ pair }) => pair)?.pair;
  const candidates = entries.flatMap(({ at, step, candidate }) =>
    candidate ? [{ at, ours: step === 'candidate-found', candidate }] : [],
  );
  return (
    <div className={styles.path}>
      <h3>{words.chosen}</h3>
      {chosen ? <Chosen local={chosen.local} remote={chosen.remote} /> : <p>{words.none}</p>}
      <h3>{words.candidates}</h3>
      {candidates.length === 0 ? (
        <p>{words.noCandidates}</p>
      ) : (
        <Table
          testid="inspector-candidates"
          head={[words.time, words.whose, words.type, words.protocol, words.family, words.address, words.priority]}
          rows={candidates.map(({ at, ours, candidate }) => [
            moment(at),
            ours ? words.ours : words.theirs,
            <Kind key="kind" candidate={candidate} />,
            [candidate.protocol, candidate.tcpType].filter(Boolean).join(' '),
            candidate.family,
            addressOf(candidate),
            candidate.priority,
          ])}
        />
      )}
      <h3>{words.pairs}</h3>
      {peer && peer.pairs.length > 0 ? <Pairs pairs={peer.pairs} /> : <p>{words.none}</p>}
    </div>
  );
}

function Chosen({ local, remote }: { readonly local: CandidateInfo; readonly remote: CandidateInfo }) {
  return (
    <div className={styles.chosen} data-testid="inspector-chosen">
      <End title={words.local} candidate={local} />
      <span className={styles.way} data-protocol={local.protocol}>
        {local.protocol}
      </span>
      <End title={words.remote} candidate={remote} />
    </div>
  );
}

function End({ title, candidate }: { readonly title: string; readonly candidate: CandidateInfo }) {
  return (
    <div className={styles.end}>
      <b>{title}</b>
      <code>{addressOf(candidate)}</code>
      <Kind candidate={candidate} />
    </div>
  );
}

function Kind({ candidate }: { readonly candidate: CandidateInfo }) {
  const key = candidate.family === 'mDNS' ? candidate.family : candidate.type;
  return (
    <span className={styles.kind}>
      <b>{kindOf(candidate)}</b>
      {Object.hasOwn(candidateTypes, key) && <small>{candidateTypes[key as keyof typeof candidateTypes]}</small>}
    </span>
  );
}

function Pairs({ pairs }: { readonly pairs: readonly PairInfo[] }) {
  return (
    <Table
      testid="inspector-pairs"
      head={[words.state, words.local, words.remote, words.checks, words.roundTrip, words.carried]}
      rows={pairs.map((pair) => [
        <span key="state" className={styles.state} data-state={pair.state} data-selected={pair.selected}>
          {Object.hasOwn(pairStates, pair.state) ? pairStates[pair.state as keyof typeof pairStates] : pair.state}
        </span>,
        shortOf(pair.local),
        shortOf(pair.remote),
        `${pair.requestsSent}/${pair.responsesReceived}`,
        pair.roundTripTime === null ? '–' : duration(pair.roundTripTime),
        scaled(pair.bytesSent + pair.bytesReceived, 'B'),
      ])}
    />
  );
}

interface TableProps {
  readonly testid: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

function Table({ testid, head, rows }: TableProps) {
  return (
    <div className={styles.scroll}>
      <table data-testid={testid}>
        <thead>
          <tr>
            {head.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function addressOf({ address, family, port }: CandidateInfo): string {
  if (!address) return words.hidden;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function shortOf(candidate: CandidateInfo): string {
  return `${kindOf(candidate)} ${candidate.protocol} ${addressOf(candidate)}`;
}
