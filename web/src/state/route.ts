import type { Topology } from '@parley/client';
import { fitName } from './names';

/** Where the address bar points. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'inspector' }
  | { readonly page: 'doctor' }
  | { readonly page: 'account' }
  /** Nothing is there; `roomName` is what no room can be called. */
  | { readonly page: 'lost'; readonly roomName: string | undefined }
  | {
      readonly page: 'room';
      readonly room: string;
      /** From the link: whom to join as, and whether to skip the lobby. */
      readonly name: string | undefined;
      readonly direct: boolean;
      readonly topology: Topology | undefined;
      /** For who makes the room: a lecture. */
      readonly lecture: boolean;
      /** An invitation: `#token=`, which is not sent to the server with the page's address. */
      readonly token: string | undefined;
    };

const kRoomName = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const kTopologies: readonly Topology[] = ['auto', 'p2p', 'sfu', 'mcu'];

/** Whether the server would take it as a room's name (docs/protocol.md, `join`). */
export function isRoomName(name: string): boolean {
  return kRoomName.test(name);
}

export function parseRoute(url: URL): Route {
  if (url.pathname === '/') return { page: 'home' };
  if (/^\/inspector\/?$/.test(url.pathname)) return { page: 'inspector' };
  if (/^\/doctor\/?$/.test(url.pathname)) return { page: 'doctor' };
  if (/^\/account\/?$/.test(url.pathname)) return { page: 'account' };
  const match = /^\/room\/(.*?)\/?$/.exec(url.pathname);
  if (match?.[1] === undefined) return { page: 'lost', roomName: undefined };
  const room = decode(match[1]);
  if (!isRoomName(room)) return { page: 'lost', roomName: room };
  const name = fitName(url.searchParams.get('name')?.trim() ?? '') || undefined;
  const topology = kTopologies.find((known) => known === url.searchParams.get('topology'));
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? undefined;
  const is = (key: string) => url.searchParams.get(key) === '1';
  return { page: 'room', room, name, direct: is('join'), topology, lecture: is('lecture'), token };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The same link, by way of the lobby: path, query and hash. */
export function lobbyOf(url: URL): string {
  const query = new URLSearchParams(url.search);
  query.delete('join');
  const rest = query.toString();
  return `${url.pathname}${rest && `?${rest}`}${url.hash}`;
}

/** The link to hand to others: it leads to the lobby. */
export function linkTo(room: string, origin: string): string {
  return `${origin}/room/${encodeURIComponent(room)}`;
}
