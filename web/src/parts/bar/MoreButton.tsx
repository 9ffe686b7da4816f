import type { Room } from '@parley/client';
import { useState } from 'react';
import { later } from '../later';
import { bar as words } from '../../words/meeting';
import { ControlButton } from '../ControlButton';
import { MoreIcon } from '../meeting_icons';
import { PanelBadge } from '../panel/PanelBadge';
import styles from './PanelButtons.module.css';

const MoreMenu = later(
  () => import('./MoreMenu'),
  ({ onClose }) => onClose(),
);

/** All that has no button of its own; on a phone that is most of it. */
export function MoreButton({ room, small }: { readonly room: Room; readonly small: boolean }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <span className={styles.place}>
      <ControlButton
        label={words.more}
        hint={words.moreHint}
        icon={<MoreIcon />}
        onClick={(event) => setAnchor(event.currentTarget)}
        testId="control-more"
        opensMenu
        expanded={anchor !== null}
      />
      {small && (
        <span className={styles.badge}>
          <PanelBadge name="chat" room={room} />
          <PanelBadge name="questions" room={room} />
          <PanelBadge name="people" room={room} />
        </span>
      )}
      {anchor && <MoreMenu room={room} small={small} anchor={anchor} onClose={() => setAnchor(null)} />}
    </span>
  );
}
