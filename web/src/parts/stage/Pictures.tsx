import type { Room } from '@parley/client';
import { useEffect, useState } from 'react';
import { areTilesInSight } from '../../state/one_stream';
import type { RoomView } from '../../state/room_view';
import { arrange, stage } from '../../state/stage';
import { useStore } from '../../state/use_store';
import { later } from '../later';
import { Tile } from '../Tile';
import { useIsNarrow } from '../use_is_narrow';
import styles from './Pictures.module.css';
import { StageView } from './StageView';

const EmptyStage = later(() => import('../lecture/EmptyStage'));
const InviteCard = later(() => import('../InviteCard'));
const OneStreamPicture = later(() => import('./OneStreamPicture'));

interface PicturesProps {
  readonly view: RoomView;
  readonly room: Room;
}

/**
 * Everyone and everything to be seen, as this person wants to see it: in tiles, or in one picture. While the one takes the
 * place of the other both are there, the one picture on top from its first frame on.
 */
export function Pictures({ view, room }: PicturesProps) {
  const { state, track } = view.oneStream;
  const areInSight = useTilesInSight(state === 'ending');
  const [seen, setSeen] = useState<MediaStreamTrack>(); // Whose first frame was in sight.
  if ((state === 'off' || !track) && seen) setSeen(undefined);
  const shown = track !== undefined && seen === track;
  const hadTiles = useHadTiles(view);
  if (view.people.length === 0 && view.state === 'joined') return <EmptyStage />;
  // The audience of a lecture begins with the one picture: tiles before it would be asked for in vain.
  const hasTiles = !(state === 'on' && shown) && (view.lecture.onStage || state !== 'starting' || hadTiles);
  return (
    <>
      {hasTiles && <Tiles key="tiles" view={view} room={room} />}
      {state !== 'off' && !areInSight && (
        <OneStreamPicture key="one" view={view} room={room} shown={shown} onShown={() => setSeen(track)} />
      )}
    </>
  );
}

/** Whether people were seen in tiles already, which then stay until what follows them is there. */
function useHadTiles({ state, oneStream, people }: RoomView): boolean {
  const [had, setHad] = useState(false);
  if (!had && state === 'joined' && oneStream.state === 'off' && people.length > 0) setHad(true);
  return had;
}

/** While one waits for the tiles: whether they are there. */
function useTilesInSight(waits: boolean): boolean {
  const [areThere, setThere] = useState(false);
  if (!waits && areThere) setThere(false);
  useEffect(() => {
    if (!waits) return undefined;
    let frame = 0;
    const look = () => {
      if (areTilesInSight(document)) setThere(true);
      else frame = requestAnimationFrame(look);
    };
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [waits]);
  return areThere;
}

function Tiles({ view, room }: PicturesProps) {
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
  const isSelfAlone = view.people.length === 1 && view.people[0]?.self === true && view.screens.length === 0;
  const alone = isSelfAlone && view.state === 'joined' && view.lecture.audience === 0;
  return (
    <StageView
      arrangement={arrangement}
      more={alone && <InviteCard key="invite" room={room.room} lecture={view.lecture.on} />}
    />
  );
}
