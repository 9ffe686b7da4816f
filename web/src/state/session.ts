import { join, LocalMedia, mark, type Room, type RoomEnding, type Topology } from '@parley/client';
import { common } from '../words/common';
import { accountSession } from './account/identity';
import { followOneStream } from './one_stream';
import { readPreferences, remember } from './preferences';
import { parseRoute, type Route } from './route';
import { applySettings } from './settings';
import { shareCallLater } from './share_call';
import { Store } from './store';
import { followRoom } from './room_events';

declare global {
  interface Window {
    /** The meeting this page is in, for tests and the curious: web/README.md tells what is in it. */
    parley?: Room;
  }
}

/** What the page shows. */
export interface Session {
  readonly route: Route;
  /** The meeting we are in, or were in until just now. */
  readonly room: Room | undefined;
  /** Why we are no longer in it. */
  readonly ended: RoomEnding | undefined;
  /** We are before the door still: the lobby stays until we are in. */
  readonly atDoor: boolean;
}

export const session = new Store<Session>({
  route: { page: 'home' },
  room: undefined,
  ended: undefined,
  atDoor: false,
});

let media: LocalMedia | undefined;
let shownPath: string | undefined;

/** The devices, for lobby and room alike; made when first needed. */
export function localMedia(): LocalMedia {
  const { microphone, camera } = readPreferences();
  if (media) return media;
  media = new LocalMedia({ ...(microphone && { microphone }), ...(camera && { camera }) });
  applySettings(media);
  return media;
}

/**
 * Reads the address and gets going. Called before anything is drawn: with `join=1` the devices and
 * the connection start here, side by side, while the rest of the page is still loading.
 */
export function startSession(began = performance.now()): void {
  mark('navigation');
  shownPath = location.pathname;
  const route = parseRoute(new URL(location.href));
  session.set({ route, room: undefined, ended: undefined, atDoor: false });
  if (route.page !== 'room') return;
  if (route.direct) {
    void localMedia().start({ microphone: true, camera: true });
    enter(route.room, route.name ?? readPreferences().name ?? common.guest, { topology: route.topology, began });
  } else {
    const { microphoneOn = true, cameraOn = true } = readPreferences();
    void localMedia().start({ microphone: microphoneOn, camera: cameraOn });
  }
}

/** Follows the browser's own buttons. A step within a page (`/account#tokens`) is none to another. */
export function followAddress(): void {
  addEventListener('popstate', () => {
    if (location.pathname === shownPath) return;
    session.get().room?.leave();
    closeMedia();
    startSession();
  });
}

/** Goes to another page of the app. */
export function navigate(path: string): void {
  session.get().room?.leave();
  closeMedia();
  history.pushState(null, '', path);
  startSession();
}

export interface EnterOptions {
  readonly topology?: Topology | undefined;
  /** By way of the lobby. */
  readonly atDoor?: boolean;
  /** When the person asked for it; now by default. */
  readonly began?: number;
}

/** Enters the room with what is switched on now. */
export function enter(roomName: string, name: string, options: EnterOptions = {}): void {
  const { topology, atDoor = false, began = performance.now() } = options;
  const account = accountSession();
  const { route } = session.get();
  const room = join({
    room: roomName,
    name,
    media: localMedia(),
    began,
    ...(topology && { topology }),
    ...(route.page === 'room' && route.token !== undefined && { token: route.token }),
    ...(account.remembered && { session: account }),
  });
  window.parley = room;
  room.on('replaced', () => end(room, 'replaced'));
  room.on('state', (state) => {
    if (state === 'left' || state === 'failed') end(room, room.ending ?? state);
    if (state === 'waiting' || state === 'joined') stand(room, state === 'waiting');
  });
  followRoom(room);
  followOneStream(room, topology === 'mcu');
  shareCallLater(room);
  session.update((now) => ({ ...now, room, ended: undefined, atDoor }));
}

/** Enters as a person who has just typed their name: it is remembered. */
export function enterFromLobby(roomName: string, name: string, topology?: Topology): void {
  const { micinf, vidinf } = localMedia().flags;
  remember({ name, microphoneOn: micinf, cameraOn: vidinf });
  enter(roomName, name, { topology, atDoor: true });
}

export function leave(): void {
  session.get().room?.leave();
}

/** Gives up waiting; the lobby is there again, devices and all. */
export function stopWaiting(): void {
  const { room } = session.get();
  session.update((now) => ({ ...now, room: undefined, atDoor: false }));
  room?.leave();
}

function stand(room: Room, atDoor: boolean): void {
  if (session.get().room === room) session.update((now) => ({ ...now, atDoor }));
}

let flagsAtEnd = { micinf: true, vidinf: true };

/** Goes back into the meeting that was left, with what was switched on then. */
export function rejoin({ room, name }: Room): void {
  const { route } = session.get();
  void localMedia().start({ microphone: flagsAtEnd.micinf, camera: flagsAtEnd.vidinf });
  enter(room, name, { topology: route.page === 'room' ? route.topology : undefined });
}

/** Back to the lobby of the room that was left. */
export function returnToLobby(): void {
  const { route } = session.get();
  if (route.page !== 'room') return;
  history.replaceState(null, '', `/room/${encodeURIComponent(route.room)}${location.hash}`);
  startSession();
}

function end(room: Room, ended: NonNullable<Session['ended']>): void {
  if (session.get().room !== room || session.get().ended) return;
  flagsAtEnd = room.media.flags;
  closeMedia();
  session.update((now) => ({ ...now, ended }));
}

function closeMedia(): void {
  media?.close();
  media = undefined;
}
