import { Store } from './store';

/** The parts of the settings. */
export const kSettingsTabs = ['devices', 'meeting', 'general'] as const;
export type SettingsTab = (typeof kSettingsTabs)[number];

/** The dialog that lies over the page, wherever that is. */
export type Dialog = { readonly kind: 'settings'; readonly tab: SettingsTab } | { readonly kind: 'shortcuts' };

export const dialog = new Store<Dialog | undefined>(undefined);

export function openSettings(tab: SettingsTab = 'devices'): void {
  dialog.set({ kind: 'settings', tab });
}

export function openShortcuts(): void {
  dialog.set({ kind: 'shortcuts' });
}

export function closeDialog(): void {
  dialog.set(undefined);
}
