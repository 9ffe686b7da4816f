import Button from '@mui/material/Button';
import { openShortcuts } from '../../state/dialogs';
import { kSchemes, scheme, setScheme } from '../../state/scheme';
import { useStore } from '../../state/use_store';
import { chooseLanguage, kLanguages, languageChoice } from '../../words/language';
import { generalSettings as words, kLanguageNames } from '../../words/settings';
import { KeyboardIcon } from '../icons';
import { Choice } from './Choice';
import styles from './GeneralTab.module.css';

/** Language and colours. */
export function GeneralTab() {
  const colours = useStore(scheme);
  return (
    <div className={styles.tab}>
      <Choice
        legend={words.language}
        options={[
          { value: 'system', label: words.asBrowser },
          ...kLanguages.map((value) => ({ value, label: kLanguageNames[value], lang: value })),
        ]}
        chosen={languageChoice()}
        onChoose={chooseLanguage}
        testId="settings-language"
      />
      <Choice
        legend={words.colours}
        options={kSchemes.map((value) => ({ value, label: words[value] }))}
        chosen={colours}
        onChoose={setScheme}
        testId="settings-scheme"
      />
      <Button
        variant="outlined"
        startIcon={<KeyboardIcon size={20} />}
        data-testid="settings-shortcuts"
        onClick={openShortcuts}
      >
        {words.shortcuts}
      </Button>
    </div>
  );
}
