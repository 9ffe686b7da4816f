import Button from '@mui/material/Button';
import { navigate } from '../state/session';
import { common } from '../words/common';
import { doctor as words } from '../words/doctor';
import styles from './ReportActions.module.css';
import { jsonReport, textReport } from './report';
import type { Examination } from './run';
import { useCopy } from './use_copy';

interface Props {
  readonly examination: Examination;
  readonly onAgain: () => void;
}

/** Once it is over: anew, or on to the operator. */
export function ReportActions({ examination, onAgain }: Props) {
  const text = useCopy();
  const json = useCopy();
  const mustLogIn = examination.findings?.server?.state === 'refused';
  return (
    <div className={styles.actions}>
      {mustLogIn && (
        <Button variant="contained" data-testid="doctor-login" onClick={() => navigate('/account')}>
          {words.logIn}
        </Button>
      )}
      <Button variant={mustLogIn ? 'outlined' : 'contained'} data-testid="doctor-again" onClick={onAgain}>
        {words.again}
      </Button>
      <Button
        variant="outlined"
        data-testid="doctor-copy"
        onClick={() => void text.copy(textReport(examination, new Date(), navigator.userAgent))}
      >
        {text.copied ? common.copied : words.copyText}
      </Button>
      <Button
        data-testid="doctor-copy-json"
        onClick={() => void json.copy(jsonReport(examination, new Date(), navigator.userAgent))}
      >
        {json.copied ? common.copied : words.copyJson}
      </Button>
    </div>
  );
}
