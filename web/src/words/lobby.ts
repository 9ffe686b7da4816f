import { area } from './area';

export const lobby = area({
  aboutToJoin: { en: 'You are about to join', de: 'Sie betreten gleich' },
  name: { en: 'Your name', de: 'Ihr Name' },
  nameMissing: {
    en: 'The others will want to know who you are.',
    de: 'Die anderen möchten wissen, wer Sie sind.',
  },
  nameGiven: { en: 'This name comes with your invitation.', de: 'Diesen Namen nennt Ihre Einladung.' },
  join: { en: 'Join the meeting', de: 'An der Besprechung teilnehmen' },
  preview: { en: 'Camera and microphone', de: 'Kamera und Mikrofon' },
  cameraStarts: { en: 'Your camera is starting…', de: 'Ihre Kamera startet …' },
  cameraFailed: { en: 'No picture', de: 'Kein Bild' },
  cameraOff: { en: 'Your camera is off', de: 'Ihre Kamera ist aus' },
});

/** Who is in the room already, by up to three names. */
export const presence = area({
  nobody: { en: 'Nobody is here yet.', de: 'Noch ist niemand da.' },
  one: { en: (a: string) => `${a} is here.`, de: (a) => `${a} ist da.` },
  two: { en: (a: string, b: string) => `${a} and ${b} are here.`, de: (a, b) => `${a} und ${b} sind da.` },
  three: {
    en: (a: string, b: string, c: string) => `${a}, ${b} and ${c} are here.`,
    de: (a, b, c) => `${a}, ${b} und ${c} sind da.`,
  },
  more: {
    en: (a: string, b: string, others: number) => `${a}, ${b} and ${others} others are here.`,
    de: (a, b, others) => `${a}, ${b} und ${others} andere sind da.`,
  },
});
