import type { LocalMedia, LocalMediaSnapshot, Room } from '@parley/client';
import { useCallback, useSyncExternalStore } from 'react';
import { RoomViews, type RoomView } from './room_view';
import type { Store } from './store';

/** Draws anew whenever the store changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The room as it is to be drawn. */
export function useRoomView(room: Room): RoomView {
  const { subscribe, get } = viewsOf(room);
  return useSyncExternalStore(subscribe, get);
}

const known = new WeakMap<Room, RoomViews>();

/** One for all components that draw a room. */
function viewsOf(room: Room): RoomViews {
  const views = known.get(room) ?? new RoomViews(room);
  known.set(room, views);
  return views;
}

/** The devices as they are now. */
export function useLocalMedia(media: LocalMedia): LocalMediaSnapshot {
  const subscribe = useCallback((listener: () => void) => media.on('change', listener), [media]);
  return useSyncExternalStore(subscribe, () => media.snapshot);
}
