import { lazy, Suspense, useState } from 'react';
import type { LocalMedia } from '@parley/client';
import { leave } from '../state/session';
import { canShareScreen, toggleScreen } from '../state/screen_share';
import { shortcutLabel, toggle } from '../state/shortcuts';
import { useLocalMedia } from '../state/use_store';
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
    <div className={styles.bar} role="toolbar" aria-label="Meeting controls">
      <DeviceToggles media={media} />
      {canShareScreen() && <ScreenToggle media={media} />}
      <CopyLink room={room} />
      <DeviceSettings media={media} />
      <ControlButton
        label="Leave"
        hint="Leave the meeting"
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
        label="Microphone"
        hint={flags.micinf ? 'Mute' : 'Unmute'}
        icon={flags.micinf ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
        onClick={() => toggle(media, 'microphone')}
        testId="control-mic"
        pressed={flags.micinf}
        tone={flags.micinf ? 'plain' : 'off'}
        shortcut={shortcutLabel('microphone')}
        badge={microphone.error !== undefined}
      />
      <ControlButton
        label="Camera"
        hint={flags.vidinf ? 'Turn the camera off' : 'Turn the camera on'}
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
      label="Share screen"
      hint={scrinf ? 'Stop sharing' : 'Share your screen, with its sound'}
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
        label="Devices"
        hint="Choose microphone, camera and speaker"
        icon={<SettingsIcon />}
        onClick={(event) => setAnchor(event.currentTarget)}
        testId="control-devices"
        opensMenu
      />
      <Suspense>{anchor && <DeviceMenu media={media} anchor={anchor} onClose={() => setAnchor(null)} />}</Suspense>
    </>
  );
}
