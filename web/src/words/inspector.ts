import type { LogProblem, TopologyReason } from '@parley/client';
import { area } from './area';

/** The inspector's page and panel. */
export const inspector = area({
  title: { en: 'Inspector', de: 'Inspektor' },
  lead: {
    en: 'What happens between a click and the first picture, step by step.',
    de: 'Was zwischen einem Klick und dem ersten Bild geschieht, Schritt für Schritt.',
  },
  source: { en: 'What to look at', de: 'Was betrachtet wird' },
  demo: { en: 'Demonstration in this page', de: 'Vorführung auf dieser Seite' },
  liveCall: {
    en: (name: string, room: string) => `${name} in ${room}, live from another tab`,
    de: (name, room) => `${name} in ${room}, live aus einem anderen Tab`,
  },
  file: { en: (name: string) => `File ${name}`, de: (name) => `Datei ${name}` },
  noCalls: {
    en: 'No call is open in another tab of this browser. Open one, and it appears here.',
    de: 'In keinem anderen Tab dieses Browsers läuft ein Gespräch. Sobald eines läuft, erscheint es hier.',
  },
  gone: {
    en: 'This call is over; what is left of it stays here.',
    de: 'Dieses Gespräch ist vorbei; was davon blieb, bleibt hier stehen.',
  },
  open: { en: 'Open a file', de: 'Datei öffnen' },
  export: { en: 'Export as JSON', de: 'Als JSON exportieren' },
  exportHint: {
    en: 'Without network addresses and names',
    de: 'Ohne Netzadressen und Namen',
  },
  newWindow: { en: 'In its own window', de: 'In eigenem Fenster' },
  connection: { en: 'Connection', de: 'Verbindung' },
  withPeer: { en: (name: string) => `With ${name}`, de: (name) => `Mit ${name}` },
  serverOnly: { en: 'With the server only', de: 'Nur mit dem Server' },
  nobodyYet: {
    en: 'You are alone in the room. When someone comes, the steps of your connection with them follow here.',
    de: 'Sie sind allein im Raum. Kommt jemand dazu, folgen hier die Schritte der Verbindung.',
  },
  overview: { en: 'What stands out', de: 'Was auffällt' },
  steps: { en: 'Steps', de: 'Schritte' },
  charts: { en: 'Charts', de: 'Diagramme' },
  path: { en: 'Path', de: 'Weg' },
  sdp: { en: 'SDP', de: 'SDP' },
  views: { en: 'Views', de: 'Ansichten' },
  dropped: {
    en: (count: number) => `${count} entries were left out to save memory.`,
    de: (count) => `${count} Einträge wurden weggelassen, um Speicher zu sparen.`,
  },
});

export const demo = area({
  again: { en: 'Call again', de: 'Noch einmal anrufen' },
  restart: { en: 'Restart ICE', de: 'ICE neu starten' },
  near: { en: 'Server next door', de: 'Server nebenan' },
  far: { en: 'Server far away: 150 ms', de: 'Server weit weg: 150 ms' },
  distance: { en: 'How far is the server?', de: 'Wie weit ist der Server?' },
  sent: { en: 'Sent: a drawing', de: 'Gesendet: eine Zeichnung' },
  received: { en: 'Received', de: 'Empfangen' },
  you: { en: 'You', de: 'Sie' },
  peer: { en: 'the other end', de: 'die Gegenseite' },
  explain: {
    en: 'Two peer connections in this page call each other; what a server would carry is handed over by a function call.',
    de: 'Zwei Peer-Verbindungen auf dieser Seite rufen einander an; was ein Server tragen würde, reicht ein Funktionsaufruf weiter.',
  },
  unsupported: {
    en: 'This browser has no WebRTC, so there is nothing to show live. A file can still be opened.',
    de: 'Dieser Browser kann kein WebRTC, also gibt es nichts live zu sehen. Eine Datei lässt sich trotzdem öffnen.',
  },
});

export const ladder = area({
  you: { en: 'You', de: 'Sie' },
  server: { en: 'Server', de: 'Server' },
  peer: { en: 'Peer', de: 'Gegenseite' },
  gap: { en: (time: string) => `${time} go by`, de: (time) => `${time} vergehen` },
  slow: { en: (time: string) => `slow: ${time}`, de: (time) => `langsam: ${time}` },
  after: { en: (time: string) => `${time} after the step before`, de: (time) => `${time} nach dem Schritt davor` },
  toServer: { en: 'you to the server', de: 'von Ihnen zum Server' },
  fromServer: { en: 'the server to you', de: 'vom Server zu Ihnen' },
  toPeer: { en: 'you to the peer', de: 'von Ihnen zur Gegenseite' },
  fromPeer: { en: 'the peer to you', de: 'von der Gegenseite zu Ihnen' },
  toPeerByServer: { en: 'you to the peer, through the server', de: 'von Ihnen über den Server zur Gegenseite' },
  fromPeerByServer: { en: 'the peer to you, through the server', de: 'von der Gegenseite über den Server zu Ihnen' },
  here: { en: 'here', de: 'hier' },
  unknown: { en: 'A step that this version does not know.', de: 'Ein Schritt, den diese Version nicht kennt.' },
  meanings: { en: 'Explain each step', de: 'Jeden Schritt erklären' },
});

/** Why a step may have taken long. */
export const slowness = area({
  'page-ready': {
    en: 'The page took long to load: a slow network, or a cold cache.',
    de: 'Die Seite lud lange: ein langsames Netz oder ein leerer Cache.',
  },
  'device-ready': {
    en: 'The device took long: the browser waited for the person, or the camera for itself.',
    de: 'Das Gerät brauchte lange: Der Browser wartete auf den Menschen oder die Kamera auf sich selbst.',
  },
  'socket-open': {
    en: 'The way to the server is long, or a proxy refused the WebSocket first.',
    de: 'Der Weg zum Server ist lang, oder ein Proxy wies den WebSocket erst zurück.',
  },
  'join-accepted': {
    en: 'The server took long to answer: it is busy or far away.',
    de: 'Der Server antwortete spät: Er ist beschäftigt oder weit weg.',
  },
  'offer-made': {
    en: 'The browser was busy: making an offer takes milliseconds on an idle computer.',
    de: 'Der Browser war beschäftigt: Auf einem freien Rechner dauert ein Offer Millisekunden.',
  },
  'answer-received': {
    en: 'The other side took long: its network, its browser, or its server connection.',
    de: 'Die Gegenseite brauchte lange: ihr Netz, ihr Browser oder ihre Verbindung zum Server.',
  },
  'answer-made': {
    en: 'The browser was busy while it made the answer.',
    de: 'Der Browser war beschäftigt, während er das Answer erstellte.',
  },
  'ice-connected': {
    en: 'Many pairs had to be tried: firewalls drop packets without a word.',
    de: 'Viele Paare mussten probiert werden: Firewalls verwerfen Pakete wortlos.',
  },
  'dtls-connected': {
    en: 'Handshake packets were lost: each loss costs a wait of up to a second.',
    de: 'Pakete des Handshakes gingen verloren: Jeder Verlust kostet bis zu einer Sekunde.',
  },
  'first-packet': {
    en: 'The path stood, but nothing was sent: the other side’s devices were not ready.',
    de: 'Der Weg stand, aber nichts wurde gesendet: Die Geräte der Gegenseite waren noch nicht so weit.',
  },
  'first-frame': {
    en: 'Packets came, but no whole picture: a key frame was lost or late.',
    de: 'Pakete kamen, aber kein ganzes Bild: Ein Keyframe ging verloren oder kam spät.',
  },
});

/** Where the time of a join goes. */
export const phases = area({
  heading: { en: 'Where the time went', de: 'Wo die Zeit blieb' },
  total: { en: (time: string) => `First picture after ${time}`, de: (time) => `Erstes Bild nach ${time}` },
  totalAfterPeer: {
    en: (time: string, name: string) => `First picture ${time} after ${name} came`,
    de: (time, name) => `Erstes Bild ${time} nach der Ankunft von ${name}`,
  },
  notYet: { en: 'No picture yet', de: 'Noch kein Bild' },
  page: { en: 'Page', de: 'Seite' },
  server: { en: 'Server', de: 'Zum Server' },
  join: { en: 'Join', de: 'Beitritt' },
  waiting: { en: 'Alone', de: 'Allein' },
  negotiation: { en: 'Offer/answer', de: 'Aushandlung' },
  path: { en: 'ICE', de: 'Weg (ICE)' },
  keys: { en: 'DTLS', de: 'Schlüssel' },
  media: { en: 'Packet', de: 'Paket' },
  picture: { en: 'Picture', de: 'Bild' },
});

/** Why sound and picture go the way they do; follows a sentence about the way. */
export const topologyReasons = area<Record<TopologyReason, string>>({
  third: { en: ', as there are more people than for a mesh', de: ', da es für ein Mesh zu viele sind' },
  unconnected: {
    en: ', as two of them could not be connected directly',
    de: ', da zwei sich nicht direkt verbinden ließen',
  },
  viewer: { en: ', as somebody only watches', de: ', da jemand nur zusieht' },
  'one-stream': {
    en: ', as somebody is sent everyone in one stream',
    de: ', da jemand alle in einem Strom bekommt',
  },
  forced: { en: ', as whoever made the room wanted', de: ', wie beim Anlegen des Raums gewünscht' },
  lecture: { en: ', as it is a lecture', de: ', da es ein Vortrag ist' },
  alone: { en: ' again: nobody else is here', de: ', wieder: es ist niemand sonst hier' },
  left: { en: ' again: few are left', de: ', wieder: es sind nur noch wenige' },
});

/** What an operator wants to know first. */
export const verdicts = area({
  fine: {
    en: 'Nothing stands out: the call is as it should be.',
    de: 'Nichts fällt auf: Das Gespräch ist, wie es sein soll.',
  },
  starting: { en: 'The connection is being made.', de: 'Die Verbindung wird aufgebaut.' },
  direct: { en: (way: string) => `Direct path: ${way}.`, de: (way) => `Direkter Weg: ${way}.` },
  relay: {
    en: (way: string) => `Through a relay (TURN): ${way}. It costs round trip, and the server bandwidth.`,
    de: (way) => `Über ein Relay (TURN): ${way}. Das kostet Laufzeit und den Server Bandbreite.`,
  },
  bySfu: {
    en: (reason: string) => `Sound and picture go by the server (SFU)${reason}.`,
    de: (reason) => `Ton und Bild gehen über den Server (SFU)${reason}.`,
  },
  byMesh: {
    en: (reason: string) => `Sound and picture go straight between the browsers (P2P)${reason}.`,
    de: (reason) => `Ton und Bild gehen direkt zwischen den Browsern (P2P)${reason}.`,
  },
  tcp: {
    en: 'No UDP: media goes over TCP, and one lost packet holds up all that follow.',
    de: 'Kein UDP: Medien laufen über TCP, und ein verlorenes Paket hält alle folgenden auf.',
  },
  far: {
    en: (ms: number) => `Round trip ${ms} ms: people begin to talk over each other.`,
    de: (ms) => `Laufzeit hin und zurück ${ms} ms: Man fällt sich ins Wort.`,
  },
  lossIn: {
    en: (share: string) => `${share} of what is sent to you is lost.`,
    de: (share) => `${share} dessen, was Ihnen gesendet wird, geht verloren.`,
  },
  lossOut: {
    en: (share: string) => `${share} of what you send is lost.`,
    de: (share) => `${share} dessen, was Sie senden, geht verloren.`,
  },
  jitter: {
    en: (ms: number) => `Packets come unevenly: ${ms} ms of jitter delay the sound.`,
    de: (ms) => `Pakete kommen ungleichmäßig: ${ms} ms Jitter verzögern den Ton.`,
  },
  cpu: {
    en: 'Your picture is limited by this computer’s CPU.',
    de: 'Ihr Bild wird von der CPU dieses Rechners begrenzt.',
  },
  bandwidth: {
    en: 'Your picture is limited by your upload bandwidth.',
    de: 'Ihr Bild wird von Ihrer Bandbreite nach außen begrenzt.',
  },
  frames: {
    en: (count: number) => `Their picture moves at ${count} frames a second only.`,
    de: (count) => `Das Bild der Gegenseite kommt mit nur ${count} Bildern je Sekunde.`,
  },
  noPath: {
    en: 'No path was found, not even through a relay (TURN). The page /doctor tells what the network blocks.',
    de: 'Kein Weg wurde gefunden, auch keiner über ein Relais (TURN). Die Seite /doctor sagt, was das Netz sperrt.',
  },
  noPublic: {
    en: 'No public address was learnt from a STUN server: only computers in the same network can be reached.',
    de: 'Kein STUN-Server nannte eine öffentliche Adresse: Nur Rechner im selben Netz sind erreichbar.',
  },
  stun: {
    en: 'A STUN or TURN server did not answer: the page /doctor tells which, and what to change.',
    de: 'Ein STUN- oder TURN-Server antwortete nicht: Die Seite /doctor sagt, welcher, und was zu ändern ist.',
  },
  broken: { en: 'The path is broken at this moment.', de: 'Der Weg ist in diesem Augenblick unterbrochen.' },
  polling: {
    en: 'No WebSocket: the signalling goes by long-polling, as a proxy seems to forbid more.',
    de: 'Kein WebSocket: Die Signalisierung läuft über Long-Polling, ein Proxy verbietet wohl mehr.',
  },
  lost: {
    en: (count: number) => (count === 1 ? 'The server was lost once.' : `The server was lost ${count} times.`),
    de: (count) => (count === 1 ? 'Der Server ging einmal verloren.' : `Der Server ging ${count}-mal verloren.`),
  },
  restarts: {
    en: (count: number) =>
      count === 1 ? 'The path had to be found anew once.' : `The path had to be found anew ${count} times.`,
    de: (count) =>
      count === 1 ? 'Der Weg musste einmal neu gesucht werden.' : `Der Weg musste ${count}-mal neu gesucht werden.`,
  },
  device: { en: (what: string) => `A device failed: ${what}`, de: (what) => `Ein Gerät versagte: ${what}` },
  slow: {
    en: (step: string, time: string) => `“${step}” took ${time}.`,
    de: (step, time) => `„${step}“ dauerte ${time}.`,
  },
  error: {
    en: (what: string) => `The browser refused something: ${what}`,
    de: (what) => `Der Browser wies etwas zurück: ${what}`,
  },
  levelGood: { en: 'Good', de: 'Gut' },
  levelNote: { en: 'Note', de: 'Hinweis' },
  levelBad: { en: 'Problem', de: 'Ein Problem' },
});

export const charts = area({
  bitrate: { en: 'Bitrate', de: 'Datenrate' },
  delay: { en: 'Round trip and jitter', de: 'Laufzeit und Jitter' },
  loss: { en: 'Packets lost', de: 'Verlorene Pakete' },
  frames: { en: 'Frames a second', de: 'Bilder je Sekunde' },
  height: { en: 'Picture height', de: 'Bildhöhe' },
  videoIn: { en: 'Picture in', de: 'Bild herein' },
  videoOut: { en: 'Picture out', de: 'Bild hinaus' },
  audioIn: { en: 'Sound in', de: 'Ton herein' },
  audioOut: { en: 'Sound out', de: 'Ton hinaus' },
  availableOut: { en: 'Room to send', de: 'Platz zum Senden' },
  roundTrip: { en: 'Round trip', de: 'Laufzeit' },
  jitter: { en: 'Jitter (spread)', de: 'Jitter (Streuung)' },
  lossIn: { en: 'Loss in', de: 'Verlust herein' },
  lossOut: { en: 'Loss out', de: 'Verlust hinaus' },
  framesIn: { en: 'Frames in', de: 'Bilder herein' },
  framesOut: { en: 'Frames out', de: 'Bilder hinaus' },
  heightIn: { en: 'Height in', de: 'Höhe herein' },
  heightOut: { en: 'Height out', de: 'Höhe hinaus' },
  time: { en: 'Time', de: 'Zeit' },
  table: { en: 'As a table', de: 'Als Tabelle' },
  empty: { en: 'Values come once the peers are connected.', de: 'Werte kommen, sobald beide Seiten verbunden sind.' },
  summary: {
    en: (name: string, values: string) => `${name}, now: ${values}`,
    de: (name, values) => `${name}, jetzt: ${values}`,
  },
});

/** Addresses, pairs and the path in use. */
export const paths = area({
  chosen: { en: 'The path in use', de: 'Der genutzte Weg' },
  none: { en: 'No path has been found yet.', de: 'Noch ist kein Weg gefunden.' },
  candidates: { en: 'Addresses', de: 'Adressen' },
  pairs: { en: 'Pairs', de: 'Paare' },
  whose: { en: 'Whose', de: 'Wessen' },
  ours: { en: 'ours', de: 'unsere' },
  theirs: { en: 'theirs', de: 'ihre' },
  type: { en: 'Type', de: 'Art' },
  protocol: { en: 'Protocol', de: 'Protokoll' },
  family: { en: 'Family', de: 'Familie' },
  address: { en: 'Address', de: 'Adresse' },
  priority: { en: 'Priority', de: 'Rang' },
  time: { en: 'Time', de: 'Zeit' },
  state: { en: 'State', de: 'Zustand' },
  local: { en: 'Our address', de: 'Unsere Adresse' },
  remote: { en: 'Their address', de: 'Ihre Adresse' },
  checks: { en: 'Checks sent/answered', de: 'Prüfungen gesendet/beantwortet' },
  roundTrip: { en: 'Round trip', de: 'Laufzeit' },
  carried: { en: 'Carried', de: 'Getragen' },
  hidden: { en: 'hidden by the browser', de: 'vom Browser verborgen' },
  noCandidates: { en: 'No address is known yet.', de: 'Noch ist keine Adresse bekannt.' },
});

/** What the kinds of candidates are (RFC 8445, 5.1.1; RFC 8828). */
export const candidateTypes = area({
  host: {
    en: 'An address of the computer itself: works within one network.',
    de: 'Eine Adresse des Rechners selbst: taugt innerhalb eines Netzes.',
  },
  srflx: {
    en: 'The public address of its router, as a STUN server saw it (server reflexive).',
    de: 'Die öffentliche Adresse seines Routers, wie ein STUN-Server sie sah (server reflexive).',
  },
  prflx: {
    en: 'An address that showed only when a check came from it (peer reflexive).',
    de: 'Eine Adresse, die sich erst zeigte, als eine Prüfung von ihr kam (peer reflexive).',
  },
  relay: {
    en: 'An address of a TURN server, which passes everything on.',
    de: 'Eine Adresse eines TURN-Servers, der alles weiterreicht.',
  },
  mDNS: {
    en: 'A .local name: the browser hides the address from pages that may not use the camera.',
    de: 'Ein .local-Name: Der Browser verbirgt die Adresse vor Seiten, die die Kamera nicht nutzen dürfen.',
  },
});

/** The states of a candidate pair (RFC 8445, 6.1.2.6). */
export const pairStates = area({
  frozen: { en: 'frozen: waits for another', de: 'eingefroren: wartet auf ein anderes' },
  waiting: { en: 'waiting: to be tried soon', de: 'wartend: bald an der Reihe' },
  'in-progress': { en: 'in progress: request sent', de: 'läuft: Anfrage gesendet' },
  failed: { en: 'failed: no answer', de: 'gescheitert: keine Antwort' },
  succeeded: { en: 'succeeded', de: 'gelungen' },
});

export const fileProblems = area<Record<LogProblem, string>>({
  'too-large': {
    en: 'This file is too large to be a call log.',
    de: 'Diese Datei ist zu groß für ein Gesprächsprotokoll.',
  },
  'no-json': { en: 'This file is not JSON.', de: 'Diese Datei enthält kein JSON.' },
  'no-log': {
    en: 'This is JSON, but no call log of Parley.',
    de: 'Das ist JSON, aber kein Gesprächsprotokoll von Parley.',
  },
  newer: {
    en: 'This log was written by a newer Parley. Update this one to read it.',
    de: 'Dieses Protokoll schrieb ein neueres Parley. Aktualisieren Sie dieses, um es zu lesen.',
  },
});
