import { area } from './area';

/** Everyone in one picture and one sound. */
export const oneStream = area({
  item: { en: 'One stream (saves battery and data)', de: 'Ein Strom für alle (spart Akku und Daten)' },
  picture: { en: 'Everyone in one picture', de: 'Alle in einem Bild' },
  label: { en: 'One stream', de: 'Ein Strom' },
  back: { en: 'Back to tiles', de: 'Zurück zu Kacheln' },
  starting: { en: 'One picture of everyone is being prepared…', de: 'Ein Bild mit allen wird vorbereitet …' },
  alone: { en: 'One stream, once somebody is here', de: 'Ein Strom, sobald jemand da ist' },
  unavailable: {
    en: 'This server shows people in tiles only, not in one stream.',
    de: 'Dieser Server zeigt alle nur einzeln, nicht in einem Strom.',
  },
  failed: {
    en: 'The server has no picture of everyone just now. You see tiles.',
    de: 'Der Server hat gerade kein Bild mit allen. Sie sehen Kacheln.',
  },
  weakLine: {
    en: 'Your connection is weak: you now get everyone in one stream.',
    de: 'Ihre Verbindung ist schwach: Sie bekommen jetzt alle in einem Strom.',
  },
  busyProcessor: {
    en: 'Your device cannot keep up with so many pictures: you now get everyone in one stream.',
    de: 'Ihr Gerät kommt bei so vielen Bildern nicht mit: Sie bekommen jetzt alle in einem Strom.',
  },
  lineIsGood: {
    en: 'Your connection is good again: you see everyone in tiles.',
    de: 'Ihre Verbindung ist wieder gut: Sie sehen alle in Kacheln.',
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
