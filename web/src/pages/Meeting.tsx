import type { Room } from '@parley/client';
import { useEffect } from 'react';
import { AudioOutput } from '../parts/AudioOutput';
import { PanelButtons } from '../parts/bar/PanelButtons';
import { Controls } from '../parts/Controls';
import { DeviceNotices } from '../parts/DeviceNotices';
import { later } from '../parts/later';
import { HandStatus } from '../parts/lecture/RaiseToSpeak';
import { MeetingHeader } from '../parts/MeetingHeader';
import { MutedHint } from '../parts/stage/MutedHint';
import { Pictures } from '../parts/stage/Pictures';
import { Reactions } from '../parts/stage/Reactions';
import { StatusBanner } from '../parts/StatusBanner';
import { useIsNarrow, useIsSmall } from '../parts/use_is_narrow';
import { coverInHistory } from '../state/cover_history';
import { fetchAheadOfCall } from '../state/fetch_ahead';
import { question } from '../state/hosting';
import { stagePrompt } from '../state/lecture/stage_prompt';
import { listenInMeeting } from '../state/meeting_keys';
import { closePanel, panel } from '../state/panel';
import { shownTiles } from '../state/shown_tiles';
import { session } from '../state/session';
import { useRoomView, useStore } from '../state/use_store';
import { room as words } from '../words/room';
import styles from './Meeting.module.css';

const StagePrompt = later(() => import('../parts/lecture/StagePrompt'));
const SidePanel = later(() => import('../parts/panel/SidePanel'), closePanel);
const ConfirmDialog = later(
  () => import('../parts/ConfirmDialog'),
  () => question.set(undefined),
);

export default function Meeting() {
  const { room } = useStore(session);
  return room ? <MeetingOf room={room} /> : null;
}

function MeetingOf({ room }: { readonly room: Room }) {
  const view = useRoomView(room);
  const shown = useStore(panel);
  const asked = useStore(question);
  const prompted = useStore(stagePrompt) !== undefined;
  const narrow = useIsNarrow();
  const small = useIsSmall();
  useEffect(() => listenInMeeting(room), [room]);
  useEffect(() => shownTiles.follow(room), [room]);
  useEffect(() => shownTiles.setSpeaker(view.speaker), [view.speaker]);
  const joined = view.state === 'joined';
  useEffect(() => (joined ? fetchAheadOfCall(room) : undefined), [room, joined]);
  const covered = narrow && shown !== undefined;
  useEffect(() => (covered ? coverInHistory() : undefined), [covered]);
  return (
    <div className={styles.room} data-testid="room" data-state={view.state} data-stage={view.lecture.onStage}>
      <h1 className="unseen">{words.heading(room.room)}</h1>
      <StatusBanner view={view} media={room.media} />
      <div className={styles.page} inert={covered}>
        <MeetingHeader room={room} view={view} />
        <div className={styles.notices}>
          <DeviceNotices media={room.media} dismissible />
        </div>
        <div className={styles.body} data-panel={(shown && !narrow) || undefined}>
          <main className={styles.stage}>
            <Pictures view={view} room={room} />
            <Reactions />
            <MutedHint media={room.media} />
            <HandStatus room={room} />
            {prompted && <StagePrompt room={room} />}
          </main>
          {shown && !narrow && <SidePanel room={room} shown={shown} covers={false} />}
        </div>
        <footer className={styles.footer}>
          <Controls room={room} small={small} />
          {!small && (
            <div className={styles.panels}>
              <PanelButtons room={room} />
            </div>
          )}
        </footer>
      </div>
      {covered && (
        <div className={styles.cover}>
          <SidePanel room={room} shown={shown} covers />
        </div>
      )}
      {view.audio.map(({ id, track }) => (
        <AudioOutput key={id} track={track} />
      ))}
      {asked && <ConfirmDialog asked={asked} />}
    </div>
  );
}
