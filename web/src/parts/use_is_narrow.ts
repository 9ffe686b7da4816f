import { useSyncExternalStore } from 'react';

const narrow = watch('(max-width: 600px), (max-height: 480px)');
const small = watch('(max-width: 820px)');

/** Whether the window is as small as a phone, held upright or sideways. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(narrow.subscribe, narrow.get);
}

/** Whether there is too little room for every button of the meeting. */
export function useIsSmall(): boolean {
  return useSyncExternalStore(small.subscribe, small.get);
}

function watch(media: string) {
  const query = matchMedia(media);
  return {
    get: () => query.matches,
    subscribe: (listener: () => void) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
  };
}
