import type { LocalMedia } from '@parley/client';
import { useId, type ReactNode } from 'react';
import { changeSettings, settings } from '../../state/settings';
import { canChooseSpeaker } from '../../state/sound';
import { useLocalMedia, useStore } from '../../state/use_store';
import { deviceSettings as words } from '../../words/settings';
import { DeviceToggles } from '../Controls';
import { DeviceNotices } from '../DeviceNotices';
import { DeviceSelects } from '../DeviceSelects';
import { VideoView } from '../VideoView';
import styles from './DevicesTab.module.css';
import { LevelRow } from './LevelRow';
import { SwitchRow } from '../panel/SwitchRow';
import { SpeakerTest } from './SpeakerTest';

/** Which devices to use, and how; seen and heard while one chooses. */
export function DevicesTab({ media }: { readonly media: LocalMedia }) {
  const { camera, microphone, flags } = useLocalMedia(media);
  const now = useStore(settings);
  const change = (changed: Partial<typeof now>) => changeSettings(changed, media);
  return (
    <>
      <div className={styles.live}>
        <div className={styles.picture} role="img" aria-label={flags.vidinf ? words.preview : words.cameraIsOff}>
          {flags.vidinf && camera.track ? (
            <VideoView track={camera.track} mirrored={now.mirror} />
          ) : (
            <p className={styles.off}>{words.cameraIsOff}</p>
          )}
        </div>
        <div className={styles.toggles} role="group" aria-label={words.toggles}>
          <DeviceToggles media={media} />
        </div>
      </div>
      <DeviceNotices media={media} testId="settings-error" />
      <LevelRow track={flags.micinf ? microphone.track : undefined} />
      <DeviceSelects media={media} idPrefix="settings" />
      <div className={styles.test}>
        <SpeakerTest />
      </div>
      {!canChooseSpeaker() && <p className={styles.note}>{words.noChoice}</p>}
      <Group title={words.sound}>
        <SwitchRow
          label={words.noise}
          text={words.noiseHint}
          on={now.noiseSuppression}
          onChange={(noiseSuppression) => change({ noiseSuppression })}
          testId="settings-noise"
        />
        <SwitchRow
          label={words.echo}
          text={words.echoHint}
          on={now.echoCancellation}
          onChange={(echoCancellation) => change({ echoCancellation })}
          testId="settings-echo"
        />
        <SwitchRow
          label={words.gain}
          text={words.gainHint}
          on={now.autoGainControl}
          onChange={(autoGainControl) => change({ autoGainControl })}
          testId="settings-gain"
        />
      </Group>
      <Blur media={media} />
    </>
  );
}

function Blur({ media }: { readonly media: LocalMedia }) {
  const { blur } = useLocalMedia(media);
  const now = useStore(settings);
  return (
    <Group title={words.picture}>
      <SwitchRow
        label={words.blur}
        text={blur === 'unsupported' ? words.blurMissing : words.blurHint}
        on={blur !== 'unsupported' && now.blur}
        disabled={blur === 'unsupported'}
        onChange={(on) => changeSettings({ blur: on }, media)}
        testId="settings-blur"
      />
    </Group>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <h3 className={styles.heading} id={id}>
        {title}
      </h3>
      {children}
    </div>
  );
}
