import type { LocalMedia } from '@parley/client';

/** What a key press asks for. */
export type Command = 'microphone' | 'camera';

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Ctrl+D (⌘D on a Mac) is the microphone, Ctrl+E (⌘E) the camera, as people know it from elsewhere. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): Command | undefined {
  if (!(ctrlKey || metaKey) || altKey || shiftKey) return undefined;
  return key.toLowerCase() === 'd' ? 'microphone' : key.toLowerCase() === 'e' ? 'camera' : undefined;
}

/** How the shortcut is written on this computer. */
export function shortcutLabel(command: Command): string {
  const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
  return `${isMac ? '⌘' : 'Ctrl+'}${command === 'microphone' ? 'D' : 'E'}`;
}

/** Obeys the shortcuts. Returns what ends it. */
export function listenToShortcuts(media: LocalMedia): () => void {
  const onKey = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command || event.repeat) return;
    event.preventDefault();
    toggle(media, command);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Switches the microphone or the camera over. */
export function toggle(media: LocalMedia, command: Command): void {
  if (command === 'microphone') void media.setMicrophone(!media.flags.micinf);
  else void media.setCamera(!media.flags.vidinf);
}
