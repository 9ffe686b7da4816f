import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useEffect } from 'react';
import { forms } from '../../state/account/forms';
import { apiTokens, kTokenDays, newToken, revokeToken, type ApiToken } from '../../state/account/tokens';
import { ago, day } from '../../state/account/when';
import { copyText } from '../../state/clipboard';
import { toast } from '../../state/toasts';
import { useStore } from '../../state/use_store';
import { account, tokens as words } from '../../words/account';
import { common } from '../../words/common';
import { KeyIcon } from '../icons';
import { Card } from './Card';
import { FormField } from './FormField';
import formStyles from './Forms.module.css';
import styles from './Rows.module.css';
import { TroubleNote } from './TroubleNote';
import { useForm } from './use_form';
import { useNow } from './use_now';

/** What lets programs act for the account. */
export function TokensSection() {
  const { items, trouble } = useStore(apiTokens);
  useEffect(() => void apiTokens.load(), []);
  return (
    <>
      <p className={styles.lead}>{words.text}</p>
      <Card>
        <NewToken />
        <MakeToken />
      </Card>
      <Card>
        <TroubleNote trouble={trouble} />
        {!trouble && !items?.length && <p className={styles.detail}>{items ? words.none : account.loading}</p>}
        <ul className={styles.rows}>
          {items?.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      </Card>
    </>
  );
}

function MakeToken() {
  const { form, state, onSubmit } = useForm(forms.token, (sent) => sent.reset());
  return (
    <form className={formStyles.line} onSubmit={onSubmit} noValidate data-testid="token-form">
      <FormField form={form} field="name" label={words.name} testId="token-name" />
      <TextField
        select
        label={words.holds}
        value={state.values.days}
        onChange={(event) => form.change('days', event.target.value)}
        slotProps={{ select: { native: true }, htmlInput: { 'data-testid': 'token-days' } }}
      >
        {kTokenDays.map((days) => (
          <option key={days} value={days}>
            {days > 0 ? words.days(days) : words.forEver}
          </option>
        ))}
      </TextField>
      <Button type="submit" variant="contained" loading={state.busy} data-testid="token-submit">
        {words.make}
      </Button>
      <TroubleNote trouble={state.troubles.form} />
    </form>
  );
}

function NewToken() {
  const made = useStore(newToken);
  if (!made) return null;
  const copy = async () => {
    if (await copyText(made.token)) toast(common.copied);
  };
  return (
    <div className={styles.secret} role="status">
      <p>
        <strong>{words.made(made.name)}</strong>
      </p>
      <p>{words.once}</p>
      <code className={styles.code} data-testid="token-secret">
        {made.token}
      </code>
      <div className={formStyles.ways}>
        <Button variant="contained" data-testid="token-copy" onClick={() => void copy()}>
          {words.copy}
        </Button>
        <Button data-testid="token-done" onClick={() => newToken.set(undefined)}>
          {words.done}
        </Button>
      </div>
    </div>
  );
}

function Row({ one }: { readonly one: ApiToken }) {
  const now = useNow(0);
  const used = one.lastUsed === undefined ? words.unused : words.used(ago(one.lastUsed, now));
  const until = one.expires === undefined ? words.forEver : words.until(day(one.expires));
  return (
    <li className={styles.row} data-testid="token">
      <span className={styles.icon}>
        <KeyIcon size={22} />
      </span>
      <div className={styles.what}>
        <p className={styles.name}>{one.name}</p>
        <p className={styles.detail}>{`${until} · ${used}`}</p>
      </div>
      <Button
        color="error"
        aria-label={words.revokeNamed(one.name)}
        data-testid="token-revoke"
        onClick={() => void revokeToken(one.id)}
      >
        {words.revoke}
      </Button>
    </li>
  );
}
