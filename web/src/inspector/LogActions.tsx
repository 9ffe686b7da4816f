import { exportCallLog, type CallLogFile } from '@parley/client';
import { useId, useState } from 'react';
import { inspector as words } from '../words/inspector';
import { download, fileNameOf } from './download';
import styles from './LogActions.module.css';

/** Gives the log away as a file. */
export function LogActions({ log }: { readonly log: CallLogFile }) {
  const [hideAddresses, setHideAddresses] = useState(false);
  const id = useId();
  return (
    <div className={styles.actions}>
      <button
        type="button"
        className={styles.button}
        data-testid="inspector-export"
        onClick={() => download(exportCallLog(log, { hideAddresses }), fileNameOf(log))}
      >
        {words.export}
      </button>
      <span className={styles.option}>
        <input
          id={id}
          type="checkbox"
          checked={hideAddresses}
          onChange={(event) => setHideAddresses(event.currentTarget.checked)}
        />
        <label htmlFor={id}>{words.exportHint}</label>
      </span>
    </div>
  );
}
