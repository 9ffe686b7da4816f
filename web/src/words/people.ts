import { area } from './area';

/** The list of people, and what hosts do with it. */
export const people = area({
  title: { en: 'People', de: 'Personen' },
  here: { en: (count: number) => `In the meeting (${count})`, de: (count) => `In der Besprechung (${count})` },
  owner: { en: 'Host', de: 'Gastgeber' },
  cohost: { en: 'Co-host', de: 'Mitgastgeber' },
  program: { en: 'Streaming program', de: 'Streaming-Programm' },
  hand: { en: (place: number) => `Hand raised, number ${place}`, de: (place) => `Hand gehoben, Nummer ${place}` },
  spoke: { en: (time: string) => `Spoke for ${time}`, de: (time) => `Hat ${time} gesprochen` },
  speaking: { en: 'Speaks now', de: 'Spricht gerade' },
  sharing: { en: 'Shares the screen', de: 'Teilt den Bildschirm' },
  more: { en: (name: string) => `More for ${name}`, de: (name) => `Mehr zu ${name}` },
  invite: { en: 'Copy invite link', de: 'Einladungslink kopieren' },
  muteAll: { en: 'Mute all', de: 'Alle stumm' },
  mutedAll: { en: 'Everyone else is muted.', de: 'Alle anderen sind stumm.' },
  pin: { en: 'Pin', de: 'Anheften' },
  unpin: { en: 'Unpin', de: 'Nicht mehr anheften' },
  write: { en: 'Write to them alone', de: 'Privat schreiben' },
  mute: { en: 'Mute', de: 'Stumm schalten' },
  askUnmute: { en: 'Ask to unmute', de: 'Bitten, das Mikrofon einzuschalten' },
  stopCamera: { en: 'Turn their camera off', de: 'Kamera ausschalten' },
  askCamera: { en: 'Ask to turn the camera on', de: 'Bitten, die Kamera einzuschalten' },
  stopShare: { en: 'Stop their screen share', de: 'Bildschirmteilen beenden' },
  lowerHand: { en: 'Lower hand', de: 'Hand senken' },
  makeCohost: { en: 'Make co-host', de: 'Zum Mitgastgeber machen' },
  makeParticipant: { en: 'Take the co-host role away', de: 'Rolle als Mitgastgeber nehmen' },
  handOver: { en: 'Hand the meeting over', de: 'Besprechung übergeben' },
  handOverTitle: {
    en: (name: string) => `Hand the meeting over to ${name}?`,
    de: (name) => `Besprechung an ${name} übergeben?`,
  },
  handOverText: {
    en: 'They become the host, and you a co-host.',
    de: 'Diese Person wird Gastgeber, Sie werden Mitgastgeber.',
  },
  remove: { en: 'Remove from the meeting', de: 'Aus der Besprechung entfernen' },
  removeTitle: { en: (name: string) => `Remove ${name}?`, de: (name) => `${name} entfernen?` },
  removeText: {
    en: 'They leave at once, and come back only if a host lets them in.',
    de: 'Die Person ist sofort draußen und kommt nur wieder herein, wenn ein Gastgeber sie einlässt.',
  },
  removeDo: { en: 'Remove', de: 'Entfernen' },
  may: { en: 'They may', de: 'Diese Person darf' },
  asked: { en: (name: string) => `${name} was asked.`, de: (name) => `${name} wurde gebeten.` },
});

/** The door: who waits, and what hosts answer. */
export const door = area({
  title: { en: 'Waiting to come in', de: 'Im Warteraum' },
  admit: { en: 'Admit', de: 'Einlassen' },
  refuse: { en: 'Refuse', de: 'Ablehnen' },
  admitOne: { en: (name: string) => `Admit ${name}`, de: (name) => `${name} einlassen` },
  refuseOne: { en: (name: string) => `Refuse ${name}`, de: (name) => `${name} ablehnen` },
  admitAll: { en: 'Admit all', de: 'Alle einlassen' },
  see: { en: 'See who', de: 'Ansehen' },
  account: { en: 'Has an account', de: 'Hat ein Konto' },
  guest: { en: 'Guest', de: 'Gast' },
  one: { en: (name: string) => `${name} wants to come in.`, de: (name) => `${name} möchte teilnehmen.` },
  more: {
    en: (name: string, others: number) =>
      others === 1 ? `${name} and one other want to come in.` : `${name} and ${others} others want to come in.`,
    de: (name, others) =>
      others === 1 ? `${name} und noch jemand möchten teilnehmen.` : `${name} und ${others} andere möchten teilnehmen.`,
  },
});

/** What hosts set for the whole room. */
export const hosting = area({
  settings: { en: 'Meeting settings', de: 'Einstellungen der Besprechung' },
  locked: { en: 'Lock the meeting', de: 'Besprechung sperren' },
  lockedText: { en: 'Nobody new comes in.', de: 'Es kommt niemand mehr hinein.' },
  waitingRoom: { en: 'Waiting room', de: 'Warteraum' },
  waitingRoomText: { en: 'You let newcomers in one by one.', de: 'Sie lassen Neue einzeln ein.' },
  membersOnly: { en: 'Members only', de: 'Nur Mitglieder' },
  membersOnlyText: { en: 'Accounts that belong to this room.', de: 'Konten, die zu diesem Raum gehören.' },
  may: { en: 'Participants may', de: 'Teilnehmende dürfen' },
  microphone: { en: 'Use their microphone', de: 'Das Mikrofon benutzen' },
  camera: { en: 'Use their camera', de: 'Die Kamera benutzen' },
  screen: { en: 'Share their screen', de: 'Den Bildschirm teilen' },
  chat: { en: 'Write in the chat', de: 'Im Chat schreiben' },
  todo: { en: 'Change the to-do list', de: 'Die Aufgabenliste ändern' },
  end: { en: 'End for all', de: 'Für alle beenden' },
  endTitle: { en: 'End the meeting for everyone?', de: 'Besprechung für alle beenden?' },
  endText: { en: 'All of you leave at once.', de: 'Alle verlassen sie sofort.' },
  justLeave: { en: 'Leave, let them go on', de: 'Verlassen, die anderen bleiben' },
});

/** What a host did, or asks, as the person concerned reads it. */
export const told = area({
  muted: { en: (host: string) => `${host} muted you.`, de: (host) => `${host} hat Sie stumm geschaltet.` },
  cameraOff: {
    en: (host: string) => `${host} turned your camera off.`,
    de: (host) => `${host} hat Ihre Kamera ausgeschaltet.`,
  },
  screenOff: {
    en: (host: string) => `${host} stopped your screen share.`,
    de: (host) => `${host} hat Ihr Bildschirmteilen beendet.`,
  },
  askMicrophone: {
    en: (host: string) => `${host} asks you to unmute.`,
    de: (host) => `${host} bittet Sie zu sprechen.`,
  },
  askCamera: {
    en: (host: string) => `${host} asks you to turn your camera on.`,
    de: (host) => `${host} bittet Sie, die Kamera einzuschalten.`,
  },
  askScreen: {
    en: (host: string) => `${host} asks you to share your screen.`,
    de: (host) => `${host} bittet Sie, den Bildschirm zu teilen.`,
  },
  askMicrophoneOff: { en: (host: string) => `${host} asks you to mute.`, de: (host) => `${host} bittet um Stille.` },
  askCameraOff: {
    en: (host: string) => `${host} asks you to turn your camera off.`,
    de: (host) => `${host} bittet Sie, die Kamera auszuschalten.`,
  },
  askScreenOff: {
    en: (host: string) => `${host} asks you to stop sharing.`,
    de: (host) => `${host} bittet Sie, das Teilen zu beenden.`,
  },
  unmute: { en: 'Unmute', de: 'Ton einschalten' },
  mute: { en: 'Mute', de: 'Stumm schalten' },
  turnOn: { en: 'Turn on', de: 'Einschalten' },
  turnOff: { en: 'Turn off', de: 'Ausschalten' },
  share: { en: 'Share', de: 'Teilen' },
  stop: { en: 'Stop', de: 'Beenden' },
  notNow: { en: 'Not now', de: 'Jetzt nicht' },
  aHost: { en: 'A host', de: 'Ein Gastgeber' },
  nowCohost: { en: 'You are a co-host now.', de: 'Sie sind jetzt Mitgastgeber.' },
  nowOwner: { en: 'You are the host now.', de: 'Sie sind jetzt Gastgeber.' },
  nowParticipant: { en: 'You are no longer a co-host.', de: 'Sie sind nicht mehr Mitgastgeber.' },
  mayNot: { en: 'A host has switched this off for you.', de: 'Ein Gastgeber hat das für Sie abgeschaltet.' },
  locked: { en: 'The meeting is locked.', de: 'Die Besprechung ist gesperrt.' },
  unlocked: { en: 'The meeting is open again.', de: 'Die Besprechung ist wieder offen.' },
  notDone: { en: 'That did not work. Try again.', de: 'Das hat nicht geklappt. Versuchen Sie es noch einmal.' },
});
