import { area } from './area';

/** A lecture as everybody sees it: who is on stage, who watches. */
export const lecture = area({
  title: { en: 'Lecture', de: 'Vortrag' },
  stage: { en: (count: number) => `On stage (${count})`, de: (count) => `Auf der Bühne (${count})` },
  onStage: {
    en: (count: number) => (count === 1 ? '1 person on stage' : `${count} people on stage`),
    de: (count) => (count === 1 ? '1 Person auf der Bühne' : `${count} Personen auf der Bühne`),
  },
  watching: {
    en: (count: number) => (count === 1 ? '1 person watching' : `${count} people watching`),
    de: (count) => (count === 1 ? '1 Person sieht zu' : `${count} Personen sehen zu`),
  },
  invite: {
    en: 'Send this link to your audience. They watch and listen, and raise a hand to speak.',
    de: 'Schicken Sie diesen Link an Ihr Publikum. Es sieht und hört zu und hebt die Hand, um zu sprechen.',
  },
  notHere: {
    en: 'This server cannot carry a lecture, so this is a meeting.',
    de: 'Dieser Server kann keinen Vortrag übertragen. Dies ist daher eine Besprechung.',
  },
});

/** What the audience reads. */
export const audience = area({
  raise: { en: 'Raise hand to speak', de: 'Hand heben, um zu sprechen' },
  lower: { en: 'Lower hand', de: 'Hand senken' },
  raised: { en: 'Hand is raised', de: 'Hand ist gehoben' },
  waits: {
    en: (others: number) =>
      others === 0
        ? 'You are the only one with a raised hand.'
        : `${others} ${others === 1 ? 'other has' : 'others have'} a hand raised, too.`,
    de: (others) =>
      others === 0
        ? 'Nur Ihre Hand ist gehoben.'
        : others === 1
          ? 'Noch jemand hat die Hand gehoben.'
          : `Noch ${others} andere haben die Hand gehoben.`,
  },
  silent: {
    en: 'You are in the audience. Raise your hand to speak.',
    de: 'Sie sitzen im Publikum. Heben Sie die Hand, um zu sprechen.',
  },
  empty: { en: 'Nobody is on stage just now', de: 'Gerade ist niemand auf der Bühne' },
  emptyText: {
    en: 'Stay here: the lecture goes on as soon as somebody comes.',
    de: 'Bleiben Sie hier: Der Vortrag geht weiter, sobald jemand kommt.',
  },
  preparing: { en: 'The picture is on its way…', de: 'Das Bild kommt gleich …' },
});

/** Before the lecture, for who will watch. */
export const lectureLobby = area({
  watch: { en: 'You are about to watch', de: 'Gleich sehen Sie' },
  give: { en: 'You are about to hold the lecture', de: 'Gleich halten Sie den Vortrag' },
  title: { en: 'You watch and listen', de: 'Sie sehen und hören zu' },
  text: {
    en: 'Raise your hand to speak. Camera and microphone stay off, and nobody sees you.',
    de: 'Heben Sie die Hand, um zu sprechen. Kamera und Mikrofon bleiben aus, und niemand sieht Sie.',
  },
  join: { en: 'Watch the lecture', de: 'Vortrag ansehen' },
  begin: { en: 'Go on stage', de: 'Auf die Bühne' },
  name: {
    en: 'Hosts read it when you raise your hand.',
    de: 'Die Gastgeber lesen ihn, wenn Sie die Hand heben.',
  },
  nobody: { en: 'Nobody is on stage yet.', de: 'Noch ist niemand auf der Bühne.' },
});

/** What one reads who goes on stage or leaves it. */
export const onStage = area({
  title: { en: 'You are on stage now', de: 'Sie sind jetzt auf der Bühne' },
  by: {
    en: (host: string) => `${host} brought you on stage`,
    de: (host) => `${host} hat Sie auf die Bühne geholt`,
  },
  text: {
    en: 'Nobody sees or hears you until you turn something on.',
    de: 'Niemand sieht oder hört Sie, bis Sie etwas einschalten.',
  },
  both: { en: 'Microphone and camera', de: 'Mikrofon und Kamera' },
  microphone: { en: 'Microphone only', de: 'Nur das Mikrofon' },
  notYet: { en: 'Not yet', de: 'Noch nicht' },
  turnOn: { en: 'Turn on', de: 'Einschalten' },
  leave: { en: 'Leave the stage', de: 'Bühne verlassen' },
  leaveHint: { en: 'Back into the audience', de: 'Zurück ins Publikum' },
  off: {
    en: 'You are back in the audience. Microphone and camera are off.',
    de: 'Sie sind wieder im Publikum. Mikrofon und Kamera sind aus.',
  },
  offBy: {
    en: (host: string) => `${host} took you off the stage. Microphone and camera are off.`,
    de: (host) => `${host} hat Sie von der Bühne genommen. Mikrofon und Kamera sind aus.`,
  },
  noPlace: {
    en: 'The stage is full, so you are in the audience. Raise your hand to speak.',
    de: 'Die Bühne ist voll, daher sitzen Sie im Publikum. Heben Sie die Hand, um zu sprechen.',
  },
  begun: {
    en: 'This is a lecture now, and you are in the audience. Microphone and camera are off.',
    de: 'Dies ist jetzt ein Vortrag, und Sie sitzen im Publikum. Mikrofon und Kamera sind aus.',
  },
  over: {
    en: 'The lecture is over: this is a meeting, and you may speak.',
    de: 'Der Vortrag ist zu Ende: Dies ist eine Besprechung, und Sie dürfen sprechen.',
  },
  came: { en: (name: string) => `${name} is on stage`, de: (name) => `${name} ist auf der Bühne` },
  went: { en: (name: string) => `${name} left the stage`, de: (name) => `${name} hat die Bühne verlassen` },
});

/** What hosts of a lecture see and do. */
export const hostLecture = area({
  setting: { en: 'Lecture', de: 'Vortrag' },
  settingText: {
    en: 'Whom you bring on stage speaks. Up to 1,000 others watch and listen.',
    de: 'Es spricht, wen Sie auf die Bühne holen. Bis zu 1.000 andere sehen und hören zu.',
  },
  beginTitle: { en: 'Make this a lecture?', de: 'Einen Vortrag daraus machen?' },
  beginText: {
    en: 'All but the hosts leave the stage: their microphones and cameras go off. You can bring them back.',
    de: 'Alle außer den Gastgebern verlassen die Bühne: Mikrofone und Kameras gehen aus. Sie können sie zurückholen.',
  },
  begin: { en: 'Begin the lecture', de: 'Vortrag beginnen' },
  tooMany: {
    en: 'More than 100 people are watching: too many for a meeting.',
    de: 'Mehr als 100 Personen sehen zu: zu viele für eine Besprechung.',
  },
  unavailable: {
    en: 'This server carries no sound and picture, so it cannot hold a lecture.',
    de: 'Dieser Server überträgt weder Ton noch Bild und kann daher keinen Vortrag halten.',
  },
  hands: { en: (count: number) => `Raised hands (${count})`, de: (count) => `Gehobene Hände (${count})` },
  noHands: { en: 'Nobody has a hand raised.', de: 'Niemand hat die Hand gehoben.' },
  lowerAll: { en: 'Lower all', de: 'Alle senken' },
  moreHands: {
    en: (count: number) => `and ${count} more after them`,
    de: (count) => `und danach noch ${count}`,
  },
  bring: { en: 'Bring on stage', de: 'Auf die Bühne holen' },
  // In a row beside the name there is room for a word; who only hears the button hears where to.
  bringShort: { en: 'Invite', de: 'Einladen' },
  bringOne: { en: (name: string) => `Invite ${name} on stage`, de: (name) => `${name} auf die Bühne einladen` },
  lowerOne: { en: (name: string) => `Lower the hand of ${name}`, de: (name) => `Hand von ${name} senken` },
  takeOff: { en: 'Move to the audience', de: 'Ins Publikum' },
  audience: { en: (count: number) => `Audience (${count})`, de: (count) => `Publikum (${count})` },
  search: { en: 'Search the audience', de: 'Im Publikum suchen' },
  found: {
    en: (name: string) => `Nobody in the audience is called “${name}”.`,
    de: (name) => `Im Publikum heißt niemand „${name}“.`,
  },
  nobody: { en: 'Nobody is watching yet', de: 'Noch sieht niemand zu' },
  nobodyText: {
    en: 'Send the invite link. Who comes by it watches, and raises a hand to speak.',
    de: 'Verschicken Sie den Einladungslink. Wer darüber kommt, sieht zu und hebt die Hand, um zu sprechen.',
  },
  loading: { en: 'Loading…', de: 'Wird geladen …' },
  failed: { en: 'The list could not be loaded.', de: 'Die Liste konnte nicht geladen werden.' },
  wants: { en: (name: string) => `${name} wants to speak.`, de: (name) => `${name} möchte sprechen.` },
  wantMore: {
    en: (name: string, others: number) =>
      others === 1 ? `${name} and one other want to speak.` : `${name} and ${others} others want to speak.`,
    de: (name, others) =>
      others === 1 ? `${name} und noch jemand möchten sprechen.` : `${name} und ${others} andere möchten sprechen.`,
  },
  see: { en: 'See who', de: 'Ansehen' },
});

/** What the inspector says of it. */
export const inspectorLecture = area({
  heading: { en: 'This is a lecture', de: 'Dies ist ein Vortrag' },
  place: { en: 'Your place', de: 'Ihr Platz' },
  stage: { en: 'on stage: you may send', de: 'auf der Bühne: Sie dürfen senden' },
  audience: {
    en: 'audience: you receive, and send nothing',
    de: 'Publikum: Sie empfangen und senden nichts',
  },
  onStage: { en: 'On stage', de: 'Auf der Bühne' },
  watching: { en: 'Watching', de: 'Zuschauende' },
  hands: { en: 'Raised hands', de: 'Gehobene Hände' },
});
