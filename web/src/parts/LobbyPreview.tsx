import type { LocalMedia } from '@parley/client';
import { settings } from '../state/settings';
import { useLocalMedia, useStore } from '../state/use_store';
import { lobby } from '../words/lobby';
import { DeviceToggles } from './Controls';
import { DeviceNotices } from './DeviceNotices';
import { LevelBar } from './LevelBar';
import styles from './LobbyPreview.module.css';
import { VideoView } from './VideoView';

/** How one will be seen and heard. */
export function LobbyPreview({ media }: { readonly media: LocalMedia }) {
  const { camera, microphone, flags } = useLocalMedia(media);
  const { mirror } = useStore(settings);
  return (
    <section className={styles.preview} aria-label={lobby.preview}>
      <div
        className={styles.picture}
        data-testid="lobby-preview"
        data-video={flags.vidinf && camera.track !== undefined}
      >
        <p className={styles.off}>
          {camera.pending ? lobby.cameraStarts : camera.error ? lobby.cameraFailed : lobby.cameraOff}
        </p>
        {flags.vidinf && camera.track && <VideoView track={camera.track} mirrored={mirror} />}
        <div className={styles.level}>{flags.micinf && <LevelBar track={microphone.track} />}</div>
        <div className={styles.toggles}>
          <DeviceToggles media={media} />
        </div>
      </div>
      <DeviceNotices media={media} joining testId="lobby-error" />
    </section>
  );
}
