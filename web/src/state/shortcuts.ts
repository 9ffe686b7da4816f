import type { LocalMedia } from '@parley/client';
import { keys } from '../words/shortcuts';
import { openSettings, openShortcuts } from './dialogs';

/** What a key press asks for. */
export type Command =
  | 'microphone'
  | 'camera'
  | 'talk'
  | 'hand'
  /** Brings the next raised hand on stage; in a meeting, where all are, changes the view. */
  | 'speaker'
  | 'screen'
  | 'pageBack'
  | 'pageOn'
  | 'chat'
  | 'people'
  | 'todo'
  | 'settings'
  | 'help';

interface Shortcut {
  readonly command: Command;
  readonly key: string;
  /** `main` is Ctrl, on a Mac ⌘; `both` is Ctrl with Alt, on a Mac Ctrl with ⌘; `none` waits while one types. */
  readonly with: 'main' | 'both' | 'none';
  /** It is listened to by what it acts on. */
  readonly elsewhere?: boolean;
}

/**
 * All shortcuts, in the order of the overview. None is a plain letter: those belong to screen readers and to people
 * who type. Ctrl with Alt is what German keyboards call AltGr: no letter is used that types a character with it.
 */
export const kShortcuts: readonly Shortcut[] = [
  { command: 'microphone', key: 'd', with: 'main' },
  { command: 'camera', key: 'e', with: 'main' },
  { command: 'talk', key: ' ', with: 'none', elsewhere: true },
  { command: 'hand', key: 'h', with: 'both' },
  { command: 'speaker', key: 'n', with: 'both' },
  { command: 'screen', key: 's', with: 'both' },
  { command: 'pageBack', key: 'PageUp', with: 'none', elsewhere: true },
  { command: 'pageOn', key: 'PageDown', with: 'none', elsewhere: true },
  { command: 'chat', key: 'c', with: 'both' },
  { command: 'people', key: 'p', with: 'both' },
  { command: 'todo', key: 't', with: 'both' },
  { command: 'settings', key: ',', with: 'main' },
  { command: 'help', key: '?', with: 'none' },
];

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a press means; nothing while a key has its own meaning to whoever types. */
export function commandOf(press: Press, typing = false): Command | undefined {
  return kShortcuts.find(
    (shortcut) =>
      !shortcut.elsewhere &&
      isKey(shortcut, press) &&
      modifiersOf(press) === shortcut.with &&
      !(typing && shortcut.with === 'none'),
  )?.command;
}

// With Ctrl and Alt the key may be reported as the character it would type: then its place counts.
function isKey({ key }: Shortcut, press: Press): boolean {
  return press.key.toLowerCase() === key || (press.altKey && press.code === `Key${key.toUpperCase()}`);
}

function modifiersOf({ ctrlKey, metaKey, altKey }: Press): Shortcut['with'] | undefined {
  if (ctrlKey && metaKey) return altKey ? undefined : 'both';
  if (ctrlKey || metaKey) return altKey ? (ctrlKey ? 'both' : undefined) : 'main';
  return altKey ? undefined : 'none';
}

/** Whether keys pressed there make text. */
export function isTyping(target: EventTarget | null): boolean {
  if (typeof Element === 'undefined' || !(target instanceof Element)) return false;
  return (
    target.closest(
      'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable="true"]',
    ) !== null
  );
}

/** What each command does where it is listened to. */
export type Handlers = Readonly<Partial<Record<Command, () => void>>>;

/** Obeys the shortcuts: those of devices and dialogs, and what else the page can do. Returns what ends it. */
export function listenToShortcuts(media: LocalMedia, more: Handlers = {}): () => void {
  const handlers: Handlers = {
    microphone: () => toggle(media, 'microphone'),
    camera: () => toggle(media, 'camera'),
    settings: () => openSettings(),
    help: openShortcuts,
    ...more,
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const command = commandOf(event, isTyping(event.target));
    const handler = command && handlers[command];
    if (!handler) return;
    event.preventDefault();
    if (!event.repeat) handler();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Switches the microphone or the camera over. */
export function toggle(media: LocalMedia, command: 'microphone' | 'camera'): void {
  if (command === 'microphone') void media.setMicrophone(!media.flags.micinf);
  else void media.setCamera(!media.flags.vidinf);
}

/** How the shortcut is written on this computer, key by key: `Ctrl`, `Alt`, `H`. */
export function shortcutKeys(command: Command, mac = isMac()): string[] {
  const shortcut = kShortcuts.find((known) => known.command === command);
  if (!shortcut) return [];
  const modifiers = {
    none: [],
    main: [mac ? '⌘' : keys.ctrl],
    both: mac ? ['⌃', '⌘'] : [keys.ctrl, keys.alt],
  }[shortcut.with];
  return [...modifiers, labelOf(shortcut.key)];
}

function labelOf(key: string): string {
  const names: Readonly<Record<string, string>> = { ' ': keys.space, PageUp: keys.pageUp, PageDown: keys.pageDown };
  return names[key] ?? key.toUpperCase();
}

/** The same in one piece: `Ctrl+Alt+H`, `⌃⌘H`. */
export function shortcutLabel(command: Command, mac = isMac()): string {
  return shortcutKeys(command, mac).join(mac ? '' : '+');
}

/** For `aria-keyshortcuts`: the names are those of the standard, in every language. */
export function ariaShortcut(command: Command, mac = isMac()): string | undefined {
  const shortcut = kShortcuts.find((known) => known.command === command);
  if (!shortcut) return undefined;
  const modifiers = { none: [], main: [mac ? 'Meta' : 'Control'], both: ['Control', mac ? 'Meta' : 'Alt'] }[
    shortcut.with
  ];
  const name = shortcut.key === ' ' ? 'Space' : shortcut.key.length > 1 ? shortcut.key : shortcut.key.toUpperCase();
  return [...modifiers, name].join('+');
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
