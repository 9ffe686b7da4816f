import { Store } from './store';

/** Light or dark; `system` follows the computer. */
export type Scheme = 'system' | 'light' | 'dark';

const kKey = 'parley.scheme';
export const kSchemes: readonly Scheme[] = ['system', 'light', 'dark'];

export const scheme = new Store<Scheme>('system');

/** The one after `current`, for a button that goes round. */
export function nextScheme(current: Scheme): Scheme {
  return kSchemes[(kSchemes.indexOf(current) + 1) % kSchemes.length] ?? 'system';
}

/** Applies the remembered choice; before the first paint, so that nothing flashes. */
export function startScheme(): void {
  setScheme(kSchemes.find((known) => known === stored()) ?? 'system');
}

export function setScheme(chosen: Scheme): void {
  scheme.set(chosen);
  const root = document.documentElement;
  if (chosen === 'system') delete root.dataset['scheme'];
  else root.dataset['scheme'] = chosen;
  try {
    localStorage.setItem(kKey, chosen);
  } catch {
    // No storage, no memory.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(kKey);
  } catch {
    return null;
  }
}
