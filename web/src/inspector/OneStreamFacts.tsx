import type { Room } from '@parley/client';
import { useEffect, useState } from 'react';
import { fetchRoomInfo } from '../state/room_info';
import { useRoomView } from '../state/use_store';
import { inspectorStream as words } from '../words/one_stream';
import { limits, sizeText } from '../words/picture';
import styles from './OneStreamFacts.module.css';

/** How often it is asked who is in one stream, in milliseconds. */
const kInterval = 3000;

/** Who of the room is sent everyone in one stream, and ours in numbers. Nothing where nobody is. */
export function OneStreamFacts({ room }: { readonly room: Room }) {
  const names = useNames(room);
  const { state, picture } = useRoomView(room).oneStream;
  if (names.length === 0 && state === 'off') return null;
  const size = picture && sizeText(picture);
  return (
    <section className={styles.facts} aria-label={words.heading} data-testid="inspector-stream">
      <h3>{words.heading}</h3>
      <dl>
        {names.length > 0 && (
          <>
            <dt>{words.who}</dt>
            <dd data-testid="inspector-stream-who">{names.join(', ')}</dd>
          </>
        )}
        {state !== 'off' && (
          <>
            <dt>{words.ours}</dt>
            <dd data-testid="inspector-stream-picture">
              {words[state]}
              {size && `: ${size}`}
            </dd>
          </>
        )}
        {picture && (
          <>
            <dt>{words.limit}</dt>
            <dd>{limits[picture.limit]}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function useNames(room: Room): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const asked = new AbortController();
    const ask = () =>
      void fetchRoomInfo(room.room, asked.signal).then((info) => {
        if (info && !asked.signal.aborted) setNames(info.inOneStream);
      });
    ask();
    const timer = setInterval(ask, kInterval);
    return () => {
      clearInterval(timer);
      asked.abort();
    };
  }, [room]);
  return names;
}
