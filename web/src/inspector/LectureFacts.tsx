import type { Room } from '@parley/client';
import { useRoomView } from '../state/use_store';
import { inspectorLecture as words } from '../words/lecture';
import styles from './OneStreamFacts.module.css';

/** That the room is a lecture, and what one is in it. Nothing in a meeting. */
export function LectureFacts({ room }: { readonly room: Room }) {
  const { lecture, people } = useRoomView(room);
  if (!lecture.on) return null;
  return (
    <section className={styles.facts} aria-label={words.heading} data-testid="inspector-lecture">
      <h3>{words.heading}</h3>
      <dl>
        <dt>{words.place}</dt>
        <dd data-testid="inspector-place">{lecture.onStage ? words.stage : words.audience}</dd>
        <dt>{words.onStage}</dt>
        <dd>{people.length}</dd>
        <dt>{words.watching}</dt>
        <dd>{lecture.audience}</dd>
        {lecture.hands > 0 && (
          <>
            <dt>{words.hands}</dt>
            <dd>{lecture.hands}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
