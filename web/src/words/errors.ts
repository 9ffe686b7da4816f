import { area } from './area';

/** What the server's error codes mean to a person (docs/protocol.md): the title over {@link errorAdvice}. */
export const errorTitles = area({
  'room-full': { en: 'This room is full', de: 'Dieser Raum ist voll' },
  'stage-full': { en: 'The stage is full', de: 'Die Bühne ist voll' },
  'server-full': { en: 'The server is full', de: 'Der Server ist ausgelastet' },
  locked: { en: 'This meeting is locked', de: 'Diese Besprechung ist gesperrt' },
  'members-only': { en: 'This room is for its members', de: 'Dieser Raum ist nur für Mitglieder' },
  'account-required': { en: 'This server asks for an account', de: 'Dieser Server verlangt ein Konto' },
  removed: { en: 'You were removed from the meeting', de: 'Sie wurden aus der Besprechung entfernt' },
  refused: { en: 'You were not let in', de: 'Sie wurden nicht eingelassen' },
  'bad-token': { en: 'This invitation is not valid', de: 'Diese Einladung ist nicht gültig' },
  ended: { en: 'The meeting has ended', de: 'Die Besprechung ist beendet' },
  forbidden: { en: 'You may not do that here', de: 'Das dürfen Sie hier nicht' },
  unavailable: { en: 'The server cannot save just now', de: 'Der Server kann gerade nicht speichern' },
  timeout: { en: 'The server does not answer', de: 'Der Server antwortet nicht' },
  offline: { en: 'You are offline', de: 'Sie sind offline' },
});

export const errorAdvice = area({
  'room-full': {
    en: 'All places are taken. You can come in once somebody has left.',
    de: 'Alle Plätze sind belegt. Sie können eintreten, sobald jemand gegangen ist.',
  },
  'stage-full': {
    en: 'Move somebody to the audience first.',
    de: 'Schicken Sie zuerst jemanden ins Publikum.',
  },
  'server-full': {
    en: 'It holds as many meetings as it can. Try again in a while.',
    de: 'Er trägt so viele Besprechungen, wie er kann. Versuchen Sie es später noch einmal.',
  },
  locked: {
    en: 'Nobody new comes in. Ask a host to unlock it.',
    de: 'Es kommt niemand mehr hinein. Bitten Sie einen Gastgeber, sie zu öffnen.',
  },
  'members-only': {
    en: 'Log in with an account that is a member, or ask its owner for an invitation.',
    de: 'Melden Sie sich mit einem Konto an, das Mitglied ist, oder bitten Sie um eine Einladung.',
  },
  'account-required': { en: 'Log in, then join.', de: 'Melden Sie sich an und treten Sie dann bei.' },
  removed: {
    en: 'To come back, ask a host to let you in.',
    de: 'Um zurückzukommen, bitten Sie einen Gastgeber um Einlass.',
  },
  refused: {
    en: 'A host did not admit you. You can ask again.',
    de: 'Ein Gastgeber hat Sie nicht eingelassen. Sie können erneut fragen.',
  },
  'bad-token': {
    en: 'It has expired, or is for another room. Ask for a new link.',
    de: 'Sie ist abgelaufen oder für einen anderen Raum. Bitten Sie um einen neuen Link.',
  },
  ended: { en: 'A host ended it for everyone.', de: 'Ein Gastgeber hat sie für alle beendet.' },
  forbidden: { en: 'A host can allow it.', de: 'Ein Gastgeber kann es erlauben.' },
  unavailable: { en: 'Try again in a moment.', de: 'Versuchen Sie es gleich noch einmal.' },
  timeout: {
    en: 'Look at your connection, then try again.',
    de: 'Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  },
  offline: { en: 'It goes on when you are back.', de: 'Es geht weiter, sobald Sie wieder verbunden sind.' },
});

export const unknownError = area({
  said: { en: (message: string) => `The server said: ${message}`, de: (message) => `Der Server meldet: ${message}` },
  silent: { en: 'The server did not say why.', de: 'Der Server hat keinen Grund genannt.' },
});

/** A title and one sentence for an error code; undefined for one that needs no words of its own. */
export function errorWords(code: string): { title: string; text: string } | undefined {
  return isKnown(code) ? { title: errorTitles[code], text: errorAdvice[code] } : undefined;
}

/** The server's own words, for what we have none for. */
export function serverSaid(message: string | undefined): string {
  return message ? unknownError.said(message) : unknownError.silent;
}

function isKnown(code: string): code is keyof typeof errorTitles {
  return Object.hasOwn(errorTitles, code);
}
