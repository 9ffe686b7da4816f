import { changeSettings, settings } from '../../state/settings';
import { useStore } from '../../state/use_store';
import { meetingSettings as words } from '../../words/settings';
import { SettingSwitch } from './SettingSwitch';

/** How one wants to take part. */
export function MeetingTab() {
  const now = useStore(settings);
  return (
    <>
      <SettingSwitch
        label={words.talk}
        hint={words.talkHint}
        on={now.pushToTalk}
        onChange={(pushToTalk) => changeSettings({ pushToTalk })}
        testId="settings-talk"
      />
      <SettingSwitch
        label={words.mirror}
        hint={words.mirrorHint}
        on={now.mirror}
        onChange={(mirror) => changeSettings({ mirror })}
        testId="settings-mirror"
      />
      <SettingSwitch
        label={words.notices}
        hint={words.noticesHint}
        on={now.notices}
        onChange={(notices) => changeSettings({ notices })}
        testId="settings-notices"
      />
      <SettingSwitch
        label={words.sounds}
        hint={words.soundsHint}
        on={now.sounds}
        onChange={(sounds) => changeSettings({ sounds })}
        testId="settings-sounds"
      />
    </>
  );
}
