import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import type { Form } from '../../state/account/form';
import { useStore } from '../../state/use_store';
import { troubleWords } from '../../words/trouble';
import { useNow } from './use_now';

interface FormFieldProps<Field extends string> {
  readonly form: Form<Field>;
  readonly field: Field;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly type?: 'text' | 'password';
  /** For the browser and its password keeper: an `autocomplete` value. */
  readonly keeper?: string;
  /** It is no prose: the keyboard does not correct or capitalise it. */
  readonly code?: boolean;
  readonly end?: ReactNode;
  readonly testId: string;
}

/** One field of a form, with what is wrong with it. */
export function FormField<Field extends string>(props: FormFieldProps<Field>) {
  const { form, field, label, hint, type = 'text', keeper = 'off', code = false, end, testId } = props;
  const { values, troubles } = useStore(form);
  const trouble = troubles[field];
  const now = useNow(trouble?.kind === 'wait' ? trouble.until : 0);
  const bare = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false };
  return (
    <TextField
      fullWidth
      name={field}
      label={label}
      type={type}
      value={values[field]}
      error={trouble !== undefined}
      helperText={trouble ? troubleWords(trouble, now) : hint}
      onChange={(event) => form.change(field, event.target.value)}
      slotProps={{
        input: { endAdornment: end },
        htmlInput: { 'data-testid': testId, autoComplete: keeper, ...(code && bare) },
      }}
    />
  );
}
