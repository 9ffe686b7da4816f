import type { OperatorAdvice, OperatorKey, PersonAdvice, PersonKey, Sentence, SentenceKey } from '@parley/client';
import { area, type Text } from './area';

type WithValue = (value: string) => string;

/** A number that the SDK wrote, `2.5`, as German has it: `2,5`. */
const german = (number: string) => new Intl.NumberFormat('de').format(Number(number));

/** What was found, in one sentence each. */
const sentences = area<Record<SentenceKey, string | WithValue>>({
  'all-good': { en: 'Nothing stands in the way.', de: 'Nichts steht im Weg.' },
  offline: { en: 'This computer has no connection.', de: 'Dieser Rechner hat keine Verbindung.' },
  unreachable: {
    en: (origin: string) => `The server ${origin} does not answer.`,
    de: (origin: string) => `Der Server ${origin} antwortet nicht.`,
  },
  'log-in': {
    en: 'This server is for people with an account: log in, and it can be examined.',
    de: 'Dieser Server ist für Menschen mit Konto: Nach der Anmeldung lässt er sich untersuchen.',
  },
  'no-doctor': {
    en: 'The server answers, but does not tell its ports: it is older than this page.',
    de: 'Der Server antwortet, nennt aber seine Ports nicht: Er ist älter als diese Seite.',
  },
  busy: { en: 'The server has too much to do just now.', de: 'Der Server hat gerade zu viel zu tun.' },
  'no-signalling': {
    en: 'Neither WebSocket nor long-polling gets through, so no meeting can be joined.',
    de: 'Weder WebSocket noch einzelne Anfragen kommen durch; so lässt sich keine Besprechung betreten.',
  },
  'polling-only': {
    en: 'WebSocket does not get through. Joining works by single requests, and is slower.',
    de: 'WebSocket kommt nicht durch. Das Beitreten geht über einzelne Anfragen und ist langsamer.',
  },
  'no-polling': {
    en: 'Long-polling does not get through; WebSocket does, and is enough.',
    de: 'Einzelne Anfragen kommen nicht durch; WebSocket schon, und das genügt.',
  },
  'no-webrtc': {
    en: 'This browser has no WebRTC, or it is switched off.',
    de: 'Dieser Browser hat kein WebRTC, oder es ist abgeschaltet.',
  },
  insecure: {
    en: 'This page came without HTTPS, so the browser gives it no camera and no microphone.',
    de: 'Diese Seite kam ohne HTTPS; der Browser gibt ihr weder Kamera noch Mikrofon.',
  },
  direct: { en: 'Direct calls work with most people.', de: 'Direkte Anrufe gehen mit den meisten Menschen.' },
  symmetric: {
    en: 'Your router is strict (symmetric NAT): calls go through the relay, which works.',
    de: 'Ihr Router ist streng (symmetrisches NAT): Anrufe gehen über das Relais, und das funktioniert.',
  },
  'symmetric-no-relay': {
    en: 'Your router is strict (symmetric NAT), and this server has no relay: most calls will not connect.',
    de: 'Ihr Router ist streng (symmetrisches NAT), und dieser Server hat kein Relais: Die meisten Anrufe kommen nicht zustande.',
  },
  'udp-blocked': {
    en: 'UDP is blocked between you and the server, so there is no direct way.',
    de: 'UDP ist zwischen Ihnen und dem Server gesperrt; einen direkten Weg gibt es nicht.',
  },
  'no-stun': {
    en: 'The server does not tell browsers their own address (STUN is off), so only people in one network meet directly.',
    de: 'Der Server nennt Browsern ihre Adresse nicht (STUN ist aus); direkt geht es nur innerhalb eines Netzes.',
  },
  'media-blocked': {
    en: (ports: string) => `UDP does not get through to the media ports (${ports}).`,
    de: (ports: string) => `UDP kommt nicht bis zu den Medien-Ports (${ports}).`,
  },
  'other-way': {
    en: (address: string) => `Media leave by another address (${address}) than web pages: there is a proxy or a VPN.`,
    de: (address: string) =>
      `Medien gehen über eine andere Adresse (${address}) als Webseiten: ein Proxy oder VPN ist dazwischen.`,
  },
  'relay-udp': {
    en: 'Where there is no direct way, the relay carries the call over UDP.',
    de: 'Wo es keinen direkten Weg gibt, trägt das Relais den Anruf über UDP.',
  },
  'relay-tcp': {
    en: 'Calls go through the relay over TCP: they connect, but stutter when packets get lost.',
    de: 'Anrufe gehen über TCP durchs Relais: Sie kommen zustande, stocken aber, wenn Pakete verloren gehen.',
  },
  'only-tls': {
    en: 'Only TLS gets through: calls connect by way of the relay, but stutter when packets get lost.',
    de: 'Nur TLS kommt durch: Anrufe kommen über das Relais zustande, stocken aber, wenn Pakete verloren gehen.',
  },
  'no-path': {
    en: 'Neither UDP nor the relay gets through: sound and picture have no way out of this network.',
    de: 'Weder UDP noch das Relais kommt durch: Ton und Bild finden keinen Weg aus diesem Netz.',
  },
  'no-relay': {
    en: 'This server has no relay: calls with people behind strict firewalls will not connect.',
    de: 'Dieser Server hat kein Relais: Anrufe mit Menschen hinter strengen Firewalls kommen nicht zustande.',
  },
  'relay-fails': {
    en: 'The relay cannot be reached: calls with people behind strict firewalls will not connect.',
    de: 'Das Relais ist nicht erreichbar: Anrufe mit Menschen hinter strengen Firewalls kommen nicht zustande.',
  },
  'relay-refuses': {
    en: 'The relay does not accept its own server’s login.',
    de: 'Das Relais nimmt die Anmeldung des eigenen Servers nicht an.',
  },
  'relay-full': {
    en: 'The relay is full, or you have used up your share.',
    de: 'Das Relais ist voll, oder Ihr Anteil ist aufgebraucht.',
  },
  'dead-end': {
    en: (address: string) =>
      `The relay answers, but nothing gets through it: the address it announces${address && ` (${address})`} is not the server’s.`,
    de: (address: string) =>
      `Das Relais antwortet, lässt aber nichts durch: Die Adresse, die es nennt${address && ` (${address})`}, ist nicht die des Servers.`,
  },
  'no-fallback': {
    en: 'The relay can be reached over UDP alone. People whose network blocks UDP cannot call.',
    de: 'Das Relais ist nur über UDP erreichbar. Wessen Netz UDP sperrt, der kann nicht anrufen.',
  },
  far: {
    en: (time: string) => `A packet takes ${time} ms to the server and back: people will talk into each other’s words.`,
    de: (time: string) => `Ein Paket braucht ${time} ms zum Server und zurück: Man fällt sich ins Wort.`,
  },
  lossy: {
    en: (share: string) => `${share}% of the packets get lost: sound and picture will stutter.`,
    de: (share: string) => `${german(share)} % der Pakete gehen verloren: Ton und Bild werden stocken.`,
  },
  slow: {
    en: (rate: string) => `Only ${rate} Mbit/s get through: enough for sound, too little for pictures.`,
    de: (rate: string) => `Nur ${german(rate)} Mbit/s kommen durch: genug für Ton, zu wenig für Bilder.`,
  },
});

const person = area<Record<PersonKey, string | WithValue>>({
  nothing: { en: 'Nothing: you are all set.', de: 'Nichts: Es ist alles bereit.' },
  'check-connection': {
    en: 'Look at your connection: do other pages open? Then the server is down; tell whoever runs it.',
    de: 'Prüfen Sie Ihre Verbindung: Öffnen sich andere Seiten? Dann steht der Server; sagen Sie es denen, die ihn betreiben.',
  },
  'log-in': { en: 'Log in, then check again.', de: 'Melden Sie sich an und prüfen Sie erneut.' },
  'try-later': { en: 'Try again in a minute.', de: 'Versuchen Sie es in einer Minute noch einmal.' },
  'other-browser': {
    en: 'Use a current Chrome, Edge, Firefox or Safari.',
    de: 'Nehmen Sie ein aktuelles Chrome, Edge, Firefox oder Safari.',
  },
  'use-https': { en: (url: string) => `Open ${url} instead.`, de: (url: string) => `Öffnen Sie stattdessen ${url}.` },
  'ask-websocket': {
    en: 'If a proxy or an antivirus program looks into web pages here, have it let WebSocket through.',
    de: 'Falls hier ein Proxy oder Virenschutz in Webseiten schaut: Lassen Sie ihn WebSocket durchlassen.',
  },
  'ask-udp': {
    en: (where: string) => `Ask whoever runs your network to let UDP out to ${where}.`,
    de: (where: string) => `Bitten Sie die Netzverwaltung, UDP nach ${where} hinauszulassen.`,
  },
  'ask-anything': {
    en: (where: string) =>
      `Ask whoever runs your network to let TCP out to ${where}, or use another network, as that of a phone.`,
    de: (where: string) =>
      `Bitten Sie die Netzverwaltung, TCP nach ${where} hinauszulassen, oder nehmen Sie ein anderes Netz, etwa das eines Telefons.`,
  },
  'other-network': {
    en: 'Use another network, as that of a phone.',
    de: 'Nehmen Sie ein anderes Netz, etwa das eines Telefons.',
  },
  closer: {
    en: 'Move closer to the router or use a cable, and stop downloads. A VPN may be the long way round.',
    de: 'Gehen Sie näher an den Router oder nehmen Sie ein Kabel, und halten Sie Downloads an. Ein VPN kann ein Umweg sein.',
  },
});

const operator = area<Record<OperatorKey, string | WithValue>>({
  running: { en: 'Is the server running?', de: 'Läuft der Server?' },
  'open-web': { en: 'Open the port of the web pages:', de: 'Öffnen Sie den Port der Webseiten:' },
  update: { en: 'Update the server.', de: 'Aktualisieren Sie den Server.' },
  'upgrade-header': {
    en: 'Have the reverse proxy pass WebSocket on (nginx):',
    de: 'Der Reverse-Proxy muss WebSocket weiterreichen (nginx):',
  },
  https: {
    en: 'Serve the pages over HTTPS (parley.toml):',
    de: 'Liefern Sie die Seiten über HTTPS aus (parley.toml):',
  },
  'open-stun': { en: 'Open UDP for STUN and the relay:', de: 'Öffnen Sie UDP für STUN und das Relais:' },
  'open-relay-tcp': { en: 'Open TCP for the relay:', de: 'Öffnen Sie TCP für das Relais:' },
  'open-relay-tls': { en: 'Open TLS for the relay:', de: 'Öffnen Sie TLS für das Relais:' },
  certificate: {
    en: 'Browsers use the relay over TLS only with a certificate that they trust (parley.toml):',
    de: 'Browser nutzen das Relais über TLS nur mit einem Zertifikat, dem sie vertrauen (parley.toml):',
  },
  'open-media': { en: 'Open UDP for media:', de: 'Öffnen Sie UDP für Medien:' },
  'enable-turn': { en: 'Switch the relay on (parley.toml):', de: 'Schalten Sie das Relais ein (parley.toml):' },
  'enable-stun': { en: 'Switch STUN on (parley.toml):', de: 'Schalten Sie STUN ein (parley.toml):' },
  'single-port': {
    en: 'Put everything on port 443, which nearly every network lets through (parley.toml):',
    de: 'Legen Sie alles auf Port 443, den fast jedes Netz durchlässt (parley.toml):',
  },
  announced: {
    en: (now: string) => `Clients are sent to ${now}. If that is not this server’s public address (parley.toml):`,
    de: (now: string) =>
      `Clients werden zu ${now} geschickt. Falls das nicht die öffentliche Adresse dieses Servers ist (parley.toml):`,
  },
  clock: {
    en: 'Logins for the relay end at a time of day. Is the clock right?',
    de: 'Anmeldungen am Relais enden zu einer Uhrzeit. Geht die Uhr richtig?',
  },
  quota: { en: 'Let the relay carry more (parley.toml):', de: 'Lassen Sie das Relais mehr tragen (parley.toml):' },
  warning: { en: (text: string) => `The server warns: ${text}`, de: (text: string) => `Der Server warnt: ${text}` },
});

export function sentenceWords({ key, value = '' }: Sentence): string {
  return filled(sentences[key], value);
}

export function personWords({ key, value = '' }: PersonAdvice): string {
  return filled(person[key], value);
}

export function operatorWords({ key, value = '' }: OperatorAdvice): string {
  return filled(operator[key], value);
}

function filled(text: Text, value: string): string {
  return typeof text === 'function' ? (text as WithValue)(value) : text;
}
