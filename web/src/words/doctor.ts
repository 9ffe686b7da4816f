import type { NatKind, Overall, StepPhase, Weight } from '@parley/client';
import { area } from './area';

/** The page that tells how well a network reaches the server. */
export const doctor = area({
  title: { en: 'Will a call work here?', de: 'Funktioniert ein Anruf hier?' },
  lead: {
    en: 'This page tries every way between your browser and this server. No camera, no microphone, and nobody is called.',
    de: 'Diese Seite probiert jeden Weg zwischen Ihrem Browser und diesem Server. Ohne Kamera, ohne Mikrofon, ohne jemanden anzurufen.',
  },
  running: { en: 'Trying every way…', de: 'Jeder Weg wird probiert …' },
  runningHint: { en: 'This takes up to 20 seconds.', de: 'Das dauert bis zu 20 Sekunden.' },
  progress: {
    en: (done: number, all: number) => `${done} of ${all} checks done`,
    de: (done, all) => `${done} von ${all} Prüfungen fertig`,
  },
  again: { en: 'Check again', de: 'Erneut prüfen' },
  copyText: { en: 'Copy the report', de: 'Bericht kopieren' },
  copyJson: { en: 'Copy as JSON', de: 'Als JSON kopieren' },
  logIn: { en: 'Log in', de: 'Anmelden' },
  checks: { en: 'What was tried', de: 'Was probiert wurde' },
  forPerson: { en: 'What you can do', de: 'Was Sie tun können' },
  forOperator: { en: 'For whoever runs this server', de: 'Für alle, die diesen Server betreiben' },
  copy: { en: 'Copy', de: 'Kopieren' },
  copyLine: { en: (line: string) => `Copy: ${line}`, de: (line) => `Kopieren: ${line}` },
  report: {
    en: (origin: string) => `Connection report for ${origin}`,
    de: (origin) => `Verbindungsbericht für ${origin}`,
  },
});

export const overall = area<Record<Overall, string>>({
  good: { en: 'Calls will work well', de: 'Anrufe werden gut funktionieren' },
  restricted: { en: 'Calls will work, with restrictions', de: 'Anrufe werden mit Einschränkungen funktionieren' },
  fails: { en: 'Calls will not work', de: 'Anrufe werden nicht funktionieren' },
  unknown: { en: 'This cannot be told', de: 'Das lässt sich nicht sagen' },
});

/** How a row stands, for those who do not see its sign. */
export const rowStates = area({
  waiting: { en: 'not yet', de: 'noch nicht' },
  running: { en: 'running', de: 'läuft' },
  good: { en: 'works', de: 'geht' },
  poor: { en: 'works in part', de: 'geht teilweise' },
  bad: { en: 'does not work', de: 'geht nicht' },
  none: { en: 'not there', de: 'nicht vorhanden' },
});

export const weights = area<Record<Weight, string>>({
  good: { en: 'Good', de: 'Gut' },
  note: { en: 'Note', de: 'Hinweis' },
  limit: { en: 'Restriction', de: 'Einschränkung' },
  end: { en: 'Obstacle', de: 'Hindernis' },
});

export const phases = area<Record<Exclude<StepPhase, 'over'>, string>>({
  waiting: { en: 'Waits its turn', de: 'Kommt noch an die Reihe' },
  trying: { en: 'Trying to connect…', de: 'Verbindet …' },
  packets: { en: 'Counting packets…', de: 'Zählt Pakete …' },
  bandwidth: { en: 'Measuring the bandwidth…', de: 'Misst die Bandbreite …' },
});

/** The rows' names. */
export const rows = area({
  server: { en: 'Server', de: 'Server erreichbar' },
  websocket: { en: 'WebSocket', de: 'WebSocket-Verbindung' },
  polling: { en: 'Long-polling', de: 'Einzelne Anfragen (Long-Polling)' },
  addresses: { en: 'UDP and addresses', de: 'UDP und Adressen' },
  udp: { en: 'Relay over UDP', de: 'Relais über UDP' },
  tcp: { en: 'Relay over TCP', de: 'Relais über TCP' },
  tls: { en: 'Relay over TLS', de: 'Relais über TLS' },
});

/** What the rows say. */
export const results = area({
  answers: { en: (time: string) => `Answers within ${time}`, de: (time) => `Antwortet in ${time}` },
  reachable: { en: 'Answers', de: 'Antwortet' },
  unreachable: { en: 'Does not answer', de: 'Antwortet nicht' },
  refused: { en: 'Only for who is logged in', de: 'Nur für Angemeldete' },
  missing: { en: 'Answers, but cannot be examined', de: 'Antwortet, lässt sich aber nicht untersuchen' },
  busy: { en: 'Too busy just now', de: 'Gerade zu beschäftigt' },
  opens: { en: (time: string) => `Opens within ${time}`, de: (time) => `Öffnet in ${time}` },
  closed: { en: 'Does not get through', de: 'Kommt nicht durch' },
  relayWorks: {
    en: (trip: string, loss: string, rate: string) => `${trip} there and back, ${loss} lost, ${rate}`,
    de: (trip, loss, rate) => `${trip} hin und zurück, ${loss} verloren, ${rate}`,
  },
  relayOpen: { en: (time: string) => `Connected within ${time}`, de: (time) => `Verbunden in ${time}` },
  relayRefused: { en: 'The relay refuses', de: 'Das Relais lehnt ab' },
  relaySilent: { en: 'No answer', de: 'Keine Antwort' },
  relayUntrusted: {
    en: 'No answer: it needs a certificate that browsers trust',
    de: 'Keine Antwort: Nötig ist ein Zertifikat, dem Browser vertrauen',
  },
  relayDeadEnd: { en: 'Answers, but lets nothing through', de: 'Antwortet, lässt aber nichts durch' },
  relayNone: { en: 'This server has none', de: 'Hat dieser Server nicht' },
  notTried: { en: 'Could not be tried', de: 'Ließ sich nicht probieren' },
});

export const nats = area<Record<NatKind, string>>({
  none: { en: 'Open, with no address translation', de: 'Offen, ohne Adressübersetzung' },
  independent: {
    en: 'Open, behind a router that works with most calls',
    de: 'Offen, hinter einem Router, der zu den meisten Anrufen passt',
  },
  dependent: {
    en: 'Open, behind a strict router (symmetric NAT): calls need the relay',
    de: 'Offen, hinter einem strengen Router (symmetrisches NAT): Anrufe brauchen das Relais',
  },
  blocked: { en: 'UDP is blocked', de: 'UDP ist gesperrt' },
  unknown: { en: 'Open; the kind of router cannot be told', de: 'Offen; die Art des Routers lässt sich nicht sagen' },
});

/** Names in the details. */
export const facts = area({
  roundTrip: { en: 'Round trip', de: 'Laufzeit' },
  jitter: { en: 'Jitter', de: 'Schwankung' },
  loss: { en: 'Packets lost', de: 'Verlorene Pakete' },
  bandwidth: { en: 'Bandwidth', de: 'Bandbreite' },
  took: { en: 'Time to connect', de: 'Zeit bis zur Verbindung' },
  url: { en: 'Address', de: 'Adresse' },
  said: { en: 'Error', de: 'Fehler' },
  seenAs: { en: 'The server sees', de: 'Der Server sieht' },
  mapped: { en: 'Public address', de: 'Öffentliche Adresse' },
  types: { en: 'Candidates', de: 'Kandidaten' },
  families: { en: 'Families', de: 'Familien' },
  stun: { en: 'STUN over UDP', de: 'STUN über UDP' },
  media: { en: (port: number) => `Media, UDP ${port}`, de: (port) => `Medien, UDP ${port}` },
  open: { en: 'open', de: 'offen' },
  closed: { en: 'no answer', de: 'keine Antwort' },
  code: {
    en: (code: number, meaning: string) => `${code}: ${meaning}`,
    de: (code, meaning) => `${code} – ${meaning}`,
  },
});

/** STUN and TURN error codes (RFC 8489, 14.8; RFC 8656, 18; W3C WebRTC 1.0 for 701). */
const codes = area({
  400: { en: 'the relay did not understand', de: 'das Relais hat nicht verstanden' },
  401: { en: 'the login was not accepted', de: 'die Anmeldung wurde nicht angenommen' },
  403: { en: 'forbidden', de: 'verboten' },
  437: { en: 'the relay knows nothing of this connection', de: 'das Relais kennt diese Verbindung nicht' },
  438: { en: 'the login was too old', de: 'die Anmeldung war zu alt' },
  441: { en: 'the login is somebody else’s', de: 'die Anmeldung gehört jemand anderem' },
  442: { en: 'this transport is not supported', de: 'dieses Transportprotokoll wird nicht unterstützt' },
  486: { en: 'too many connections by this address', de: 'zu viele Verbindungen von dieser Adresse' },
  500: { en: 'the relay has an error', de: 'das Relais hat einen Fehler' },
  508: { en: 'the relay is full', de: 'das Relais ist voll' },
  701: { en: 'nothing answered', de: 'nichts hat geantwortet' },
  other: { en: 'an error', de: 'ein Fehler' },
});

export function codeWords(code: number): string {
  const known = Object.hasOwn(codes, code) ? (`${code}` as keyof typeof codes) : 'other';
  return facts.code(code, codes[known]);
}
