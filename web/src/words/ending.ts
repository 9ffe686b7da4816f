import { area } from './area';

/** What people read who are out of the meeting. */
export const ending = area({
  left: { en: 'You left the meeting', de: 'Sie haben die Besprechung verlassen' },
  leftText: { en: 'Your camera and microphone are off.', de: 'Kamera und Mikrofon sind aus.' },
  replaced: { en: 'You are in this meeting elsewhere', de: 'Sie nehmen woanders an dieser Besprechung teil' },
  replacedText: {
    en: 'You came back in another window, so this one stepped out.',
    de: 'Sie sind in einem anderen Fenster wiedergekommen, deshalb ist dieses ausgestiegen.',
  },
  failed: { en: 'That did not work', de: 'Das hat nicht geklappt' },
  rejoin: { en: (room: string) => `Rejoin ${room}`, de: (room) => `Zurück in ${room}` },
});
