import type { Step } from '@parley/client';
import { useId, useState } from 'react';
import { ladder, slowness } from '../words/inspector';
import { stepMeanings, stepTitles } from '../words/inspector_steps';
import { duration, moment } from './format';
import { kGap, type Rung } from './rungs';
import styles from './Ladder.module.css';

/** What happened, step by step, between three lifelines: an ordered list, drawn as a ladder. */
export function Ladder({ rungs }: { readonly rungs: readonly Rung[] }) {
  const [explained, setExplained] = useState(true);
  const id = useId();
  return (
    <div className={styles.ladder} data-explained={explained}>
      <div className={styles.head}>
        <span className={styles.lifelines} aria-hidden="true" data-testid="lifelines">
          <b>{ladder.you}</b>
          <b>{ladder.server}</b>
          <b>{ladder.peer}</b>
        </span>
        <span className={styles.toggle}>
          <input
            id={id}
            type="checkbox"
            checked={explained}
            onChange={(event) => setExplained(event.currentTarget.checked)}
          />
          <label htmlFor={id}>{ladder.meanings}</label>
        </span>
      </div>
      <ol className={styles.rungs} data-testid="inspector-ladder">
        {rungs.map((rung, index) => (
          <RungItem key={rung.key} rung={rung} isFirst={index === 0} />
        ))}
      </ol>
    </div>
  );
}

function RungItem({ rung, isFirst }: { readonly rung: Rung; readonly isFirst: boolean }) {
  const { step, at, since, from, to, byServer, detail, slow } = rung;
  const isKnown = Object.hasOwn(stepTitles, step);
  const isAcross = from !== to;
  return (
    <li
      className={styles.rung}
      data-testid="inspector-step"
      data-step={step}
      data-at={at}
      data-slow={slow !== undefined}
    >
      {!isFirst && since >= kGap && (
        <span className={styles.gap}>
          <span>{ladder.gap(duration(since))}</span>
        </span>
      )}
      <time className={styles.time}>{moment(at)}</time>
      <span className={styles.lanes} aria-hidden="true">
        <span className={styles.mark} data-way={`${from}-${to}`} data-by-server={byServer} data-across={isAcross} />
      </span>
      <span className={styles.text}>
        <span className={styles.title}>
          <b>{isKnown ? stepTitles[step as Step] : step}</b>
          {isAcross && <span className="unseen">, {wayWords(rung)}</span>}
          {slow !== undefined && <em className={styles.slow}>{ladder.slow(duration(slow))}</em>}
        </span>
        {detail && <span className={styles.detail}>{detail}</span>}
        {slow !== undefined && Object.hasOwn(slowness, step) && (
          <span className={styles.reason}>{slowness[step as keyof typeof slowness]}</span>
        )}
        <span className={styles.meaning}>{isKnown ? stepMeanings[step as Step] : ladder.unknown}</span>
      </span>
    </li>
  );
}

function wayWords({ from, to, byServer }: Rung): string {
  if (from === 'you') {
    if (to === 'server') return ladder.toServer;
    return byServer ? ladder.toPeerByServer : ladder.toPeer;
  }
  if (from === 'server') return ladder.fromServer;
  return byServer ? ladder.fromPeerByServer : ladder.fromPeer;
}
