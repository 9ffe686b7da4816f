import type { Permissions, Role, RoomSettings } from '@parley/client';
import { accountSession } from './identity';
import { attempt } from './attempt';
import { Listing } from './listing';
import { Fields } from './read';

/** A room that an account keeps, and what we are in it. */
export interface MyRoom extends RoomSettings {
  readonly name: string;
  readonly role: Role;
  readonly lastUsed: number | undefined;
}

export interface Member {
  readonly user: string;
  readonly displayName: string;
  readonly role: Role;
}

export const kPermissions: readonly (keyof Permissions)[] = ['microphone', 'camera', 'screen', 'chat', 'todo'];
const kRoles: readonly Role[] = ['owner', 'cohost', 'participant'];

export const myRooms = new Listing<MyRoom>(() =>
  attempt(async () => readRooms(await accountSession().request('GET', '/api/rooms'))),
);

const pathOf = (room: string): string => `/api/rooms/${encodeURIComponent(room)}`;

/** Makes a room of one's own; without a name, the server finds one. */
export async function makeRoom(name: string): Promise<void> {
  await attempt(
    () => accountSession().request('POST', '/api/rooms', name === '' ? {} : { name }),
    { 409: 'taken' },
    'name',
  );
  await myRooms.load();
}

/** Shown at once; taken back if the server does not have it. */
export async function changeRoom(room: string, change: Partial<RoomSettings>): Promise<boolean> {
  const before = myRooms.get().items;
  const items = before?.map((one) => (one.name === room ? { ...one, ...change } : one));
  myRooms.update((now) => ({ ...now, items }));
  const done = await myRooms.change(() => attempt(() => accountSession().request('PATCH', pathOf(room), change)));
  if (!done) myRooms.update((now) => ({ ...now, items: before }));
  return done;
}

/** Gives up one's membership. */
export function leaveRoom(room: string): Promise<boolean> {
  const user = encodeURIComponent(accountSession().user?.name ?? '');
  return myRooms.change(() => attempt(() => accountSession().request('DELETE', `${pathOf(room)}/members/${user}`)));
}

export function deleteRoom(room: string): Promise<boolean> {
  return myRooms.change(() => attempt(() => accountSession().request('DELETE', pathOf(room))));
}

/** Who belongs to a room, with what may be done about it. */
export class Members extends Listing<Member> {
  readonly #path: string;

  constructor(room: string) {
    const path = `${pathOf(room)}/members`;
    super(() => attempt(async () => readMembers(await accountSession().request('GET', path))));
    this.#path = path;
  }

  /** Adds someone by the name they log in with, or changes what they are. Rejects with a FormError. */
  async put(user: string, role: Role): Promise<void> {
    await attempt(
      () => accountSession().request('PUT', `${this.#path}/${encodeURIComponent(user)}`, { role }),
      { 404: 'no-such-user', 409: 'is-owner' },
      'user',
    );
    await this.load();
  }

  remove(user: string): Promise<boolean> {
    return this.change(() =>
      attempt(() => accountSession().request('DELETE', `${this.#path}/${encodeURIComponent(user)}`)),
    );
  }
}

export function readRooms(json: unknown): MyRoom[] {
  return new Fields(json).list('rooms').map((one) => ({
    name: one.text('name'),
    role: roleOf(one.text('you')),
    locked: one.flag('locked'),
    waitingRoom: one.flag('waitingRoom'),
    membersOnly: one.flag('membersOnly'),
    permissions: readPermissions(one.object('permissions')),
    lecture: one.flag('lecture'),
    lastUsed: one.number('lastUsed'),
  }));
}

export function readMembers(json: unknown): Member[] {
  return new Fields(json).list('members').map((one) => ({
    user: one.object('user').text('name'),
    displayName: one.object('user').text('displayName'),
    role: roleOf(one.text('role')),
  }));
}

function roleOf(text: string): Role {
  return kRoles.find((role) => role === text) ?? 'participant';
}

function readPermissions(fields: Fields): Permissions {
  return Object.fromEntries(kPermissions.map((name) => [name, fields.flag(name)])) as unknown as Permissions;
}
