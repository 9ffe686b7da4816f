import type { LocalMedia } from '@parley/client';
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
  const { camera, microphone, flags, blur } = useLocalMedia(media);
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
        <div className={styles.toggles}>
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
      <h3 className={styles.heading}>{words.sound}</h3>
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
      <h3 className={styles.heading}>{words.picture}</h3>
      <SwitchRow
        label={words.blur}
        text={blur === 'unsupported' ? words.blurMissing : words.blurHint}
        on={blur !== 'unsupported' && now.blur}
        disabled={blur === 'unsupported'}
        onChange={(on) => change({ blur: on })}
        testId="settings-blur"
      />
    </>
  );
}
