import { area } from './area';

export const lobby = area({
  aboutToJoin: { en: 'You are about to join', de: 'Sie betreten gleich' },
  name: { en: 'Your name', de: 'Ihr Name' },
  nameMissing: {
    en: 'Type your name first: the others see it.',
    de: 'Geben Sie zuerst Ihren Namen ein: Die anderen sehen ihn.',
  },
  nameGiven: {
    en: 'Your invitation is made out to this name.',
    de: 'Ihre Einladung ist auf diesen Namen ausgestellt.',
  },
  join: { en: 'Join the meeting', de: 'An der Besprechung teilnehmen' },
  toggles: { en: 'Turn microphone and camera on or off', de: 'Mikrofon und Kamera an- oder ausschalten' },
  preview: { en: 'Camera and microphone', de: 'Kamera und Mikrofon' },
  cameraStarts: { en: 'Your camera is starting…', de: 'Ihre Kamera startet …' },
  cameraFailed: { en: 'The others will not see you', de: 'Die anderen werden Sie nicht sehen' },
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
