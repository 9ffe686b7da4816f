import type { ParticipantInfo, Permissions } from '../protocol';
import { Refusal, type FakeServer, type Fields, type Seat } from './fake_server';

const kSilent = { microphone: false, camera: false, screen: false };

/** How a {@link FakeServer} holds a lecture: who is on stage, and who watches. Nothing is gathered: each change is told. */
export class FakeLecture {
  /** How many are on stage at most. */
  most = 32;
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  get on(): boolean {
    return this.#server.settings.lecture;
  }

  /** Whether somebody who comes goes on stage. */
  begins(info: ParticipantInfo, token: string | undefined): boolean {
    return !this.on || info.role !== 'participant' || token !== undefined;
  }

  permissionsOf(onStage: boolean): Permissions {
    const { permissions } = this.#server.settings;
    return onStage ? permissions : { ...permissions, ...kSilent };
  }

  /** What the answer to a join has of it. */
  welcome(seat: Seat): Fields {
    return { onStage: seat.onStage, ...(this.on && { audience: this.#told(seat) }) };
  }

  stage(self: ParticipantInfo, sid: string | undefined, on: boolean): void {
    const seat = this.#server.seats.get(sid ?? self.sid);
    if (!seat) throw new Refusal('no-such-participant', 'sid');
    if (self.role === 'participant' && (sid !== undefined || on)) throw new Refusal('forbidden');
    if (seat.info.role !== 'participant') throw new Refusal('forbidden', 'sid');
    if (seat.onStage === on) return;
    if (on && [...this.#server.seats.values()].filter(({ onStage }) => onStage).length >= this.most) {
      throw new Refusal('stage-full');
    }
    this.move(seat, on, sid === undefined ? null : self.sid);
  }

  move(seat: Seat, on: boolean, by: string | null): void {
    const { info } = seat;
    seat.onStage = on;
    Object.assign(info, {
      hand: null,
      permissions: on ? this.#server.settings.permissions : this.permissionsOf(false),
    });
    if (!on) Object.assign(info, { micinf: false, vidinf: false, scrinf: false });
    seat.socket?.receive('stage', { onStage: on, by });
    seat.socket?.receive('participant', { participant: { ...info } });
    if (on) this.#server.tellOthers(info.sid, 'joined', { participant: { ...info } });
    else this.#server.tellOthers(info.sid, 'left', { sid: info.sid, reason: 'audience' });
    this.tell();
  }

  /** A host has switched it on or off. */
  change(): void {
    for (const seat of this.#server.seats.values()) {
      const belongs = this.begins(seat.info, undefined);
      if (seat.onStage !== belongs) this.move(seat, belongs, null);
    }
  }

  roster(seat: Seat, { after = -1, limit = 50, search = '' }: Fields): Fields {
    if (!seat.onStage) throw new Refusal('forbidden');
    const all = this.#audience().map((info, index) => ({ info, index }));
    const found = all.filter(({ info }) => info.name.toLowerCase().includes(String(search).toLowerCase()));
    const page = found.filter(({ index }) => index > Number(after)).slice(0, Number(limit));
    const last = page.at(-1)?.index ?? -1;
    const next = found.some(({ index }) => index > last) ? last : null;
    return { people: page.map(({ info }) => memberOf(info)), count: all.length, next };
  }

  tell(): void {
    if (!this.on) return;
    for (const seat of this.#server.seats.values()) seat.socket?.receive('audience', this.#told(seat));
  }

  #told({ info }: Seat): Fields {
    const raised = this.#audience().filter(({ hand }) => hand !== null);
    raised.sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
    const told = { count: this.#audience().length, hands: raised.length };
    return info.role === 'participant' ? told : { ...told, raised: raised.slice(0, 50).map(memberOf) };
  }

  #audience(): ParticipantInfo[] {
    return [...this.#server.seats.values()].filter(({ onStage }) => !onStage).map(({ info }) => info);
  }
}

function memberOf({ sid, name, account, hand, away, joinedAt }: ParticipantInfo): Fields {
  return { sid, name, account, hand, away, joinedAt };
}
