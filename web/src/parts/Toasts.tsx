import { dismissToast, toasts, type Toast } from '../state/toasts';
import { useStore } from '../state/use_store';
import styles from './Toasts.module.css';

/** Short messages, read out as they come; some offer to do something about it. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastView({ toast: { key, text, tone, actions } }: { readonly toast: Toast }) {
  return (
    <div className={styles.toast} data-tone={tone} data-testid="toast">
      <p className={styles.text}>{text}</p>
      {actions.map(({ label, run, testId }) => (
        <button
          key={label}
          type="button"
          className={styles.action}
          data-testid={testId}
          onClick={() => {
            dismissToast(key);
            run();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
