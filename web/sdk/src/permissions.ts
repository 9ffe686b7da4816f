import type { Permissions, Role, Source } from './protocol';

/** What can be permitted to a person. */
export type Permission = keyof Permissions;

/** Owner and co-hosts. */
export function isHost(role: Role): boolean {
  return role !== 'participant';
}

/** What someone may do: hosts all of it. */
export function mayDo({ role, permissions }: { role: Role; permissions: Permissions }, what: Permission): boolean {
  return isHost(role) || permissions[what];
}

/** The permission that a source needs: a screen's sound goes with its picture. */
export function permissionFor(source: Source): Exclude<Permission, 'chat' | 'todo'> {
  return source === 'screen-audio' ? 'screen' : source;
}
