import { doctor as words, overall as overallWords, weights } from '../words/doctor';
import { personWords, sentenceWords } from '../words/doctor_verdict';
import { doneOf, type Examination } from './run';
import { Sign } from './Sign';
import styles from './VerdictCard.module.css';

/** How far it is; then what it means, and what the person can do. */
export function VerdictCard({ examination }: { readonly examination: Examination }) {
  const { verdict } = examination;
  const [done, all] = doneOf(examination);
  return (
    <section className={styles.card} data-overall={verdict?.overall ?? 'running'} data-testid="doctor-verdict">
      <div role="status">
        <h2 className={styles.heading}>{verdict ? overallWords[verdict.overall] : words.running}</h2>
        {!verdict && <p className={styles.soft}>{words.runningHint}</p>}
        {!verdict && <p className="unseen">{words.progress(done, all)}</p>}
      </div>
      {!verdict && (
        <div className={styles.track} aria-hidden="true">
          <span className={styles.bar} style={{ '--share': (done + 0.5) / all }} />
        </div>
      )}
      {verdict && (
        <ul className={styles.list}>
          {verdict.sentences.map((sentence) => (
            <li key={sentence.key} className={styles.sentence} data-key={sentence.key}>
              <Sign state={({ good: 'good', note: 'none', limit: 'poor', end: 'bad' } as const)[sentence.weight]} />
              <span>
                <span className="unseen">{weights[sentence.weight]}: </span>
                {sentenceWords(sentence)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {verdict && verdict.person.some(({ key }) => key !== 'nothing') && (
        <div className={styles.advice}>
          <h3 className={styles.subheading}>{words.forPerson}</h3>
          <ul className={styles.plain}>
            {verdict.person.map((advice) => (
              <li key={advice.key}>{personWords(advice)}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
