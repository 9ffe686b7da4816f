import Switch from '@mui/material/Switch';
import { useId } from 'react';
import styles from './SettingSwitch.module.css';

interface SettingSwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
  readonly testId: string;
}

/** One thing to switch on or off, with a sentence about what it does. */
export function SettingSwitch({ label, hint, on, disabled = false, onChange, testId }: SettingSwitchProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label className={styles.text} htmlFor={id}>
        <span className={styles.label}>{label}</span>
        <span className={styles.hint} id={`${id}-hint`}>
          {hint}
        </span>
      </label>
      <Switch
        checked={on}
        disabled={disabled}
        onChange={(_, checked) => onChange(checked)}
        slotProps={{
          input: { id, 'aria-describedby': `${id}-hint`, 'aria-label': label, 'data-testid': testId } as object,
        }}
      />
    </div>
  );
}
