import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { forms } from '../../state/account/forms';
import { myRooms } from '../../state/account/my_rooms';
import { useStore } from '../../state/use_store';
import { account, rooms as words } from '../../words/account';
import { Card } from './Card';
import { FormField } from './FormField';
import formStyles from './Forms.module.css';
import { RoomRow } from './RoomRow';
import styles from './Rows.module.css';
import { TroubleNote } from './TroubleNote';
import { useForm } from './use_form';

/** The rooms that the account keeps, or belongs to. */
export function RoomsSection() {
  const { items, trouble } = useStore(myRooms);
  useEffect(() => void myRooms.load(), []);
  return (
    <>
      <p className={styles.lead}>{words.text}</p>
      <Card>
        <MakeRoom />
      </Card>
      <TroubleNote trouble={trouble} />
      {!items && !trouble && <p className={styles.lead}>{account.loading}</p>}
      {items?.length === 0 && (
        <Card title={words.none}>
          <p className={styles.detail}>{words.noneText}</p>
        </Card>
      )}
      {items?.map((room) => (
        <RoomRow key={room.name} room={room} />
      ))}
    </>
  );
}

function MakeRoom() {
  const { form, state, onSubmit } = useForm(forms.room, (sent) => sent.reset());
  return (
    <form className={formStyles.line} onSubmit={onSubmit} noValidate data-testid="room-form">
      <FormField form={form} field="name" label={words.name} hint={words.nameHint} code testId="room-name" />
      <Button type="submit" variant="contained" loading={state.busy} data-testid="room-submit">
        {words.make}
      </Button>
      <TroubleNote trouble={state.troubles.form} />
    </form>
  );
}
