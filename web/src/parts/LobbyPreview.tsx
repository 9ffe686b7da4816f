import type { LocalMedia } from '@parley/client';
import { settings } from '../state/settings';
import { useLocalMedia, useStore } from '../state/use_store';
import { lobby } from '../words/lobby';
import { Avatar } from './Avatar';
import { DeviceToggles } from './Controls';
import { DeviceNotices } from './DeviceNotices';
import { CameraOffIcon } from './icons';
import { LevelBar } from './LevelBar';
import styles from './LobbyPreview.module.css';
import { VideoView } from './VideoView';

interface LobbyPreviewProps {
  readonly media: LocalMedia;
  /** What is typed of it so far. */
  readonly name: string;
}

/** How one will be seen and heard. */
export function LobbyPreview({ media, name }: LobbyPreviewProps) {
  const { camera, microphone, flags } = useLocalMedia(media);
  const { mirror } = useStore(settings);
  // Until its first picture, which then covers what is said here.
  const starts = camera.pending || (flags.vidinf && camera.track !== undefined);
  const hasFace = name.trim() !== '';
  const failed = camera.error !== undefined || microphone.error !== undefined;
  return (
    <section className={styles.preview} aria-label={lobby.preview} data-failed={failed || undefined}>
      <div
        className={styles.picture}
        data-testid="lobby-preview"
        data-video={flags.vidinf && camera.track !== undefined}
      >
        <div className={styles.off}>
          {(hasFace || !starts) && (
            <span className={styles.face}>{hasFace ? <Avatar name={name} /> : <CameraOffIcon size={34} />}</span>
          )}
          <p>{starts ? lobby.cameraStarts : camera.error ? lobby.cameraFailed : lobby.cameraOff}</p>
        </div>
        {flags.vidinf && camera.track && <VideoView track={camera.track} mirrored={mirror} />}
        <div className={styles.level}>{flags.micinf && <LevelBar track={microphone.track} />}</div>
        <div className={styles.toggles} role="group" aria-label={lobby.toggles}>
          <DeviceToggles media={media} />
        </div>
      </div>
      <DeviceNotices media={media} joining testId="lobby-error" />
    </section>
  );
}
