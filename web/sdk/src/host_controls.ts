import type { RaisedHand } from './hands';
import type { HostedSource, Permissions, Role, RoomSettings } from './protocol';
import type { Signalling } from './signalling';

/** The part of the room that {@link HostControls} looks at. */
export interface HostedRoom {
  readonly waiting: readonly { readonly sid: string }[];
  readonly hands: readonly RaisedHand[];
  readonly participants: ReadonlyMap<string, { readonly permissions: Permissions }>;
}

/**
 * What the hosts of a room can do. Each call resolves once the server has done it, and rejects with a
 * {@link SignalError}: `forbidden` to who is no host.
 */
export class HostControls {
  readonly #wire: Signalling;
  readonly #room: HostedRoom;

  constructor(wire: Signalling, room: HostedRoom) {
    this.#wire = wire;
    this.#room = room;
  }

  /** Changes some of the room's settings; those not named stay. */
  async change(settings: Partial<RoomSettings>): Promise<void> {
    await this.#wire.request('settings', settings);
  }

  /** Lets people in who wait. */
  async admit(...sids: string[]): Promise<void> {
    if (sids.length > 0) await this.#wire.request('admit', { sids });
  }

  async admitAll(): Promise<void> {
    await this.admit(...this.#room.waiting.map(({ sid }) => sid));
  }

  /** Sends people away who wait. */
  async refuse(...sids: string[]): Promise<void> {
    if (sids.length > 0) await this.#wire.request('refuse', { sids });
  }

  /** Puts someone out. They have to be let in to come again. */
  async remove(sid: string): Promise<void> {
    await this.#wire.request('remove', { sid });
  }

  /** Switches off somebody's microphone or camera, or stops their share. They can switch it on again. */
  async mute(sid: string, source: HostedSource): Promise<void> {
    await this.#wire.request('mute', { sid, source });
  }

  /** The same for everyone but the hosts. */
  async muteAll(source: HostedSource): Promise<void> {
    await this.#wire.request('mute', { source });
  }

  /** Asks somebody to switch something on or off. */
  async ask(sid: string, source: HostedSource, on: boolean): Promise<void> {
    await this.#wire.request('ask', { sid, source, on });
  }

  /** Gives or takes some of a person's permissions; those not named stay. */
  async permit(sid: string, permissions: Partial<Permissions>): Promise<void> {
    const before = this.#room.participants.get(sid)?.permissions;
    if (before) await this.#wire.request('permit', { sid, permissions: { ...before, ...permissions } });
  }

  /** Makes someone a co-host, or a participant again. The owner alone can. */
  async setRole(sid: string, role: Exclude<Role, 'owner'>): Promise<void> {
    await this.#wire.request('role', { sid, role });
  }

  /** Makes someone the owner; one becomes a co-host oneself. The owner alone can. */
  async handOver(sid: string): Promise<void> {
    await this.#wire.request('role', { sid, role: 'owner' });
  }

  /** In a lecture: brings someone on stage, or back into the audience. What they send then goes off. */
  async stage(sid: string, on: boolean): Promise<void> {
    await this.#wire.request('stage', { sid, on });
  }

  async lowerHand(sid: string): Promise<void> {
    await this.#wire.request('hand', { raised: false, sid });
  }

  async lowerAllHands(): Promise<void> {
    await Promise.all(this.#room.hands.map(({ sid }) => this.lowerHand(sid)));
  }

  /** Ends the meeting for everyone, ourselves included. */
  async end(): Promise<void> {
    await this.#wire.request('end', {});
    this.#wire.finish();
  }
}
