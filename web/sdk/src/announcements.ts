import { SignalError } from './errors';
import type { Participant } from './participant';
import type { Place } from './place';
import type { RoomEvents } from './room_events';
import type { Signalling } from './signalling';

export interface AnnouncementsOptions {
  readonly signalling: Pick<Signalling, 'on'>;
  readonly place: Place;
  readonly participants: () => ReadonlyMap<string, Participant>;
  /** Tells the application. */
  readonly emit: <K extends keyof RoomEvents>(name: K, event: RoomEvents[K]) => void;
}

/** Tells the application what the server says, and nothing here acts on but by noting it. */
export function announce({ signalling, place, participants, emit }: AnnouncementsOptions): void {
  const find = (sid: string | null | undefined) => participants().get(sid ?? '');
  signalling.on('admitted', () => emit('admitted', undefined));
  signalling.on('settings', ({ by, ...settings }) => {
    place.setSettings(settings);
    emit('settings', { settings, by: find(by) });
    emit('change', undefined);
  });
  signalling.on('waiting', ({ people }) => {
    place.setWaiting(people);
    emit('waiting', people);
    emit('change', undefined);
  });
  signalling.on('asked', ({ by, ...asked }) => emit('asked', { ...asked, by: find(by) }));
  signalling.on('removed', ({ by }) => emit('removed', { by: find(by) }));
  signalling.on('ended', ({ by }) => emit('ended', { by: find(by) }));
  signalling.on('replaced', () => emit('replaced', undefined));
  signalling.on('closing', (closing) => emit('closing', closing));
  signalling.on('error', (failure) => emit('error', SignalError.from(failure)));
  signalling.on('mismatch', ({ event, error }) => emit('error', new Error(`${event}: ${error.message}`)));
  signalling.on('reaction', ({ sid, emoji }) => {
    const name = find(sid)?.name;
    if (name !== undefined) emit('reaction', { sid, name, emoji, self: false });
  });
}
