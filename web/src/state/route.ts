import type { Topology } from '@parley/client';
import { fitName } from './names';

/** Where the address bar points. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'inspector' }
  | {
      readonly page: 'room';
      readonly room: string;
      /** From the link: whom to join as, and whether to skip the lobby. */
      readonly name: string | undefined;
      readonly direct: boolean;
      readonly topology: Topology | undefined;
    };

const kRoomName = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const kTopologies: readonly Topology[] = ['auto', 'p2p', 'sfu', 'mcu'];

/** Whether the server would take it as a room's name (docs/protocol.md, `join`). */
export function isRoomName(name: string): boolean {
  return kRoomName.test(name);
}

export function parseRoute(url: URL): Route {
  if (/^\/inspector\/?$/.test(url.pathname)) return { page: 'inspector' };
  const match = /^\/room\/([^/]+)\/?$/.exec(url.pathname);
  const room = match?.[1] === undefined ? '' : decode(match[1]);
  if (!isRoomName(room)) return { page: 'home' };
  const name = fitName(url.searchParams.get('name')?.trim() ?? '') || undefined;
  const topology = kTopologies.find((known) => known === url.searchParams.get('topology'));
  return { page: 'room', room, name, direct: url.searchParams.get('join') === '1', topology };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The link to hand to others: it leads to the lobby. */
export function linkTo(room: string, origin: string): string {
  return `${origin}/room/${encodeURIComponent(room)}`;
}
