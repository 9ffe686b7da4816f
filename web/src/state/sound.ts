import { readPreferences } from './preferences';
import { Store } from './store';

/** Browsers may keep a page silent until its person touched it. True while that is so. */
export const soundBlocked = new Store(false);

const elements = new Set<HTMLAudioElement>();
let speaker = readPreferences().speaker ?? '';

/** Plays an element, and keeps it playing through the chosen speaker. Returns what ends it. */
export function playSound(element: HTMLAudioElement): () => void {
  elements.add(element);
  void route(element);
  void play(element);
  return () => void elements.delete(element);
}

/** To be called from a click: whatever was silent starts. */
export async function unblockSound(): Promise<void> {
  soundBlocked.set(false);
  await Promise.all([...elements].map(play));
}

/** Sends all sound to this device. */
export async function chooseSpeaker(deviceId: string): Promise<void> {
  speaker = deviceId;
  await Promise.all([...elements].map(route));
}

/** The device that sound goes to; empty for the computer's own choice. */
export function chosenSpeaker(): string {
  return speaker;
}

/** Whether this browser lets a page choose where sound goes. */
export function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
}

async function play(element: HTMLAudioElement): Promise<void> {
  try {
    await element.play();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') soundBlocked.set(true);
  }
}

async function route(element: HTMLAudioElement): Promise<void> {
  if (speaker && canChooseSpeaker()) await element.setSinkId(speaker).catch(() => undefined);
}
