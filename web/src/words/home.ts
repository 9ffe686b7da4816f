import { area } from './area';

export const home = area({
  title1: { en: 'Talk face to face,', de: 'Miteinander reden,' },
  title2: { en: 'on a server', de: 'auf dem' },
  title3: { en: 'of your own.', de: 'eigenen Server.' },
  lead: {
    en: 'Open a room, send its link, and you are in the call. No account, nothing to install, and nobody in between.',
    de: 'Raum öffnen, Link verschicken, schon sprechen Sie miteinander. Ohne Konto, ohne Installation, ohne jemanden dazwischen.',
  },
  start: { en: 'Start a meeting', de: 'Besprechung starten' },
  lecture: { en: 'New lecture', de: 'Neuer Vortrag' },
  code: { en: 'Code or link', de: 'Code oder Link' },
  wrongCode: {
    en: 'That is neither a code nor a link: letters, digits, dots and dashes make a code.',
    de: 'Das ist weder ein Code noch ein Link. Ein Code besteht aus Buchstaben, Ziffern, Punkten und Strichen.',
  },
  join: { en: 'Join', de: 'Beitreten' },
  allRooms: { en: 'All my rooms', de: 'Alle meine Räume' },
  guestsClosed: {
    en: 'This server is for people with an account. Log in to start or join a meeting.',
    de: 'Dieser Server ist für Menschen mit Konto. Melden Sie sich an, um zu beginnen oder teilzunehmen.',
  },
  art: { en: 'Four people in a video call', de: 'Vier Menschen in einem Videogespräch' },
});

/** The page for addresses that lead nowhere. */
export const lost = area({
  title: { en: 'There is nothing at this address', de: 'Unter dieser Adresse ist nichts' },
  text: {
    en: 'Perhaps a letter got lost on the way. A link to a meeting ends in /room/ and its code.',
    de: 'Vielleicht ging unterwegs ein Buchstabe verloren. Ein Link zu einer Besprechung endet auf /room/ und ihren Code.',
  },
  roomTitle: { en: 'No room can have this name', de: 'So kann kein Raum heißen' },
  roomText: {
    en: 'A room’s name has letters, digits, dots and dashes, begins with a letter or digit, and is at most 64 long.',
    de: 'Ein Raumname besteht aus höchstens 64 Buchstaben, Ziffern, Punkten und Strichen; der Anfang ist ein Buchstabe oder eine Ziffer.',
  },
  meant: { en: (room: string) => `Go to ${room}`, de: (room) => `Zu ${room} gehen` },
});
