import { common } from '../../words/common';
import { CloseIcon } from '../icons';
import styles from './DialogHead.module.css';

interface DialogHeadProps {
  /** What `aria-labelledby` of the dialog names. */
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** A dialog's title, and the way out of it. */
export function DialogHead({ id, title, onClose }: DialogHeadProps) {
  return (
    <header className={styles.head}>
      <h2 className={styles.title} id={id}>
        {title}
      </h2>
      <button
        type="button"
        className={styles.close}
        aria-label={common.close}
        data-testid="dialog-close"
        onClick={onClose}
      >
        <CloseIcon size={22} />
      </button>
    </header>
  );
}
