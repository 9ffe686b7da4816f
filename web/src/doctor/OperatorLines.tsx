import type { OperatorAdvice } from '@parley/client';
import { PillButton } from '../parts/panel/PillButton';
import { common } from '../words/common';
import { doctor as words } from '../words/doctor';
import { operatorWords } from '../words/doctor_verdict';
import styles from './OperatorLines.module.css';
import { useCopy } from './use_copy';

/** What to change at the server: a line each, to be copied. */
export function OperatorLines({ advice }: { readonly advice: readonly OperatorAdvice[] }) {
  return (
    <section data-testid="doctor-operator">
      <h2 className={styles.heading}>{words.forOperator}</h2>
      <ul className={styles.list}>
        {advice.map((one, index) => (
          <li key={index} className={styles.item} data-key={one.key}>
            <p>{operatorWords(one)}</p>
            {one.line !== undefined && <Line line={one.line} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ line }: { readonly line: string }) {
  const { copied, copy } = useCopy();
  return (
    <div className={styles.line}>
      <code className={styles.code}>{line}</code>
      <PillButton small label={words.copyLine(line)} onClick={() => void copy(line)}>
        {copied ? common.copied : words.copy}
      </PillButton>
    </div>
  );
}
