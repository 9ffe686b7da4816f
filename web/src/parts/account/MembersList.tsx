import Button from '@mui/material/Button';
import type { Role } from '@parley/client';
import { useEffect, useState } from 'react';
import { forms } from '../../state/account/forms';
import { Members, type Member } from '../../state/account/my_rooms';
import { useStore } from '../../state/use_store';
import { account, roomSettings as words, rooms } from '../../words/account';
import { Avatar } from '../Avatar';
import { FormField } from './FormField';
import formStyles from './Forms.module.css';
import styles from './MembersList.module.css';
import { TroubleNote } from './TroubleNote';
import { useForm } from './use_form';

interface MembersListProps {
  readonly room: string;
  readonly mayChange: boolean;
}

/** The accounts that belong to a room; its owner changes who does. */
export function MembersList({ room, mayChange }: MembersListProps) {
  const [members] = useState(() => new Members(room));
  const { items, trouble } = useStore(members);
  useEffect(() => void members.load(), [members]);
  return (
    <div className={styles.members}>
      <TroubleNote trouble={trouble} />
      {!trouble && !items?.length && <p className={styles.none}>{items ? words.noMembers : account.loading}</p>}
      <ul className={styles.list}>
        {items?.map((member) => (
          <Row key={member.user} member={member} members={mayChange ? members : undefined} />
        ))}
      </ul>
      {mayChange && <AddMember members={members} />}
    </div>
  );
}

function Row({ member, members }: { readonly member: Member; readonly members: Members | undefined }) {
  const { user, displayName, role } = member;
  return (
    <li className={styles.row} data-testid="member" data-user={user}>
      <span className={styles.face}>
        <Avatar name={displayName} />
      </span>
      <span className={styles.who}>
        {displayName} <span className={styles.user}>{user}</span>
      </span>
      {role === 'owner' || !members ? (
        <span className={styles.user}>{rooms[role]}</span>
      ) : (
        <>
          <select
            className={styles.select}
            aria-label={words.roleOf(displayName)}
            value={role}
            data-testid="member-role"
            onChange={(event) => void members.change(() => members.put(user, event.target.value as Role))}
          >
            <option value="participant">{rooms.participant}</option>
            <option value="cohost">{rooms.cohost}</option>
          </select>
          <Button
            color="error"
            aria-label={words.removeNamed(displayName)}
            data-testid="member-remove"
            onClick={() => void members.remove(user)}
          >
            {words.remove}
          </Button>
        </>
      )}
    </li>
  );
}

function AddMember({ members }: { readonly members: Members }) {
  const { form, state, onSubmit } = useForm(
    () => forms.member(members),
    (sent) => sent.reset(),
  );
  return (
    <form className={formStyles.line} onSubmit={onSubmit} noValidate>
      <FormField form={form} field="user" label={words.addMember} code testId="member-name" />
      <Button type="submit" variant="outlined" loading={state.busy} data-testid="member-add">
        {words.add}
      </Button>
      <TroubleNote trouble={state.troubles.form} />
    </form>
  );
}
