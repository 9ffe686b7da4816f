import { area } from './area';

/** Everyone in one picture and one sound. */
export const oneStream = area({
  item: { en: 'One stream (saves battery and data)', de: 'Alle in einem Bild (spart Akku und Daten)' },
  picture: { en: 'Everyone in one picture', de: 'Alle in einem Bild' },
  label: { en: 'One stream', de: 'Ein Bild' },
  back: { en: 'Back to single pictures', de: 'Zurück zu Einzelbildern' },
  starting: { en: 'One picture of everyone is being prepared…', de: 'Ein Bild mit allen wird vorbereitet …' },
  alone: { en: 'One stream, once somebody is here', de: 'Ein Bild, sobald jemand da ist' },
  unavailable: {
    en: 'This server shows everyone in a picture of their own only.',
    de: 'Dieser Server zeigt alle nur einzeln.',
  },
  failed: {
    en: 'The server has no picture of everyone just now. You see each person singly.',
    de: 'Der Server hat gerade kein Bild mit allen. Sie sehen alle einzeln.',
  },
  weakLine: {
    en: 'Your connection is weak: you now see everyone in one picture.',
    de: 'Ihre Verbindung ist schwach: Sie sehen jetzt alle in einem Bild.',
  },
  busyProcessor: {
    en: 'So many pictures are too much for this device: you now see everyone in one.',
    de: 'So viele Bilder sind für dieses Gerät zu viel: Sie sehen jetzt alle in einem.',
  },
  lineIsGood: {
    en: 'Your connection is good again: you see each person singly.',
    de: 'Ihre Verbindung ist wieder gut: Sie sehen alle einzeln.',
  },
});

/** What the inspector says of it. */
export const inspectorStream = area({
  heading: { en: 'One stream (MCU)', de: 'Ein Strom (MCU)' },
  who: { en: 'Sent to', de: 'Geht an' },
  ours: { en: 'Yours', de: 'Ihrer' },
  limit: { en: 'Limit', de: 'Grenze' },
  starting: { en: 'starting', de: 'beginnt' },
  on: { en: 'on', de: 'an' },
  ending: { en: 'ending', de: 'endet' },
});
