import { readPreferences, remember } from '../state/preferences';
import { Store } from '../state/store';

/** The languages that every text is written in. */
export const kLanguages = ['en', 'de'] as const;
export type Language = (typeof kLanguages)[number];

/** What the person chose; `system` is the first language of the browser's that we have. */
export type LanguageChoice = Language | 'system';

/** The language in force. Whoever draws text is drawn anew when it changes: App sees to that. */
export const language = new Store<Language>('en');

/** Speaks the chosen language, or the browser's; before the first paint, so that nothing flashes. */
export function startLanguage(): void {
  speak(languageChoice());
}

export function languageChoice(): LanguageChoice {
  return readPreferences().language ?? 'system';
}

/** Changes it at once, and remembers. */
export function chooseLanguage(choice: LanguageChoice): void {
  remember({ language: choice === 'system' ? undefined : choice });
  speak(choice);
}

/** The first of a browser's languages that we have: `de-AT` is German. English if there is none. */
export function bestLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => kLanguages.find((ours) => ours === tag.toLowerCase().split('-')[0]));
  return known.find((ours) => ours !== undefined) ?? 'en';
}

function speak(choice: LanguageChoice): void {
  const spoken = choice === 'system' ? bestLanguage(navigator.languages ?? []) : choice;
  document.documentElement.lang = spoken; // For the screen reader's voice, and for hyphens.
  language.set(spoken);
}
