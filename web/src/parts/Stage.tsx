import type { TileView } from '../state/room_view';
import styles from './Stage.module.css';
import { Tile } from './Tile';

interface StageProps {
  readonly screens: readonly TileView[];
  readonly people: readonly TileView[];
}

/** Shared screens take the room; the people look on from a strip beside or below. */
export function Stage({ screens, people }: StageProps) {
  return (
    <div className={styles.stage}>
      <div className={styles.screens}>
        {screens.map((screen) => (
          <Tile key={screen.id} tile={screen} />
        ))}
      </div>
      <div className={styles.strip}>
        {people.map((person) => (
          <div key={person.id} className={styles.seat}>
            <Tile tile={person} />
          </div>
        ))}
      </div>
    </div>
  );
}
