import type { Trouble, TroubleKind } from '../state/account/trouble';
import { area } from './area';
import { serverSaid } from './errors';

/** What is wrong with a value or a form, and what would be right. */
export const troubles = area<Record<TroubleKind, string>>({
  missing: { en: 'This is needed.', de: 'Das wird gebraucht.' },
  'name-length': { en: 'Between 3 and 32 characters.', de: 'Zwischen 3 und 32 Zeichen.' },
  'name-letters': {
    en: 'Small letters a to z, digits, dots and dashes; first a letter or digit.',
    de: 'Kleinbuchstaben a bis z, Ziffern, Punkte und Striche; zuerst ein Buchstabe oder eine Ziffer.',
  },
  'room-letters': {
    en: 'Letters, digits, dots and dashes, 64 at most.',
    de: 'Buchstaben, Ziffern, Punkte und Striche, höchstens 64.',
  },
  'password-short': { en: 'At least 8 characters.', de: 'Mindestens 8 Zeichen.' },
  'password-long': { en: 'At most 72 characters.', de: 'Höchstens 72 Zeichen.' },
  'password-differs': { en: 'The two are not the same.', de: 'Die beiden sind nicht gleich.' },
  'too-long': { en: 'That is too long.', de: 'Das ist zu lang.' },
  taken: { en: 'This name is taken.', de: 'Dieser Name ist vergeben.' },
  'wrong-login': { en: 'Name or password is wrong.', de: 'Name oder Passwort ist falsch.' },
  'wrong-password': { en: 'That is not your password.', de: 'Das ist nicht Ihr Passwort.' },
  'no-such-user': { en: 'Nobody here logs in with this name.', de: 'Niemand meldet sich hier mit diesem Namen an.' },
  'is-owner': { en: 'That is the owner of the room.', de: 'Das ist der Inhaber des Raums.' },
  closed: {
    en: 'This server takes no new accounts. Ask whoever runs it for one.',
    de: 'Dieser Server nimmt keine neuen Konten an. Fragen Sie, wer ihn betreibt.',
  },
  'logged-out': { en: 'You are logged out. Log in again.', de: 'Sie sind abgemeldet. Melden Sie sich wieder an.' },
  gone: { en: 'It is no longer there.', de: 'Das gibt es nicht mehr.' },
  forbidden: { en: 'You may not do that.', de: 'Das dürfen Sie nicht.' },
  offline: {
    en: 'The server cannot be reached. Look at your connection.',
    de: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung.',
  },
  unavailable: {
    en: 'The server cannot do that just now. Try again in a moment.',
    de: 'Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
  },
});

const wait = area({
  seconds: {
    en: (count: number) => `Too many attempts. Try again in ${count === 1 ? '1 second' : `${count} seconds`}.`,
    de: (count) => `Zu viele Versuche. Noch ${count === 1 ? '1 Sekunde' : `${count} Sekunden`} warten.`,
  },
  minutes: {
    en: (count: number) => `Too many attempts. Try again in ${count} minutes.`,
    de: (count) => `Zu viele Versuche. Noch ${count} Minuten warten.`,
  },
  over: { en: 'You may try again now.', de: 'Sie können es jetzt wieder versuchen.' },
});

/** A trouble in one sentence, as of `now`. */
export function troubleWords(trouble: Trouble, now: number): string {
  if (trouble.kind === 'said') return serverSaid(trouble.text);
  if (trouble.kind !== 'wait') return troubles[trouble.kind];
  const seconds = Math.ceil((trouble.until - now) / 1000);
  if (seconds <= 0) return wait.over;
  return seconds > 90 ? wait.minutes(Math.ceil(seconds / 60)) : wait.seconds(seconds);
}
