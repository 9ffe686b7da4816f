import type { Room } from '@parley/client';
import { lazy, Suspense } from 'react';
import type { RoomView } from '../../state/room_view';
import { arrange, stage } from '../../state/stage';
import { useStore } from '../../state/use_store';
import { Tile } from '../Tile';
import { useIsNarrow } from '../use_is_narrow';
import styles from './Pictures.module.css';
import { StageView } from './StageView';

const InviteCard = lazy(() => import('../InviteCard'));

/** Everyone and everything to be seen, as this person wants to see it. */
export function Pictures({ view, room }: { readonly view: RoomView; readonly room: Room }) {
  const narrow = useIsNarrow();
  const choice = useStore(stage);
  const arrangement = arrange(view, choice);
  const { front, strip } = arrangement;
  const [self, other] = front;
  // Two on a phone: the other fills it, and we are in the corner.
  if (narrow && strip.length === 0 && front.length === 2 && self?.self && other) {
    return (
      <>
        <Tile tile={other} />
        <div className={styles.floating}>
          <Tile tile={self} />
        </div>
      </>
    );
  }
  const alone = view.people.length === 1 && view.screens.length === 0 && view.state === 'joined';
  return (
    <StageView
      arrangement={arrangement}
      more={
        alone && (
          <Suspense key="invite">
            <InviteCard room={room.room} />
          </Suspense>
        )
      }
    />
  );
}
