import { lazy, Suspense, useState } from 'react';
import type { LocalMedia } from '@parley/client';
import { leave } from '../state/session';
import { canShareScreen, toggleScreen } from '../state/screen_share';
import { shortcutLabel, toggle } from '../state/shortcuts';
import { useLocalMedia } from '../state/use_store';
import { devices } from '../words/devices';
import { room as words } from '../words/room';
import { ControlButton } from './ControlButton';
import styles from './Controls.module.css';
import { CopyLink } from './CopyLink';
import {
  CameraIcon,
  CameraOffIcon,
  LeaveIcon,
  MicrophoneIcon,
  MicrophoneOffIcon,
  ScreenIcon,
  ScreenStopIcon,
  SettingsIcon,
} from './icons';

const DeviceMenu = lazy(() => import('./DeviceMenu'));

/** The room's bar. */
export function Controls({ media, room }: { readonly media: LocalMedia; readonly room: string }) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={words.controls}>
      <DeviceToggles media={media} />
      {canShareScreen() && <ScreenToggle media={media} />}
      <CopyLink room={room} />
      <DeviceSettings media={media} />
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

/** Microphone and camera, as lobby and room have them. */
export function DeviceToggles({ media }: { readonly media: LocalMedia }) {
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
      />
    </>
  );
}

function ScreenToggle({ media }: { readonly media: LocalMedia }) {
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
    />
  );
}

function DeviceSettings({ media }: { readonly media: LocalMedia }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <ControlButton
        label={devices.title}
        hint={devices.choose}
        icon={<SettingsIcon />}
        onClick={(event) => setAnchor(event.currentTarget)}
        testId="control-devices"
        opensMenu
      />
      <Suspense>{anchor && <DeviceMenu media={media} anchor={anchor} onClose={() => setAnchor(null)} />}</Suspense>
    </>
  );
}
