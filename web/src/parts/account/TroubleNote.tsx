import { useState } from 'react';
import type { Trouble } from '../../state/account/trouble';
import { troubleWords } from '../../words/trouble';
import { WarningIcon } from '../icons';
import styles from './TroubleNote.module.css';
import { useNow } from './use_now';

/** What is wrong with a form or a list as a whole. A waiting time counts down. */
export function TroubleNote({ trouble }: { readonly trouble: Trouble | undefined }) {
  if (!trouble) return null;
  const key = trouble.kind === 'wait' ? trouble.until : trouble.kind;
  return (
    <div key={key} className={styles.note} role="alert" data-testid="trouble">
      <WarningIcon size={20} />
      {trouble.kind === 'wait' ? <Countdown trouble={trouble} /> : <p>{troubleWords(trouble, 0)}</p>}
    </div>
  );
}

// Read out once, not with each second.
function Countdown({ trouble }: { readonly trouble: Extract<Trouble, { kind: 'wait' }> }) {
  const now = useNow(trouble.until);
  const [first] = useState(now);
  return (
    <p>
      <span aria-hidden="true">{troubleWords(trouble, now)}</span>
      <span className="unseen">{troubleWords(trouble, first)}</span>
    </p>
  );
}
