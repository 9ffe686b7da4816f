import { area } from './area';

/** Logging in and registering. */
export const signIn = area({
  logIn: { en: 'Log in', de: 'Anmelden' },
  register: { en: 'Make an account', de: 'Konto anlegen' },
  ways: { en: 'Log in or make an account', de: 'Anmelden oder Konto anlegen' },
  title: { en: 'Your account', de: 'Ihr Konto' },
  why: {
    en: 'With an account you keep rooms of your own, with their chat and their list, and decide who comes in.',
    de: 'Mit einem Konto behalten Sie eigene Räume mit ihrem Chat und ihrer Liste und bestimmen, wer hineinkommt.',
  },
  guestsFine: {
    en: 'You need none to join a meeting: the link is enough.',
    de: 'Zum Teilnehmen brauchen Sie keines: Der Link genügt.',
  },
  guestsClosed: {
    en: 'This server is for people with an account.',
    de: 'Dieser Server ist für Menschen mit Konto.',
  },
  name: { en: 'Account name', de: 'Kontoname' },
  nameHint: {
    en: 'To log in with. Small letters, digits, dots, dashes.',
    de: 'Zum Anmelden. Kleinbuchstaben, Ziffern, Punkte, Striche.',
  },
  displayName: { en: 'Your name', de: 'Ihr Name' },
  displayNameHint: { en: 'What the others see.', de: 'Den sehen die anderen.' },
  password: { en: 'Password', de: 'Passwort' },
  passwordHint: { en: 'At least 8 characters.', de: 'Mindestens 8 Zeichen.' },
  show: { en: 'Show the password', de: 'Passwort zeigen' },
  hide: { en: 'Hide the password', de: 'Passwort verbergen' },
  closed: {
    en: 'This server takes no new accounts. Ask whoever runs it for one.',
    de: 'Dieser Server nimmt keine neuen Konten an. Fragen Sie, wer ihn betreibt.',
  },
  unavailable: { en: 'The server does not answer.', de: 'Der Server antwortet nicht.' },
});

export const account = area({
  title: { en: 'Account', de: 'Konto' },
  hello: { en: (name: string) => `Hello, ${name}`, de: (name) => `Hallo, ${name}` },
  sections: { en: 'Parts of your account', de: 'Bereiche Ihres Kontos' },
  rooms: { en: 'My rooms', de: 'Meine Räume' },
  profile: { en: 'Profile', de: 'Profil' },
  sessions: { en: 'Devices', de: 'Geräte' },
  tokens: { en: 'API tokens', de: 'API-Schlüssel' },
  logOut: { en: 'Log out', de: 'Abmelden' },
  toAccount: { en: 'is logged in: to the account', de: 'ist angemeldet: zum Konto' },
  loading: { en: 'Loading…', de: 'Wird geladen …' },
});

export const profile = area({
  nameTitle: { en: 'Your name', de: 'Ihr Name' },
  nameText: { en: 'What the others see when you join.', de: 'Den sehen die anderen, wenn Sie teilnehmen.' },
  accountName: { en: (name: string) => `You log in as ${name}.`, de: (name) => `Sie melden sich als ${name} an.` },
  nameSaved: { en: 'Your name is changed.', de: 'Ihr Name ist geändert.' },
  passwordTitle: { en: 'Password', de: 'Passwort' },
  passwordText: {
    en: 'With a new one you stay logged in here; all other devices are logged out.',
    de: 'Mit einem neuen bleiben Sie hier angemeldet, alle anderen Geräte werden abgemeldet.',
  },
  current: { en: 'Present password', de: 'Bisheriges Passwort' },
  next: { en: 'New password', de: 'Neues Passwort' },
  again: { en: 'New password again', de: 'Neues Passwort wiederholen' },
  change: { en: 'Change the password', de: 'Passwort ändern' },
  changed: { en: 'Your password is changed.', de: 'Ihr Passwort ist geändert.' },
  removeTitle: { en: 'Delete the account', de: 'Konto löschen' },
  removeText: {
    en: 'Your rooms, and all that was written in them, go with it. This cannot be undone.',
    de: 'Ihre Räume und alles, was darin geschrieben wurde, werden mit gelöscht. Das lässt sich nicht rückgängig machen.',
  },
  remove: { en: 'Delete my account', de: 'Mein Konto löschen' },
  removed: { en: 'Your account is deleted.', de: 'Ihr Konto ist gelöscht.' },
});

export const sessions = area({
  text: {
    en: 'Every browser that is logged in to your account. Log out what you do not know, then change your password.',
    de: 'Jeder Browser, der in Ihrem Konto angemeldet ist. Melden Sie ab, was Sie nicht kennen, und ändern Sie dann Ihr Passwort.',
  },
  unknown: { en: 'Unknown browser', de: 'Unbekannter Browser' },
  current: { en: 'this one', de: 'dieser hier' },
  since: {
    en: (first: string, last: string) => `Logged in ${first}, last here ${last}`,
    de: (first, last) => `Angemeldet ${first}, zuletzt hier ${last}`,
  },
  end: { en: 'Log out', de: 'Abmelden' },
  endNamed: { en: (browser: string) => `Log out ${browser}`, de: (browser) => `${browser} abmelden` },
});

export const tokens = area({
  text: {
    en: 'With a token, a program of yours makes rooms and invitations in your name. Give each program its own.',
    de: 'Mit einem Schlüssel legt ein Programm in Ihrem Namen Räume und Einladungen an. Geben Sie jedem Programm seinen eigenen.',
  },
  name: { en: 'What it is for', de: 'Wofür er ist' },
  holds: { en: 'Holds', de: 'Gilt' },
  days: { en: (count: number) => `${count} days`, de: (count) => `${count} Tage` },
  forEver: { en: 'For ever', de: 'Unbegrenzt' },
  make: { en: 'Make a token', de: 'Schlüssel anlegen' },
  none: { en: 'No tokens yet.', de: 'Noch keine Schlüssel.' },
  made: { en: (name: string) => `The token for ${name}`, de: (name) => `Der Schlüssel für ${name}` },
  once: { en: 'Copy it now: it is not shown again.', de: 'Kopieren Sie ihn jetzt: Er wird nicht noch einmal gezeigt.' },
  copy: { en: 'Copy', de: 'Kopieren' },
  done: { en: 'Done', de: 'Fertig' },
  revoke: { en: 'Revoke', de: 'Widerrufen' },
  revokeNamed: { en: (name: string) => `Revoke ${name}`, de: (name) => `${name} widerrufen` },
  used: { en: (when: string) => `last used ${when}`, de: (when) => `zuletzt benutzt ${when}` },
  unused: { en: 'never used', de: 'nie benutzt' },
  until: { en: (when: string) => `until ${when}`, de: (when) => `bis ${when}` },
});

export const rooms = area({
  text: {
    en: 'A room of yours keeps its name, chat and list. Only you and your co-hosts rule it.',
    de: 'Ein eigener Raum behält Namen, Chat und Liste. Nur Sie und Ihre Mitgastgeber bestimmen darin.',
  },
  name: { en: 'Name of the room', de: 'Name des Raums' },
  nameHint: { en: 'Leave it empty for one that nobody guesses.', de: 'Leer lassen für einen, den niemand errät.' },
  make: { en: 'Make a room', de: 'Raum anlegen' },
  none: { en: 'No rooms yet', de: 'Noch keine Räume' },
  noneText: {
    en: 'Make one for what comes again: the daily meeting, the choir, the family.',
    de: 'Legen Sie einen an für das, was wiederkehrt: die tägliche Runde, den Chor, die Familie.',
  },
  open: { en: 'Open', de: 'Öffnen' },
  openNamed: { en: (room: string) => `Open ${room}`, de: (room) => `${room} öffnen` },
  copyNamed: { en: (room: string) => `Copy the link to ${room}`, de: (room) => `Link zu ${room} kopieren` },
  settings: { en: 'Settings', de: 'Einstellungen' },
  settingsNamed: { en: (room: string) => `Settings of ${room}`, de: (room) => `Einstellungen von ${room}` },
  leave: { en: 'Leave', de: 'Austreten' },
  leaveNamed: { en: (room: string) => `Leave ${room} as a member`, de: (room) => `Aus ${room} austreten` },
  used: { en: (when: string) => `Last used ${when}`, de: (when) => `Zuletzt benutzt ${when}` },
  owner: { en: 'owner', de: 'Inhaber' },
  cohost: { en: 'co-host', de: 'Mitgastgeber' },
  participant: { en: 'member', de: 'Mitglied' },
  openDoor: { en: 'open to all with the link', de: 'offen für alle mit dem Link' },
  isLocked: { en: 'locked', de: 'gesperrt' },
  hasWaitingRoom: { en: 'waiting room', de: 'Warteraum' },
  isMembersOnly: { en: 'members only', de: 'nur Mitglieder' },
});

export const roomSettings = area({
  door: { en: 'Who comes in', de: 'Wer hineinkommt' },
  locked: { en: 'Lock the room', de: 'Raum sperren' },
  lockedHint: { en: 'Nobody new comes in.', de: 'Niemand Neues kommt hinein.' },
  waitingRoom: { en: 'Waiting room', de: 'Warteraum' },
  waitingRoomHint: {
    en: 'Whoever comes waits until a host lets them in.',
    de: 'Wer kommt, wartet, bis ein Gastgeber öffnet.',
  },
  membersOnly: { en: 'Members only', de: 'Nur Mitglieder' },
  membersOnlyHint: { en: 'Only the accounts listed below.', de: 'Nur die Konten in der Liste unten.' },
  lecture: { en: 'Lecture', de: 'Vortrag' },
  lectureHint: {
    en: 'Few are on stage; up to 1,000 others watch and listen.',
    de: 'Wenige sind auf der Bühne, bis zu 1.000 andere sehen und hören zu.',
  },
  may: { en: 'What participants may do', de: 'Was Teilnehmende dürfen' },
  microphone: { en: 'Speak', de: 'Sprechen' },
  camera: { en: 'Show their camera', de: 'Kamera zeigen' },
  screen: { en: 'Share their screen', de: 'Bildschirm teilen' },
  chat: { en: 'Write in the chat', de: 'Im Chat schreiben' },
  todo: { en: 'Change the list', de: 'Die Liste ändern' },
  mayHint: { en: 'Hosts may always.', de: 'Gastgeber dürfen es immer.' },
  members: { en: 'Members', de: 'Mitglieder' },
  noMembers: { en: 'No members yet.', de: 'Noch keine Mitglieder.' },
  addMember: { en: 'Account name', de: 'Kontoname' },
  add: { en: 'Add', de: 'Hinzufügen' },
  roleOf: { en: (name: string) => `Role of ${name}`, de: (name) => `Rolle von ${name}` },
  remove: { en: 'Remove', de: 'Entfernen' },
  removeNamed: { en: (name: string) => `Remove ${name}`, de: (name) => `${name} entfernen` },
  delete: { en: 'Delete the room', de: 'Raum löschen' },
  deleteText: {
    en: 'Its chat and its list go with it. This cannot be undone.',
    de: 'Sein Chat und seine Liste werden mit gelöscht. Das lässt sich nicht rückgängig machen.',
  },
  deleteSure: { en: (room: string) => `Delete ${room} for good`, de: (room) => `${room} endgültig löschen` },
});

/** Times, as people say them. */
export const times = area({
  justNow: { en: 'just now', de: 'gerade eben' },
});
