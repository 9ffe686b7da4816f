import type { CallLogFile, LoggedConnection } from '@parley/client';
import { useState } from 'react';
import { inspector as words } from '../words/inspector';
import { Charts } from './Charts';
import { Ladder } from './Ladder';
import { ladderOf } from './rungs';
import { Overview } from './Overview';
import { PathView } from './PathView';
import { SdpView } from './SdpView';
import { Tabs } from './Tabs';
import styles from './InspectorView.module.css';

type View = 'steps' | 'charts' | 'path' | 'sdp';

/** One call log, drawn: live, from another tab or from a file. */
export function InspectorView({ log }: { readonly log: CallLogFile }) {
  const [chosen, setChosen] = useState<string>();
  const [view, setView] = useState<View>('steps');
  const signalling = log.connections.find(({ kind }) => kind === 'signalling');
  const peers = log.connections.filter(({ kind }) => kind === 'peer');
  const peer = peers.find(({ id }) => id === chosen) ?? peers.findLast(({ closed }) => !closed) ?? peers.at(-1);
  const rungs = ladderOf(signalling, peer);
  const dropped = peer?.dropped ?? 0;
  return (
    <div className={styles.view} data-testid="inspector">
      {peers.length > 1 && <PeerChoice peers={peers} peer={peer} onChoose={setChosen} />}
      {!peer && <p className={styles.note}>{words.nobodyYet}</p>}
      <section aria-label={words.overview}>
        <Overview signalling={signalling} peer={peer} rungs={rungs} />
      </section>
      <div>
        <Tabs
          label={words.views}
          tabs={(['steps', 'charts', 'path', 'sdp'] as const).map((name) => ({ name, label: words[name] }))}
          current={view}
          onChoose={setView}
        >
          <h2 className="unseen">{words[view]}</h2>
          {view === 'steps' && <Ladder rungs={rungs} />}
          {view === 'charts' && <Charts peer={peer} />}
          {view === 'path' && <PathView peer={peer} />}
          {view === 'sdp' && <SdpView key={peer?.id} peer={peer} />}
          {view === 'steps' && dropped > 0 && <p className={styles.note}>{words.dropped(dropped)}</p>}
        </Tabs>
      </div>
    </div>
  );
}

interface PeerChoiceProps {
  readonly peers: readonly LoggedConnection[];
  readonly peer: LoggedConnection | undefined;
  readonly onChoose: (id: string) => void;
}

function PeerChoice({ peers, peer, onChoose }: PeerChoiceProps) {
  return (
    <label className={styles.choice}>
      {words.connection}{' '}
      <select value={peer?.id} data-testid="inspector-peer" onChange={(event) => onChoose(event.currentTarget.value)}>
        {peers.map(({ id, name }) => (
          <option key={id} value={id}>
            {words.withPeer(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
