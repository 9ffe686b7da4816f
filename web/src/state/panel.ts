import { Store } from './store';

/** What the panel beside the pictures can show. */
export const kPanels = ['people', 'chat', 'questions', 'todo', 'inspector'] as const;
export type PanelName = (typeof kPanels)[number];

/** What it shows; undefined while it is closed. */
export const panel = new Store<PanelName | undefined>(undefined);

/** Where the focus was when the panel opened: it goes back there. */
let opener: HTMLElement | undefined;

export function openPanel(name: PanelName): void {
  if (!panel.get() && typeof document !== 'undefined' && document.activeElement instanceof HTMLElement)
    opener = document.activeElement;
  panel.set(name);
}

export function closePanel(): void {
  if (!panel.get()) return;
  panel.set(undefined);
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = undefined;
}

/** What its button and shortcut do. */
export function togglePanel(name: PanelName): void {
  if (panel.get() === name) closePanel();
  else openPanel(name);
}

/** The tab `step` places on, going round: what the arrow keys do. */
export function neighbourPanel(name: PanelName, step: number, names: readonly PanelName[] = kPanels): PanelName {
  const index = names.indexOf(name) + step;
  return names[(index + names.length) % names.length] ?? name;
}
