import type { Role } from '@parley/client';
import { lecture, lectureLobby } from '../words/lecture';
import { presence } from '../words/lobby';
import { Fields } from './account/read';

/** Who is in a room, as anyone may know it before joining. */
export interface RoomInfo {
  readonly names: readonly string[];
  /** Who of them is sent everyone in one stream. */
  readonly inOneStream: readonly string[];
  /** Whether it is a lecture: then those named are on stage, and so many more watch. */
  readonly lecture: boolean;
  readonly audience: number;
  /** What we are in a room that an account keeps, if we are logged in and belong to it. */
  readonly you: Role | undefined;
}

/** Asks the server; undefined if it does not say. */
export async function fetchRoomInfo(room: string, signal?: AbortSignal): Promise<RoomInfo | undefined> {
  try {
    const response = await fetch(`/api/rooms/${encodeURIComponent(room)}`, signal ? { signal } : {});
    return response.ok ? readRoomInfo(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

export function readRoomInfo(body: unknown): RoomInfo | undefined {
  if (typeof body !== 'object' || body === null || !('participants' in body)) return undefined;
  const { participants } = body;
  if (!Array.isArray(participants)) return undefined;
  const people = participants.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry) || typeof entry.name !== 'string') return [];
    return [{ name: entry.name, oneStream: 'oneStream' in entry && entry.oneStream === true }];
  });
  const namesOf = (some: typeof people) => some.map(({ name }) => name);
  const fields = new Fields(body);
  return {
    names: namesOf(people),
    inOneStream: namesOf(people.filter(({ oneStream }) => oneStream)),
    lecture: fields.flag('lecture'),
    audience: fields.number('audience') ?? 0,
    you: kRoles.find((role) => role === fields.text('you')),
  };
}

const kRoles: readonly Role[] = ['owner', 'cohost', 'participant'];

/** Who is on stage, and how many watch. */
export function whoIsThere({ names, lecture: isLecture, audience }: RoomInfo): string {
  if (!isLecture) return whoIsHere(names);
  const who = names.length > 0 ? whoIsHere(names) : lectureLobby.nobody;
  return audience > 0 ? `${who} ${lecture.watching(audience)}.` : who;
}

/** "Ada is here", "Ada and Bob are here", "Ada, Bob and 3 others are here". */
export function whoIsHere(names: readonly string[]): string {
  const [first, second, third] = names;
  if (first === undefined) return presence.nobody;
  if (second === undefined) return presence.one(first);
  if (third === undefined) return presence.two(first, second);
  if (names.length === 3) return presence.three(first, second, third);
  return presence.more(first, second, names.length - 2);
}
