import { useCallback, useSyncExternalStore } from 'react';

/** Something that tells of its changes, as the parts of a room do. */
interface Changing {
  on(name: 'change', listener: () => void): () => void;
}

/** A value of it, drawn anew with each change. `read` has to give the same value until then. */
export function useChange<S extends Changing, T>(source: S, read: (source: S) => T): T {
  const subscribe = useCallback((listener: () => void) => source.on('change', listener), [source]);
  return useSyncExternalStore(subscribe, () => read(source));
}
