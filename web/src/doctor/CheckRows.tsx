import { doctor as words, rowStates } from '../words/doctor';
import styles from './CheckRows.module.css';
import { rowsOf, type Row } from './rows';
import type { Examination } from './run';
import { Sign } from './Sign';

/** One row for each thing that was tried; more opens at a click. */
export function CheckRows({ examination }: { readonly examination: Examination }) {
  return (
    <section>
      <h2 className={styles.heading}>{words.checks}</h2>
      <ul className={styles.rows} data-testid="doctor-rows">
        {rowsOf(examination).map((row) => (
          <li key={row.step} className={styles.row} data-step={row.step} data-state={row.state}>
            {row.facts.length > 0 ? <Folded row={row} /> : <Summary row={row} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Folded({ row }: { readonly row: Row }) {
  return (
    <details>
      <summary className={styles.fold}>
        <Summary row={row} />
      </summary>
      <dl className={styles.facts}>
        {row.facts.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Summary({ row: { state, title, text } }: { readonly row: Row }) {
  return (
    <span className={styles.summary}>
      <Sign state={state} />
      <span className={styles.title}>{title}</span>
      <span className="unseen">{rowStates[state]}</span>
      <span className={styles.text}>{text}</span>
    </span>
  );
}
