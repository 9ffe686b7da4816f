import type { LocalMedia, Permissions, Room } from '@parley/client';
import { leave } from '../state/session';
import { canShareScreen, toggleScreen } from '../state/screen_share';
import { shortcutLabel, toggle } from '../state/shortcuts';
import { useLocalMedia, useRoomView } from '../state/use_store';
import { room as words } from '../words/room';
import { HandButton } from './bar/HandButton';
import { MoreButton } from './bar/MoreButton';
import { ReactionButton } from './bar/ReactionBar';
import { ControlButton } from './ControlButton';
import styles from './Controls.module.css';
import { LeaveStageButton } from './lecture/LeaveStageButton';
import { RaiseToSpeak } from './lecture/RaiseToSpeak';
import {
  CameraIcon,
  CameraOffIcon,
  LeaveIcon,
  MicrophoneIcon,
  MicrophoneOffIcon,
  ScreenIcon,
  ScreenStopIcon,
} from './icons';

interface ControlsProps {
  readonly room: Room;
  /** There is little room: what is left out is in the menu. */
  readonly small: boolean;
}

/** The room's bar. */
export function Controls({ room, small }: ControlsProps) {
  const { onStage } = useRoomView(room).lecture;
  const { media } = room;
  const allowed = room.self?.permissions;
  return (
    <div className={styles.bar} role="toolbar" aria-label={words.controls}>
      {onStage ? (
        <>
          <DeviceToggles media={media} allowed={allowed} />
          {!small && canShareScreen() && <ScreenToggle media={media} allowed={allowed?.screen} />}
          <HandButton room={room} />
        </>
      ) : (
        <RaiseToSpeak room={room} />
      )}
      {!small && <ReactionButton room={room} />}
      {!small && <LeaveStageButton room={room} />}
      <MoreButton room={room} small={small} />
      <ControlButton
        label={words.leave}
        hint={words.leaveHint}
        icon={<LeaveIcon />}
        onClick={leave}
        testId="control-leave"
        tone="danger"
      />
    </div>
  );
}

interface DeviceTogglesProps {
  readonly media: LocalMedia;
  /** Undefined where nobody has to permit anything: in the lobby. */
  readonly allowed?: Permissions | undefined;
}

/** Microphone and camera, as lobby and room have them. */
export function DeviceToggles({ media, allowed }: DeviceTogglesProps) {
  const { flags, microphone, camera } = useLocalMedia(media);
  return (
    <>
      <ControlButton
        label={words.microphone}
        hint={flags.micinf ? words.mute : words.unmute}
        icon={flags.micinf ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
        onClick={() => toggle(media, 'microphone')}
        testId="control-mic"
        pressed={flags.micinf}
        tone={flags.micinf ? 'plain' : 'off'}
        shortcut={shortcutLabel('microphone')}
        badge={microphone.error !== undefined}
        forbidden={allowed?.microphone === false}
      />
      <ControlButton
        label={words.camera}
        hint={flags.vidinf ? words.cameraOff : words.cameraOn}
        icon={flags.vidinf ? <CameraIcon /> : <CameraOffIcon />}
        onClick={() => toggle(media, 'camera')}
        testId="control-camera"
        pressed={flags.vidinf}
        tone={flags.vidinf ? 'plain' : 'off'}
        shortcut={shortcutLabel('camera')}
        badge={camera.error !== undefined}
        forbidden={allowed?.camera === false}
      />
    </>
  );
}

function ScreenToggle({
  media,
  allowed = true,
}: {
  readonly media: LocalMedia;
  readonly allowed: boolean | undefined;
}) {
  const { scrinf } = useLocalMedia(media).flags;
  return (
    <ControlButton
      label={words.screen}
      hint={scrinf ? words.screenStop : words.screenStart}
      icon={scrinf ? <ScreenStopIcon /> : <ScreenIcon />}
      onClick={() => void toggleScreen(media)}
      testId="control-screen"
      pressed={scrinf}
      tone={scrinf ? 'active' : 'plain'}
      shortcut={shortcutLabel('screen')}
      forbidden={!allowed}
    />
  );
}
