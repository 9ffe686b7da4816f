import { changeSettings, settings } from '../../state/settings';
import { useStore } from '../../state/use_store';
import { meetingSettings as words } from '../../words/settings';
import { SwitchRow } from '../panel/SwitchRow';

/** How one wants to take part. */
export function MeetingTab() {
  const now = useStore(settings);
  return (
    <>
      <SwitchRow
        label={words.talk}
        text={words.talkHint}
        on={now.pushToTalk}
        onChange={(pushToTalk) => changeSettings({ pushToTalk })}
        testId="settings-talk"
      />
      <SwitchRow
        label={words.mirror}
        text={words.mirrorHint}
        on={now.mirror}
        onChange={(mirror) => changeSettings({ mirror })}
        testId="settings-mirror"
      />
      <SwitchRow
        label={words.notices}
        text={words.noticesHint}
        on={now.notices}
        onChange={(notices) => changeSettings({ notices })}
        testId="settings-notices"
      />
      <SwitchRow
        label={words.sounds}
        text={words.soundsHint}
        on={now.sounds}
        onChange={(sounds) => changeSettings({ sounds })}
        testId="settings-sounds"
      />
    </>
  );
}
