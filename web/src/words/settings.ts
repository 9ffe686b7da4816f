import { area } from './area';

export const settings = area({
  title: { en: 'Settings', de: 'Einstellungen' },
  tabs: { en: 'Parts of the settings', de: 'Bereiche der Einstellungen' },
  devices: { en: 'Devices', de: 'Geräte' },
  meeting: { en: 'Meeting', de: 'Besprechung' },
  general: { en: 'General', de: 'Allgemein' },
});

export const deviceSettings = area({
  preview: { en: 'How the others see you', de: 'So sehen Sie die anderen' },
  cameraIsOff: { en: 'Your camera is off', de: 'Ihre Kamera ist aus' },
  toggles: { en: 'Turn microphone and camera on or off', de: 'Mikrofon und Kamera an- oder ausschalten' },
  level: { en: 'How loud you are', de: 'Wie laut Sie sind' },
  speakHint: {
    en: 'Say something: the bar moves with your voice.',
    de: 'Sagen Sie etwas: Der Balken folgt Ihrer Stimme.',
  },
  mutedHint: { en: 'Your microphone is off.', de: 'Ihr Mikrofon ist aus.' },
  testSpeaker: { en: 'Test the sound', de: 'Ton testen' },
  testing: { en: 'Playing…', de: 'Wird gespielt …' },
  noChoice: {
    en: 'This browser leaves the choice of the speaker to the system.',
    de: 'Dieser Browser überlässt die Wahl des Lautsprechers dem System.',
  },
  sound: { en: 'Your sound', de: 'Ihr Ton' },
  noise: { en: 'Reduce noise', de: 'Geräusche unterdrücken' },
  noiseHint: { en: 'Keeps fans and keyboards out.', de: 'Hält Lüfter und Tastaturen fern.' },
  echo: { en: 'Cancel echo', de: 'Echo entfernen' },
  echoHint: {
    en: 'So that the others do not hear themselves. Off only with headphones.',
    de: 'Damit die anderen sich nicht selbst hören. Nur mit Kopfhörern ausschalten.',
  },
  gain: { en: 'Adjust the volume', de: 'Lautstärke anpassen' },
  gainHint: {
    en: 'Quiet voices become louder. Off for music.',
    de: 'Leise Stimmen werden lauter. Für Musik ausschalten.',
  },
  picture: { en: 'Your picture', de: 'Ihr Bild' },
  blur: { en: 'Blur the background', de: 'Hintergrund weichzeichnen' },
  blurHint: { en: 'Your browser blurs what is behind you.', de: 'Ihr Browser zeichnet weich, was hinter Ihnen ist.' },
  blurMissing: {
    en: 'This browser cannot do that by itself with this camera. Some systems can: look in your camera’s or system’s own settings.',
    de: 'Dieser Browser kann das mit dieser Kamera nicht selbst. Manche Systeme können es: Sehen Sie in deren Kamera-Einstellungen nach.',
  },
});

export const meetingSettings = area({
  talk: { en: 'Push to talk', de: 'Sprechen auf Tastendruck' },
  talkHint: {
    en: 'Hold Space to be heard while you are muted.',
    de: 'Leertaste halten, um trotz Stummschaltung gehört zu werden.',
  },
  mirror: { en: 'Mirror your own picture', de: 'Eigenes Bild spiegeln' },
  mirrorHint: {
    en: 'You see yourself as in a mirror; the others never do.',
    de: 'Nur Sie selbst sehen sich wie im Spiegel.',
  },
  notices: { en: 'Tell who joins and leaves', de: 'Melden, wer kommt und geht' },
  noticesHint: { en: 'A short message at the edge.', de: 'Eine kurze Meldung am Rand.' },
  sounds: { en: 'Play a sound as well', de: 'Dabei einen Ton spielen' },
  soundsHint: {
    en: 'Two notes: up for who comes, down for who goes.',
    de: 'Zwei Töne: aufwärts, wer kommt, abwärts, wer geht.',
  },
});

export const generalSettings = area({
  language: { en: 'Language', de: 'Sprache' },
  asBrowser: { en: 'As the browser', de: 'Wie der Browser' },
  colours: { en: 'Colours', de: 'Farben' },
  system: { en: 'As the system', de: 'Wie das System' },
  light: { en: 'Light', de: 'Hell' },
  dark: { en: 'Dark', de: 'Dunkel' },
  shortcuts: { en: 'Show all keyboard shortcuts', de: 'Alle Tastenkürzel zeigen' },
});

/** Languages are called by their own names, whichever is spoken. */
export const kLanguageNames = { en: 'English', de: 'Deutsch' } as const;
