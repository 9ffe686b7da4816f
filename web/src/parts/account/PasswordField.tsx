import { useState } from 'react';
import type { Form } from '../../state/account/form';
import { signIn as words } from '../../words/account';
import { EyeIcon, EyeOffIcon } from '../icons';
import { FormField } from './FormField';
import styles from './PasswordField.module.css';

interface PasswordFieldProps<Field extends string> {
  readonly form: Form<Field>;
  readonly field: Field;
  readonly label: string;
  readonly hint?: string;
  readonly keeper: 'current-password' | 'new-password';
  readonly testId: string;
}

/** A password, which one may look at. */
export function PasswordField<Field extends string>(props: PasswordFieldProps<Field>) {
  const [shown, setShown] = useState(false);
  return (
    <FormField
      {...props}
      code
      type={shown ? 'text' : 'password'}
      end={
        <button
          type="button"
          className={styles.eye}
          aria-label={shown ? words.hide : words.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOffIcon size={20} /> : <EyeIcon size={20} />}
        </button>
      }
    />
  );
}
