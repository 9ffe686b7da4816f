import type { LoggedConnection, Step, TopologyReason } from '@parley/client';
import { phases as phaseWords, topologyReasons, verdicts as words } from '../words/inspector';
import { stepTitles } from '../words/inspector_steps';
import { duration, quantity } from './format';
import type { Rung } from './rungs';
import { journeyOf, type Journey } from './phases';
import { verdictsOf, type Level, type Verdict } from './verdicts';
import styles from './Overview.module.css';

interface Props {
  readonly signalling: LoggedConnection | undefined;
  readonly peer: LoggedConnection | undefined;
  readonly rungs: readonly Rung[];
}

/** What stands out, and where the time went: what an operator looks at first. */
export function Overview({ signalling, peer, rungs }: Props) {
  const found = verdictsOf(signalling, peer, rungs);
  return (
    <div className={styles.overview}>
      {peer && <JourneyBar journey={journeyOf(signalling, peer)} name={peer.name} />}
      <ul className={styles.verdicts} data-testid="inspector-verdicts">
        {found.map((verdict, index) => (
          <li
            key={`${verdict.key}/${index}`}
            className={styles.verdict}
            data-level={verdict.level}
            data-key={verdict.key}
          >
            <span className={styles.sign} aria-hidden="true" />
            <span>
              <span className="unseen">{levelWords(verdict.level)}: </span>
              {sentenceOf(verdict)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function JourneyBar({ journey, name }: { readonly journey: Journey; readonly name: string }) {
  const { phases, total, waited } = journey;
  const counted = phases.filter((phase) => phase.name !== 'waiting');
  const sum = counted.reduce((all, { from, to }) => all + to - from, 0);
  const share = (from: number, to: number) => (sum > 0 ? Math.max(1.5, (100 * (to - from)) / sum) : 0);
  return (
    <section aria-label={phaseWords.heading}>
      <p className={styles.total} data-testid="inspector-total">
        {total === undefined
          ? phaseWords.notYet
          : waited
            ? phaseWords.totalAfterPeer(duration(total), name)
            : phaseWords.total(duration(total))}
      </p>
      <div className={styles.bar} aria-hidden="true">
        {counted.map(({ name: phase, from, to }) => (
          <span key={phase} className={styles.part} data-phase={phase} style={{ '--share': share(from, to) }} />
        ))}
      </div>
      <ul className={styles.legend}>
        {phases.map(({ name: phase, from, to }) => (
          <li key={phase} data-phase={phase}>
            {phaseWords[phase]} <b>{duration(to - from)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function levelWords(level: Level): string {
  return { good: words.levelGood, note: words.levelNote, bad: words.levelBad }[level];
}

function sentenceOf(verdict: Verdict): string {
  switch (verdict.key) {
    case 'bySfu':
    case 'byMesh':
      return words[verdict.key](verdict.text in topologyReasons ? topologyReasons[verdict.text as TopologyReason] : '');
    case 'direct':
    case 'relay':
    case 'device':
    case 'error':
      return words[verdict.key](verdict.text);
    case 'far':
    case 'jitter':
    case 'frames':
    case 'lost':
    case 'restarts':
      return words[verdict.key](verdict.count);
    case 'lossIn':
    case 'lossOut':
      return words[verdict.key](quantity(verdict.share, '%'));
    case 'slow': {
      const title = Object.hasOwn(stepTitles, verdict.step) ? stepTitles[verdict.step as Step] : verdict.step;
      return words.slow(title, duration(verdict.took));
    }
    default:
      return words[verdict.key];
  }
}
