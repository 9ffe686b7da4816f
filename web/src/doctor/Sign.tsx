import { CheckIcon, CloseIcon, WarningIcon } from '../parts/icons';
import type { RowState } from './rows';
import styles from './Sign.module.css';

/** A state at a glance: by colour and by shape. Its words stand beside it. */
export function Sign({ state }: { readonly state: RowState }) {
  return (
    <span className={styles.sign} data-state={state} aria-hidden="true">
      {state === 'good' && <CheckIcon size={15} />}
      {state === 'poor' && <WarningIcon size={15} />}
      {state === 'bad' && <CloseIcon size={15} />}
    </span>
  );
}
