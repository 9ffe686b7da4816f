import type { RoomInfo } from './room_info';

/** Where somebody who comes in would be, as far as the server has said: only the audience needs no devices. */
export type Seat = 'unknown' | 'stage' | 'audience';

/**
 * Where we would be in a room. In a lecture on stage are its hosts, who has a link for a speaker, and who comes first and so
 * holds it; where the server says nothing it is a meeting.
 */
export function seatIn(info: RoomInfo | undefined, token: string | undefined): Exclude<Seat, 'unknown'> {
  if (!info?.lecture || info.you === 'owner' || info.you === 'cohost') return 'stage';
  return token !== undefined && isForSpeaker(token) ? 'stage' : 'audience';
}

/** Whether a join token lets its bearer speak. It only decides what the lobby shows: the server goes by its own reading. */
export function isForSpeaker(token: string): boolean {
  const { role, permissions } = fieldsOf(claimsOf(token));
  const { microphone, camera, screen } = fieldsOf(permissions);
  return role === 'cohost' || microphone === true || camera === true || screen === true;
}

/** How a join token calls its bearer, whatever they type; undefined where it is none of ours. */
export function nameIn(token: string): string | undefined {
  const { name } = fieldsOf(claimsOf(token));
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function claimsOf(token: string): unknown {
  try {
    const base64 = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // No token of ours.
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
