import Button from '@mui/material/Button';
import type { User } from '@parley/client';
import { useState } from 'react';
import { forms } from '../../state/account/forms';
import { forgetAccount } from '../../state/account/leave';
import { toast } from '../../state/toasts';
import { profile as words, signIn } from '../../words/account';
import { common } from '../../words/common';
import { Card } from './Card';
import { FormField } from './FormField';
import { PasswordField } from './PasswordField';
import styles from './Forms.module.css';
import { TroubleNote } from './TroubleNote';
import { useForm } from './use_form';

/** One's name, one's password, and the end of it all. */
export function ProfileSection({ user }: { readonly user: User }) {
  return (
    <>
      <Name user={user} />
      <Password user={user} />
      <Removal />
    </>
  );
}

function Name({ user }: { readonly user: User }) {
  const { form, state, onSubmit } = useForm(
    () => forms.profile(user.displayName),
    () => toast(words.nameSaved),
  );
  return (
    <Card title={words.nameTitle} text={`${words.nameText} ${words.accountName(user.name)}`}>
      <form className={styles.form} onSubmit={onSubmit} noValidate data-testid="profile">
        <TroubleNote trouble={state.troubles.form} />
        <FormField form={form} field="displayName" label={signIn.displayName} keeper="name" testId="profile-name" />
        <Button type="submit" variant="contained" loading={state.busy} data-testid="profile-submit">
          {common.save}
        </Button>
      </form>
    </Card>
  );
}

function Password({ user }: { readonly user: User }) {
  const { form, state, onSubmit } = useForm(forms.password, (sent) => {
    sent.reset();
    toast(words.changed);
  });
  return (
    <Card title={words.passwordTitle} text={words.passwordText}>
      <form className={styles.form} onSubmit={onSubmit} noValidate data-testid="password">
        <TroubleNote trouble={state.troubles.form} />
        {/* So that a password keeper knows whose it is. */}
        <input type="hidden" autoComplete="username" value={user.name} readOnly />
        <PasswordField
          form={form}
          field="current"
          label={words.current}
          keeper="current-password"
          testId="password-current"
        />
        <PasswordField
          form={form}
          field="new"
          label={words.next}
          hint={signIn.passwordHint}
          keeper="new-password"
          testId="password-new"
        />
        <PasswordField form={form} field="again" label={words.again} keeper="new-password" testId="password-again" />
        <Button type="submit" variant="contained" loading={state.busy} data-testid="password-submit">
          {words.change}
        </Button>
      </form>
    </Card>
  );
}

// Asked for twice: by a button, then by the password.
function Removal() {
  const [sure, setSure] = useState(false);
  const { form, state, onSubmit } = useForm(forms.remove, () => {
    forgetAccount();
    toast(words.removed);
  });
  return (
    <Card title={words.removeTitle} text={words.removeText} danger>
      {sure ? (
        <form className={styles.form} onSubmit={onSubmit} noValidate data-testid="removal">
          <TroubleNote trouble={state.troubles.form} />
          <PasswordField
            form={form}
            field="password"
            label={signIn.password}
            keeper="current-password"
            testId="removal-password"
          />
          <div className={styles.ways}>
            <Button type="submit" variant="contained" color="error" loading={state.busy} data-testid="removal-submit">
              {words.remove}
            </Button>
            <Button onClick={() => setSure(false)}>{common.cancel}</Button>
          </div>
        </form>
      ) : (
        <Button variant="outlined" color="error" data-testid="removal-ask" onClick={() => setSure(true)}>
          {words.remove}
        </Button>
      )}
    </Card>
  );
}
