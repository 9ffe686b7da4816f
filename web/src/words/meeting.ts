import { area } from './area';

/** The bar, and what it opens. */
export const bar = area({
  raiseHand: { en: 'Raise hand', de: 'Hand heben' },
  lowerHand: { en: 'Lower hand', de: 'Hand senken' },
  react: { en: 'Reactions', de: 'Reaktionen' },
  reactHint: { en: 'Send a reaction', de: 'Reaktion senden' },
  reactWith: { en: (emoji: string) => `React with ${emoji}`, de: (emoji) => `Mit ${emoji} reagieren` },
  more: { en: 'More', de: 'Mehr' },
  moreHint: { en: 'More options', de: 'Weitere Möglichkeiten' },
  panels: { en: 'Panels', de: 'Bereiche' },
  closePanel: { en: 'Close the panel', de: 'Bereich schließen' },
  panel: { en: 'Side panel', de: 'Seitenbereich' },
  fullScreen: { en: 'Full screen', de: 'Vollbild' },
  pictureInPicture: { en: 'Picture in picture', de: 'Bild im Bild' },
  noPictureInPicture: { en: 'There is no picture to float.', de: 'Es gibt gerade kein Bild dafür.' },
  speaker: { en: 'Speaker view', de: 'Sprechende Person groß' },
  showSelf: { en: 'Show my own picture', de: 'Eigenes Bild zeigen' },
  mirror: { en: 'Mirror my own picture', de: 'Eigenes Bild spiegeln' },
  settings: { en: 'Settings', de: 'Einstellungen' },
  inspector: { en: 'Inspector', de: 'Inspektor' },
});

/** What the stage and its tiles say. */
export const stage = area({
  speaks: { en: (name: string) => `${name} speaks`, de: (name) => `${name} spricht` },
  youSpeak: { en: 'You speak', de: 'Sie sprechen' },
  elapsed: { en: (time: string) => `Meeting time ${time}`, de: (time) => `Dauer der Besprechung: ${time}` },
  pin: { en: (name: string) => `Pin ${name}`, de: (name) => `${name} anheften` },
  unpin: { en: (name: string) => `Unpin ${name}`, de: (name) => `${name} nicht mehr anheften` },
  pinned: { en: 'pinned', de: 'angeheftet' },
  hand: { en: 'hand raised', de: 'Hand gehoben' },
  pages: { en: 'Pages of pictures', de: 'Seiten mit Bildern' },
  previous: { en: 'Previous page', de: 'Vorige Seite' },
  next: { en: 'Next page', de: 'Nächste Seite' },
  page: {
    en: (page: number, pages: number) => `Page ${page} of ${pages}`,
    de: (page, pages) => `Seite ${page} von ${pages}`,
  },
  strip: { en: 'The others', de: 'Die anderen' },
  mutedHint: { en: 'You are muted: nobody hears you.', de: 'Sie sind stumm: Niemand hört Sie.' },
  locked: { en: 'Locked: nobody new comes in', de: 'Gesperrt: es kommt niemand mehr hinein' },
  reconnected: { en: 'Back again.', de: 'Wieder verbunden.' },
  raised: { en: (name: string) => `${name} raised a hand`, de: (name) => `${name} hat die Hand gehoben` },
  reacted: { en: (name: string, emoji: string) => `${name}: ${emoji}`, de: (name, emoji) => `${name}: ${emoji}` },
});

/** Before the door. */
export const waiting = area({
  title: { en: 'The host will let you in', de: 'Der Gastgeber lässt Sie gleich ein' },
  text: {
    en: (room: string) => `You asked to join ${room}. Keep this page open; you go in as soon as a host admits you.`,
    de: (room) =>
      `Sie haben bei ${room} angeklopft. Lassen Sie diese Seite offen; sobald Sie eingelassen werden, sind Sie drin.`,
  },
  since: { en: (time: string) => `Waiting for ${time}`, de: (time) => `Wartet seit ${time}` },
  cancel: { en: 'Stop waiting', de: 'Nicht mehr warten' },
  reconnecting: { en: 'The connection is being restored…', de: 'Die Verbindung wird wiederhergestellt …' },
  joining: { en: 'Joining…', de: 'Verbindet …' },
  late: {
    en: 'The server does not answer. You go in as soon as it can be reached.',
    de: 'Der Server antwortet nicht. Sobald er erreichbar ist, sind Sie drin.',
  },
});
