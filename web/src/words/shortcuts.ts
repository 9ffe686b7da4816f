import type { Command } from '../state/shortcuts';
import { area } from './area';

/** Keys, as they are printed on keyboards. */
export const keys = area({
  ctrl: { en: 'Ctrl', de: 'Strg' },
  alt: { en: 'Alt', de: 'Alt' },
  pageUp: { en: 'Page up', de: 'Bild auf' },
  pageDown: { en: 'Page down', de: 'Bild ab' },
  space: { en: 'Space', de: 'Leertaste' },
});

export const shortcuts = area({
  title: { en: 'Keyboard shortcuts', de: 'Tastenkürzel' },
  intro: {
    en: 'Tab goes through everything on the page, Enter and Space press it, Escape closes what lies on top.',
    de: 'Tab führt durch alles auf der Seite, Eingabe und Leertaste drücken es, Escape schließt, was obenauf liegt.',
  },
  speakerView: { en: 'Speaker view, or all alike', de: 'Sprechende Person groß, oder alle gleich' },
  and: { en: 'and', de: 'und' },
});

/** What each shortcut does. */
export const commands = area<Record<Command, string>>({
  microphone: { en: 'Microphone on or off', de: 'Mikrofon an oder aus' },
  camera: { en: 'Camera on or off', de: 'Kamera an oder aus' },
  talk: { en: 'Hold to talk while muted', de: 'Gedrückt halten, um trotz Stummschaltung zu sprechen' },
  hand: { en: 'Raise or lower your hand', de: 'Hand heben oder senken' },
  speaker: { en: 'Bring the next raised hand on stage', de: 'Nächste gehobene Hand auf die Bühne holen' },
  screen: { en: 'Share the screen, or stop', de: 'Bildschirm teilen oder nicht mehr' },
  pageBack: { en: 'Previous page of pictures', de: 'Vorige Seite mit Bildern' },
  pageOn: { en: 'Next page of pictures', de: 'Nächste Seite mit Bildern' },
  chat: { en: 'Chat', de: 'Chat öffnen' },
  people: { en: 'People', de: 'Personen' },
  todo: { en: 'To-do list', de: 'Aufgabenliste' },
  settings: { en: 'Settings', de: 'Einstellungen' },
  help: { en: 'This overview', de: 'Diese Übersicht' },
});
