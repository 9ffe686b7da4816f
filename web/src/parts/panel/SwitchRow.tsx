import { useId } from 'react';
import styles from './SwitchRow.module.css';

interface SwitchRowProps {
  readonly label: string;
  readonly text?: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly testId: string;
  readonly onChange: (on: boolean) => void;
}

/** Something that is on or off, in force as soon as it is touched. */
export function SwitchRow({ label, text, on, disabled = false, testId, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label className={styles.words} htmlFor={id}>
        <span id={`${id}-label`}>{label}</span>
        {text && <small id={`${id}-text`}>{text}</small>}
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles.switch}
        checked={on}
        disabled={disabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={text && `${id}-text`}
        data-testid={testId}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
