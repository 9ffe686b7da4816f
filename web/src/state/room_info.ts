import { presence } from '../words/lobby';

/** Who is in a room, as anyone may know it before joining. */
export interface RoomInfo {
  readonly names: readonly string[];
  /** Who of them is sent everyone in one stream. */
  readonly inOneStream: readonly string[];
}

/** Asks the server; undefined if it does not say. */
export async function fetchRoomInfo(room: string, signal: AbortSignal): Promise<RoomInfo | undefined> {
  try {
    const response = await fetch(`/api/rooms/${encodeURIComponent(room)}`, { signal });
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
  return { names: namesOf(people), inOneStream: namesOf(people.filter(({ oneStream }) => oneStream)) };
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
