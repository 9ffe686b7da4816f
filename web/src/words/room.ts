import { area } from './area';

/** The meeting itself: bar, header, banners. */
export const room = area({
  heading: { en: (name: string) => `Meeting ${name}`, de: (name) => `Besprechung ${name}` },
  people: {
    en: (count: number) => (count === 1 ? '1 person here' : `${count} people here`),
    de: (count) => (count === 1 ? '1 Person hier' : `${count} Personen hier`),
  },
  controls: { en: 'Meeting controls', de: 'Steuerung der Besprechung' },
  microphone: { en: 'Microphone', de: 'Mikrofon' },
  mute: { en: 'Mute', de: 'Stumm schalten' },
  unmute: { en: 'Unmute', de: 'Ton einschalten' },
  camera: { en: 'Camera', de: 'Kamera' },
  cameraOff: { en: 'Turn the camera off', de: 'Kamera ausschalten' },
  cameraOn: { en: 'Turn the camera on', de: 'Kamera einschalten' },
  screen: { en: 'Share screen', de: 'Bildschirm teilen' },
  screenStart: { en: 'Share your screen, with its sound', de: 'Bildschirm mit Ton teilen' },
  screenStop: { en: 'Stop sharing', de: 'Nicht mehr teilen' },
  leave: { en: 'Leave', de: 'Verlassen' },
  leaveHint: { en: 'Leave the meeting', de: 'Besprechung verlassen' },
  connecting: { en: 'Connecting…', de: 'Verbindung wird aufgebaut …' },
  reconnecting: { en: 'Reconnecting…', de: 'Verbindung wird wiederhergestellt …' },
  goesOn: { en: 'Sound and picture go on meanwhile.', de: 'Ton und Bild laufen weiter.' },
  soundBlocked: {
    en: 'Your browser holds the sound back. Tap to hear the others.',
    de: 'Ihr Browser hält den Ton zurück. Tippen Sie, um die anderen zu hören.',
  },
  interrupted: {
    en: 'A call or another program holds your microphone or camera. Tap to get it back.',
    de: 'Ein Anruf oder ein anderes Programm hält Mikrofon oder Kamera fest. Tippen Sie, um sie zurückzuholen.',
  },
  alone: { en: 'You are the only one here', de: 'Noch sind Sie allein hier' },
  invite: {
    en: 'Send this link to whom you want to talk with. They need nothing but a browser.',
    de: 'Schicken Sie diesen Link an alle, mit denen Sie sprechen möchten. Ein Browser genügt.',
  },
});

/** What a tile says of its person. */
export const tile = area({
  ownScreen: { en: 'Your screen', de: 'Ihr Bildschirm' },
  screen: { en: (name: string) => `${name}’s screen`, de: (name) => `Bildschirm von ${name}` },
  microphoneOn: { en: 'microphone on', de: 'Mikrofon an' },
  microphoneOff: { en: 'microphone off', de: 'Mikrofon aus' },
  cameraOff: { en: 'camera off', de: 'Kamera aus' },
  reconnecting: { en: 'Reconnecting…', de: 'Verbindet neu …' },
  connecting: { en: 'Connecting…', de: 'Verbindet …' },
  away: { en: 'Away', de: 'Abwesend' },
});

/** Toasts about what happens in the room. */
export const happens = area({
  microphoneReplaced: {
    en: (label: string) => `Your microphone went away. Now in use: ${label}.`,
    de: (label) => `Ihr Mikrofon ist nicht mehr da. Jetzt in Gebrauch: ${label}.`,
  },
  cameraReplaced: {
    en: (label: string) => `Your camera went away. Now in use: ${label}.`,
    de: (label) => `Ihre Kamera ist nicht mehr da. Jetzt in Gebrauch: ${label}.`,
  },
  joined: { en: (name: string) => `${name} joined`, de: (name) => `${name} ist jetzt dabei` },
  left: { en: (name: string) => `${name} left`, de: (name) => `${name} ist gegangen` },
  lost: {
    en: (name: string) => `${name} lost the connection`,
    de: (name) => `${name} hat die Verbindung verloren`,
  },
  closing: {
    en: 'The server is restarting; the call goes on.',
    de: 'Der Server startet neu; das Gespräch läuft weiter.',
  },
  closingWithCall: {
    en: 'The server is restarting; the call comes back with it.',
    de: 'Der Server startet neu; danach geht das Gespräch weiter.',
  },
});
