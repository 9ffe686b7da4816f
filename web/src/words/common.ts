import { area } from './area';

/** What several pages say. */
export const common = area({
  toFirstPage: { en: 'To the first page', de: 'Zur Startseite' },
  logoHome: { en: 'Parley, to the first page', de: 'Parley, zur Startseite' },
  tryAgain: { en: 'Try again', de: 'Erneut versuchen' },
  dismiss: { en: 'Dismiss', de: 'Ausblenden' },
  close: { en: 'Close', de: 'Schließen' },
  cancel: { en: 'Cancel', de: 'Abbrechen' },
  save: { en: 'Save', de: 'Speichern' },
  notReachable: {
    en: 'Not reachable just now. Try again in a moment.',
    de: 'Gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.',
  },
  notShown: { en: 'This cannot be shown just now.', de: 'Das lässt sich gerade nicht anzeigen.' },
  copyLink: { en: 'Copy the link', de: 'Link kopieren' },
  copied: { en: 'Copied', de: 'Kopiert' },
  linkCopied: { en: 'Link copied', de: 'Link kopiert' },
  linkIs: { en: (link: string) => `The link is ${link}`, de: (link) => `Der Link ist ${link}` },
  you: { en: (name: string) => `${name} (you)`, de: (name) => `${name} (Sie)` },
  guest: { en: 'Guest', de: 'Gast' },
});

export const theme = area({
  system: { en: 'Colours: as the system', de: 'Farben: wie das System' },
  light: { en: 'Colours: light', de: 'Farben: hell' },
  dark: { en: 'Colours: dark', de: 'Farben: dunkel' },
});

/** Document titles: what a tab and the list of windows show. */
export const titles = area({
  home: { en: 'Parley: talk face to face', de: 'Parley: von Angesicht zu Angesicht' },
  account: { en: 'Your account – Parley', de: 'Ihr Konto – Parley' },
  lost: { en: 'Nothing here – Parley', de: 'Nichts hier – Parley' },
  lobby: { en: (room: string) => `Join ${room} – Parley`, de: (room) => `${room} beitreten – Parley` },
  meeting: { en: (room: string) => `${room} – Parley`, de: (room) => `${room} – Parley` },
  inspector: { en: 'Inspector – Parley', de: 'Inspektor – Parley' },
  doctor: { en: 'Check the connection – Parley', de: 'Verbindung prüfen – Parley' },
  left: { en: (room: string) => `Left ${room} – Parley`, de: (room) => `${room} verlassen – Parley` },
});
