import { vi } from 'vitest';
import { LocalMedia } from '../local_media';
import type { Topology } from '../protocol';
import { Room } from '../room';
import { FakeDevices } from './fake_devices';
import { FakePeerConnection } from './fake_peer_connection';
import type { FakeServer } from './fake_server';
import { FakeSocket } from './fake_socket';

/** Someone in a room of a {@link FakeServer}. */
export interface Seat {
  readonly socket: FakeSocket;
  readonly media: LocalMedia;
  readonly room: Room;
  readonly sid: string;
}

/** Plays time, and lets what is on its way arrive. */
export const run = (milliseconds = 60) => vi.advanceTimersByTimeAsync(milliseconds);

/** Waits for an answer that needs time to be played. */
export async function done<T>(answer: Promise<T>): Promise<T> {
  const [value] = await Promise.all([answer, run()]);
  return value;
}

export async function enter(
  server: FakeServer,
  name: string,
  more: { token?: string; topology?: Topology; lecture?: boolean; byServer?: boolean } = {},
): Promise<Seat> {
  const socket = new FakeSocket(server);
  const media = new LocalMedia();
  const room = new Room({ socket, room: 'daily', name, media, ...more });
  await run();
  return {
    socket,
    media,
    room,
    get sid() {
      return room.sid ?? '';
    },
  };
}

/** A browser with two of each device, and time that only {@link run} moves. */
export function fakeBrowser(): FakeDevices {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance', 'Date'],
  });
  const devices = new FakeDevices();
  FakePeerConnection.made = [];
  FakePeerConnection.delay = () => 0;
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('MediaStream', Object);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  return devices;
}

export function realBrowser(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}
