import type { Permissions, Role } from './protocol';

/** What the room knows of oneself. The same object until something of it changes. */
export interface SelfInfo {
  readonly sid: string;
  readonly name: string;
  readonly role: Role;
  readonly permissions: Permissions;
  /** Our place in the queue of raised hands (smaller: earlier); null while the hand is down. */
  readonly hand: number | null;
  /** Whether we are logged in. */
  readonly account: boolean;
}

/** Owner and co-hosts. */
export function isHost(role: Role): boolean {
  return role !== 'participant';
}
