import type { Room } from '@parley/client';
import { useEffect, useMemo } from 'react';
import { useStore } from '../state/use_store';
import { inspector as words } from '../words/inspector';
import { InspectorView } from './InspectorView';
import { LectureFacts } from './LectureFacts';
import { LiveLog } from './live_log';
import { LogActions } from './LogActions';
import actions from './LogActions.module.css';
import { OneStreamFacts } from './OneStreamFacts';
import styles from './InspectorPanel.module.css';

/** The inspector of the call one is in, for a side panel. */
export default function InspectorPanel({ room }: { readonly room: Room }) {
  const live = useMemo(() => new LiveLog(room.log), [room]);
  useEffect(() => live.open(), [live]);
  const log = useStore(live.store);
  return (
    <div className={styles.panel}>
      <LectureFacts room={room} />
      <OneStreamFacts room={room} />
      <InspectorView log={log} />
      <div className={styles.foot}>
        <a className={actions.button} href="/inspector" target="_blank" rel="noopener" data-testid="inspector-window">
          {words.newWindow}
        </a>
        <LogActions log={log} />
      </div>
    </div>
  );
}
