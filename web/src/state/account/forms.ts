import { isRoomName } from '../route';
import { changePassword, deleteAccount, logIn, register, rename } from './account';
import { Form } from './form';
import { makeRoom, type Members } from './my_rooms';
import { makeToken } from './tokens';
import { displayNameTrouble, missingTrouble, nameTrouble, passwordTrouble, type Trouble } from './trouble';

/** The forms of the account's pages: what each asks for, and when it may be sent. */
export const forms = {
  logIn: () =>
    new Form({
      values: { name: '', password: '' },
      check: { name: missingTrouble, password: missingTrouble },
      send: ({ name, password }) => logIn(name, password),
    }),

  register: () =>
    new Form({
      values: { displayName: '', name: '', password: '' },
      check: { displayName: displayNameTrouble, name: nameTrouble, password: passwordTrouble },
      send: ({ name, password, displayName }) => register(name, password, displayName),
    }),

  profile: (displayName: string) =>
    new Form({
      values: { displayName },
      check: { displayName: displayNameTrouble },
      send: (values) => rename(values.displayName),
    }),

  password: () =>
    new Form<'current' | 'new' | 'again'>({
      values: { current: '', new: '', again: '' },
      check: {
        current: missingTrouble,
        new: passwordTrouble,
        again: (again, values) => (again === values.new ? undefined : { kind: 'password-differs' }),
      },
      send: (values) => changePassword(values.current, values.new),
    }),

  remove: () =>
    new Form({
      values: { password: '' },
      check: { password: missingTrouble },
      send: ({ password }) => deleteAccount(password),
    }),

  room: () =>
    new Form({
      values: { name: '' },
      check: { name: roomTrouble },
      send: ({ name }) => makeRoom(roomNameOf(name)),
    }),

  member: (members: Members) =>
    new Form({
      values: { user: '' },
      check: { user: missingTrouble },
      send: ({ user }) => members.put(user.trim(), 'participant'),
    }),

  token: () =>
    new Form({
      values: { name: '', days: '90' },
      check: { name: displayNameTrouble },
      send: ({ name, days }) => makeToken(name, Number(days)),
    }),
};

/** What people type for a name, as the server takes it: "Daily stand-up" is daily-stand-up. */
export function roomNameOf(typed: string): string {
  return typed.trim().toLowerCase().replace(/\s+/g, '-');
}

// Empty is fine: the server makes a name.
function roomTrouble(typed: string): Trouble | undefined {
  const name = roomNameOf(typed);
  return name === '' || isRoomName(name) ? undefined : { kind: 'room-letters' };
}
