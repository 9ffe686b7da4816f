import Button from '@mui/material/Button';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { useState } from 'react';
import { account } from '../../state/account/identity';
import { forms } from '../../state/account/forms';
import { useStore } from '../../state/use_store';
import { signIn as words } from '../../words/account';
import { FormField } from './FormField';
import { PasswordField } from './PasswordField';
import styles from './SignIn.module.css';
import { TroubleNote } from './TroubleNote';
import { useForm } from './use_form';

type Way = 'logIn' | 'register';

/** The way in: with the account one has, or with a new one. */
export function SignIn() {
  const { guests, registration } = useStore(account);
  const [way, setWay] = useState<Way>('logIn');
  return (
    <div className={styles.page}>
      <div className={styles.words}>
        <h1 className={styles.title}>{words.title}</h1>
        <p className={styles.why}>{words.why}</p>
        <p className={styles.why}>{guests ? words.guestsFine : words.guestsClosed}</p>
      </div>
      <div className={styles.card}>
        {registration && (
          <Tabs value={way} variant="fullWidth" aria-label={words.ways} onChange={(_, chosen: Way) => setWay(chosen)}>
            {(['logIn', 'register'] as const).map((name) => (
              <Tab
                key={name}
                value={name}
                label={words[name]}
                id={`way-${name}`}
                aria-controls="way-panel"
                data-testid={`way-${name}`}
              />
            ))}
          </Tabs>
        )}
        <div
          id="way-panel"
          className={styles.panel}
          {...(registration ? { role: 'tabpanel', 'aria-labelledby': `way-${way}` } : {})}
        >
          {way === 'logIn' ? <LogIn /> : <Register />}
          {!registration && <p className={styles.closed}>{words.closed}</p>}
        </div>
      </div>
    </div>
  );
}

function LogIn() {
  const { form, state, onSubmit } = useForm(forms.logIn);
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate data-testid="login">
      <TroubleNote trouble={state.troubles.form} />
      <FormField form={form} field="name" label={words.name} keeper="username" code testId="login-name" />
      <PasswordField
        form={form}
        field="password"
        label={words.password}
        keeper="current-password"
        testId="login-password"
      />
      <Button type="submit" variant="contained" size="large" loading={state.busy} data-testid="login-submit">
        {words.logIn}
      </Button>
    </form>
  );
}

function Register() {
  const { form, state, onSubmit } = useForm(forms.register);
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate data-testid="register">
      <TroubleNote trouble={state.troubles.form} />
      <FormField
        form={form}
        field="displayName"
        label={words.displayName}
        hint={words.displayNameHint}
        keeper="name"
        testId="register-display-name"
      />
      <FormField
        form={form}
        field="name"
        label={words.name}
        hint={words.nameHint}
        keeper="username"
        code
        testId="register-name"
      />
      <PasswordField
        form={form}
        field="password"
        label={words.password}
        hint={words.passwordHint}
        keeper="new-password"
        testId="register-password"
      />
      <Button type="submit" variant="contained" size="large" loading={state.busy} data-testid="register-submit">
        {words.register}
      </Button>
    </form>
  );
}
