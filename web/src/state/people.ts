import type { AudienceMember, PathWay, Permissions, Role, Room } from '@parley/client';

/** Someone in the room, as the list of people shows them. */
export interface PersonView {
  readonly sid: string;
  readonly name: string;
  readonly self: boolean;
  readonly role: Role;
  /** Whether they are logged in. */
  readonly account: boolean;
  /** Whether they are a program, and nobody who could read or answer. */
  readonly program: boolean;
  /** Their place in the queue of raised hands, from 1. */
  readonly hand: number | undefined;
  readonly muted: boolean;
  readonly camera: boolean;
  readonly sharing: boolean;
  readonly speaking: boolean;
  readonly away: boolean;
  /** Which way sound and picture go between us and them. */
  readonly way: PathWay | undefined;
  /** How long they have spoken, in milliseconds. */
  readonly spokeFor: number;
  readonly permissions: Permissions;
  /** Whether they are in the audience of a lecture, of whom less is known. */
  readonly audience: boolean;
}

/** Everyone: raised hands in their order, then ourselves, the hosts, and the others as they came. */
export function peopleOf(room: Room): PersonView[] {
  const places = new Map(room.hands.map(({ sid }, index) => [sid, index + 1]));
  const others = [...room.participants.values()].map((participant): PersonView => {
    const { sid, name, role, account, program, micinf, vidinf, scrinf, speaking, away, way, spokeFor, permissions } =
      participant;
    const flags = { muted: !micinf, camera: vidinf, sharing: scrinf };
    return {
      sid,
      name,
      self: false,
      role,
      account,
      program,
      hand: places.get(sid),
      speaking,
      away,
      way,
      spokeFor,
      permissions,
      audience: false,
      ...flags,
    };
  });
  const self = selfOf(room, places);
  return [...(self ? [self] : []), ...others].sort((a, b) => rank(a) - rank(b));
}

function selfOf(
  { self, media, speaking, spokeFor }: Room,
  places: ReadonlyMap<string, number>,
): PersonView | undefined {
  if (!self) return undefined;
  const { sid, name, role, account, permissions } = self;
  const { micinf, vidinf, scrinf } = media.flags;
  return {
    sid,
    name,
    self: true,
    role,
    account,
    program: false,
    permissions,
    audience: false,
    hand: places.get(sid),
    muted: !micinf,
    camera: vidinf,
    sharing: scrinf,
    speaking: speaking && micinf,
    away: false,
    way: undefined,
    spokeFor,
  };
}

/** Someone of the audience, as the list shows them. */
export function audienceView({ sid, name, account, hand, away }: AudienceMember): PersonView {
  return {
    ...{ sid, name, account, away, self: false, role: 'participant', program: false, audience: true },
    ...{ muted: true, camera: false, sharing: false, speaking: false, way: undefined, spokeFor: 0 },
    hand: hand === null ? undefined : hand,
    permissions: { microphone: false, camera: false, screen: false, chat: true, todo: true },
  };
}

// Sorting is stable: equals stay in the order of joining.
function rank({ hand, self, role }: PersonView): number {
  if (hand !== undefined) return hand;
  return self ? 1e6 : role === 'participant' ? 1e6 + 2 : 1e6 + 1;
}

/** What may be done to someone. */
export type PersonAction =
  | 'bring'
  | 'takeOff'
  | 'pin'
  | 'write'
  | 'mute'
  | 'askMicrophone'
  | 'cameraOff'
  | 'askCamera'
  | 'screenOff'
  | 'lowerHand'
  | 'permit'
  | 'cohost'
  | 'participant'
  | 'handOver'
  | 'remove';

type Target = Pick<PersonView, 'self' | 'role' | 'program' | 'audience' | 'muted' | 'camera' | 'sharing' | 'hand'>;

/** What someone of role `mine` may do to a person, as the server has it too. */
export function actionsOn(target: Target, mine: Role, isLecture = false): PersonAction[] {
  const { self, role, program, muted, camera, sharing, hand } = target;
  if (self) return ['pin'];
  if (target.audience) return mine === 'participant' ? [] : audienceActions(target, mine);
  const all: PersonAction[] = program ? ['pin'] : ['pin', 'write'];
  if (mine === 'participant') return all;
  const actions: (PersonAction | false)[] = [
    ...all,
    muted ? 'askMicrophone' : 'mute',
    camera ? 'cameraOff' : 'askCamera',
    sharing && 'screenOff',
    hand !== undefined && 'lowerHand',
    isLecture && role === 'participant' && 'takeOff',
    role === 'participant' && 'permit',
    mine === 'owner' && !program && (role === 'participant' ? 'cohost' : 'participant'),
    mine === 'owner' && !program && 'handOver',
    role !== 'owner' && 'remove',
  ];
  return actions.filter((action) => action !== false);
}

function audienceActions({ hand }: Target, mine: Role): PersonAction[] {
  const lower: PersonAction[] = hand === undefined ? [] : ['lowerHand'];
  return ['bring', ...lower, 'write', ...(mine === 'owner' ? (['cohost'] as const) : []), 'remove'];
}
