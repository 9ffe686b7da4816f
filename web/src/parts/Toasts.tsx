import { toasts } from '../state/toasts';
import { useStore } from '../state/use_store';
import styles from './Toasts.module.css';

/** Short messages, read out as they come. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <p key={id} className={styles.toast} data-tone={tone} data-testid="toast">
          {text}
        </p>
      ))}
    </div>
  );
}
