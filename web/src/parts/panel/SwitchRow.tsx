import { useId } from 'react';
import styles from './SwitchRow.module.css';

interface SwitchRowProps {
  readonly label: string;
  readonly text?: string;
  readonly on: boolean;
  readonly testId: string;
  readonly onChange: (on: boolean) => void;
}

/** Something that is on or off, in force as soon as it is touched. */
export function SwitchRow({ label, text, on, testId, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label className={styles.words} htmlFor={id}>
        {label}
        {text && <small>{text}</small>}
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.switch}
        checked={on}
        data-testid={testId}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
