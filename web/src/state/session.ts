import { join, LocalMedia, mark, type Room, type RoomEnding, type Topology } from '@parley/client';
import { common } from '../words/common';
import { accountSession } from './account/identity';
import { followLecture } from './lecture/follow_lecture';
import { followOneStream } from './one_stream';
import { readPreferences, remember } from './preferences';
import { fetchRoomInfo, type RoomInfo } from './room_info';
import { lobbyOf, parseRoute, type Route } from './route';
import { isForSpeaker, seatIn, type Seat } from './seat';
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
  /** What the server said last of the room that the address leads to. */
  readonly info: RoomInfo | undefined;
  /** Where we would be in it, or are: no device is opened before that is known, and none for the audience. */
  readonly seat: Seat;
}

const kNowhere = { room: undefined, ended: undefined, atDoor: false, info: undefined, seat: 'unknown' } as const;

export const session = new Store<Session>({
  route: { page: 'home' },
  ...kNowhere,
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
  session.set({ route, ...kNowhere });
  if (route.page !== 'room') return;
  void fetchRoomInfo(route.room).then((info) => session.get().route === route && noteRoomInfo(info));
  const { topology, lecture } = route;
  if (route.direct) {
    startDevices = () => void localMedia().start({ microphone: true, camera: true });
    enter(route.room, route.name ?? readPreferences().name ?? common.guest, { topology, lecture, began });
  } else {
    const { microphoneOn = true, cameraOn = true } = readPreferences();
    startDevices = () => void localMedia().start({ microphone: microphoneOn, camera: cameraOn });
  }
}

/** Switches on what is to be on, once it is known that we would be on stage. */
let startDevices: (() => void) | undefined;

/** The server has said this of the room; undefined: nothing. */
export function noteRoomInfo(info: RoomInfo | undefined): void {
  const { route, room } = session.get();
  if (route.page !== 'room') return;
  session.update((now) => ({ ...now, info }));
  if (room === undefined || room.state === 'connecting') takeSeat(seatIn(info, route.token));
}

function takeSeat(seat: Exclude<Seat, 'unknown'>): void {
  const before = session.get().seat;
  session.update((now) => ({ ...now, seat }));
  if (seat === 'stage') {
    startDevices?.();
    startDevices = undefined;
  } else if (before === 'stage' && session.get().room === undefined) {
    closeMedia(); // It has become a lecture.
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
  /** For who makes the room. */
  readonly lecture?: boolean;
  /** Media is known to go by the server. */
  readonly byServer?: boolean;
  /** By way of the lobby. */
  readonly atDoor?: boolean;
  /** When the person asked for it; now by default. */
  readonly began?: number;
}

/** Enters the room with what is switched on now. */
export function enter(roomName: string, name: string, options: EnterOptions = {}): void {
  const { topology, lecture = false, byServer = false, atDoor = false, began = performance.now() } = options;
  const account = accountSession();
  const { route } = session.get();
  const token = route.page === 'room' ? route.token : undefined;
  const room = join({
    room: roomName,
    name,
    media: localMedia(),
    began,
    ...(topology && { topology }),
    ...(lecture && { lecture }),
    ...(byServer && { byServer }),
    ...(token !== undefined && { token }),
    ...(account.remembered && { session: account }),
  });
  window.parley = room;
  room.on('replaced', () => end(room, 'replaced'));
  room.on('state', (state) => {
    if (state === 'left' || state === 'failed') end(room, room.ending ?? state);
    if (state === 'waiting' || state === 'joined') stand(room, state === 'waiting');
    if (state === 'joined') {
      takeSeat(room.lecture.onStage ? 'stage' : 'audience');
      startDevices = undefined; // Who goes on stage later turns them on by themselves.
    }
  });
  followRoom(room);
  followLecture(room, { lecture, speaks: token !== undefined && isForSpeaker(token) });
  followOneStream(room, topology === 'mcu');
  shareCallLater(room);
  session.update((now) => ({ ...now, room, ended: undefined, atDoor }));
}

/** Enters as a person who has just typed their name: it is remembered. */
export function enterFromLobby(roomName: string, name: string, topology?: Topology): void {
  const { route, info, seat } = session.get();
  const { micinf, vidinf } = localMedia().flags;
  remember(seat === 'audience' ? { name } : { name, microphoneOn: micinf, cameraOn: vidinf });
  const lecture = route.page === 'room' && route.lecture;
  startDevices = undefined; // Who goes in before it is known where to does it with what is on.
  enter(roomName, name, { topology, lecture, byServer: info?.lecture ?? false, atDoor: true });
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
export function rejoin({ room, name, lecture }: Room): void {
  const { route } = session.get();
  const { micinf: microphone, vidinf: camera } = flagsAtEnd;
  startDevices = () => void localMedia().start({ microphone, camera });
  enter(room, name, { topology: route.page === 'room' ? route.topology : undefined, byServer: lecture.on });
  if (!lecture.on) takeSeat('stage');
}

/** Back to the lobby of the room that was left. */
export function returnToLobby(): void {
  const { route } = session.get();
  if (route.page !== 'room') return;
  history.replaceState(null, '', lobbyOf(new URL(location.href)));
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
