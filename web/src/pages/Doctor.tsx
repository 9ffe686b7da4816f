import { useEffect, useState } from 'react';
import { CheckRows } from '../doctor/CheckRows';
import { OperatorLines } from '../doctor/OperatorLines';
import { ReportActions } from '../doctor/ReportActions';
import { DoctorRun } from '../doctor/run';
import { VerdictCard } from '../doctor/VerdictCard';
import { PageHeader } from '../parts/PageHeader';
import { Themed } from '../parts/Themed';
import { useStore } from '../state/use_store';
import { doctor as words } from '../words/doctor';
import styles from './Doctor.module.css';

/** Whether a call would work from here, why not, and what to change. */
export default function Doctor() {
  const [run] = useState(() => new DoctorRun());
  const examination = useStore(run.store);
  const { verdict } = examination;
  useEffect(() => {
    run.start();
    return () => run.stop();
  }, [run]);
  return (
    <Themed>
      <div className={styles.page}>
        <PageHeader />
        <main className={styles.main} data-testid="doctor" data-overall={verdict?.overall}>
          <div>
            <h1 className={styles.title}>{words.title}</h1>
            <p className={styles.lead}>{words.lead}</p>
          </div>
          <VerdictCard examination={examination} />
          {verdict && <ReportActions examination={examination} onAgain={() => run.start()} />}
          <CheckRows examination={examination} />
          {verdict && verdict.operator.length > 0 && <OperatorLines advice={verdict.operator} />}
        </main>
      </div>
    </Themed>
  );
}
