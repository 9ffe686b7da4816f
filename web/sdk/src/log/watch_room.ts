import type { CaptureState } from '../capture';
import type { LocalMedia } from '../local_media';
import type { Room } from '../room';
import type { ConnectionLog } from './connection_log';

/** Notes who comes and goes. */
export function watchRoom(room: Pick<Room, 'on'>, log: ConnectionLog): void {
  room.on('joined', ({ name }) => log.add('peer-joined', { name }));
  room.on('left', ({ participant: { name } }) => log.add('peer-left', { name }));
  room.on('away', ({ name }) => log.add('peer-away', { name }));
  room.on('back', ({ name }) => log.add('peer-back', { name }));
  room.on('state', (state) => {
    if (state !== 'left' && state !== 'failed') return;
    log.add('room-left');
    log.closed = true;
  });
}

/** Notes when the microphone and the camera are asked for, and come or fail. Returns the function that stops it. */
export function watchDevices(media: Pick<LocalMedia, 'on' | 'microphone' | 'camera'>, log: ConnectionLog): () => void {
  const before: Partial<Record<'microphone' | 'camera', CaptureState>> = {};
  const look = (): void => {
    for (const kind of ['microphone', 'camera'] as const) {
      const [earlier, now] = [before[kind], media[kind]];
      before[kind] = now;
      if (now.pending && !earlier?.pending) log.add('device-asked', { kind });
      if (now.track && now.track !== earlier?.track) log.add('device-ready', { kind });
      if (now.error && now.error !== earlier?.error) log.add('device-failed', { kind, message: now.error.message });
    }
  };
  look(); // They may have been started before there was a room.
  return media.on('change', look);
}
