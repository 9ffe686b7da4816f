import { Store } from '../store';

/** The parts of the account's page, as its address names them: `/account#tokens`. */
export const kSections = ['rooms', 'profile', 'sessions', 'tokens'] as const;
export type Section = (typeof kSections)[number];

export function sectionOf(hash: string): Section {
  return kSections.find((name) => `#${name}` === hash) ?? 'rooms';
}

export const section = new Store<Section>('rooms');

/** Follows the address bar. Returns what ends it. */
export function followSection(): () => void {
  const read = () => section.set(sectionOf(location.hash));
  read();
  addEventListener('hashchange', read);
  return () => removeEventListener('hashchange', read);
}
