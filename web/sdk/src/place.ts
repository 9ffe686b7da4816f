import { isHost } from './permissions';
import { kOpen, type ParticipantInfo, type Permissions, type Role, type RoomSettings } from './protocol';
import type { WaitingPerson, Welcome } from './protocol';

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

/**
 * Where we are and as what: the room's facts and our own, as the server told them last.
 *
 * Owner: Room.
 */
export class Place {
  #welcome: Welcome | undefined;
  #self: SelfInfo | undefined;
  #settings = kOpen;
  #waiting: readonly WaitingPerson[] = [];
  // The server's clock less ours, in milliseconds.
  #clockOffset = 0;

  get self(): SelfInfo | undefined {
    return this.#self;
  }

  get isHost(): boolean {
    return this.#self !== undefined && isHost(this.#self.role);
  }

  get settings(): RoomSettings {
    return this.#settings;
  }

  get waiting(): readonly WaitingPerson[] {
    return this.isHost ? this.#waiting : [];
  }

  get facts(): Welcome | undefined {
    return this.#welcome;
  }

  /** A time of the server's, by this computer's clock. */
  local(serverTime: number): number {
    return serverTime - this.#clockOffset;
  }

  /** When the first came, by this computer's clock. */
  get startedAt(): number | undefined {
    return this.#welcome?.startedAt ? this.local(this.#welcome.startedAt) : undefined;
  }

  /** `now` is this computer's clock, in Unix milliseconds. */
  enter(welcome: Welcome, now: number): void {
    this.#welcome = welcome;
    if (welcome.serverTime > 0) this.#clockOffset = welcome.serverTime - now;
    const { sid, name, role, permissions, hand, account } = welcome;
    this.#self = { sid, name, role, permissions, hand, account: account !== null };
    this.#settings = welcome.settings;
    this.#waiting = welcome.waiting;
  }

  /** Something of ours changed. Tells what it was before; undefined if it is not about us. */
  update({ sid, name, role, permissions, hand, account }: ParticipantInfo): SelfInfo | undefined {
    const before = this.#self;
    if (sid !== before?.sid) return undefined;
    this.#self = { sid, name, role, permissions, hand, account };
    return before;
  }

  setSettings(settings: RoomSettings): void {
    this.#settings = settings;
  }

  setWaiting(people: readonly WaitingPerson[]): void {
    this.#waiting = people;
  }
}
