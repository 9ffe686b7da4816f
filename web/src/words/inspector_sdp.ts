import { area } from './area';

/** The reader of offers and answers. */
export const sdpReader = area({
  lead: {
    en: 'SDP (RFC 8866) is how two browsers tell each other what they can do. Each line is one fact.',
    de: 'Mit SDP (RFC 8866) sagen zwei Browser einander, was sie können. Jede Zeile ist eine Tatsache.',
  },
  none: { en: 'No offer has been made yet.', de: 'Noch gibt es kein Offer.' },
  offer: { en: 'Offer', de: 'Angebot (Offer)' },
  answer: { en: 'Answer', de: 'Antwort (Answer)' },
  ours: { en: (time: string) => `ours, at ${time}`, de: (time) => `unser eigenes, bei ${time}` },
  theirs: { en: (time: string) => `theirs, at ${time}`, de: (time) => `von der Gegenseite, bei ${time}` },
  which: { en: 'Which negotiation', de: 'Welche Aushandlung' },
  difference: { en: 'Only what differs', de: 'Nur Unterschiede' },
  session: { en: 'For the whole session', de: 'Für die ganze Sitzung' },
  section: {
    en: (kind: string, mid: string) => `Section ${mid}: ${kind}`,
    de: (kind, mid) => `Abschnitt ${mid}: ${kind}`,
  },
  changed: { en: 'other value in the other one', de: 'anderer Wert im Gegenstück' },
  only: { en: 'only here', de: 'nur hier' },
  unknown: {
    en: 'This line is not known here; browsers pass over what they do not know.',
    de: 'Diese Zeile ist hier unbekannt; auch Browser übergehen, was sie nicht kennen.',
  },
  lines: {
    en: (count: number) => (count === 1 ? '1 line' : `${count} lines`),
    de: (count) => (count === 1 ? '1 Zeile' : `${count} Zeilen`),
  },
});

/** What a line means. The values are pieces of the line. */
export const sdpMeanings = area({
  version: { en: 'Version of SDP: always 0.', de: 'Version von SDP: immer 0.' },
  origin: {
    en: (id: string, version: string) =>
      `Who wrote this: session ${id}, revision ${version}. A new revision is a renegotiation.`,
    de: (id, version) =>
      `Wer dies schrieb: Sitzung ${id}, Fassung ${version}. Eine neue Fassung ist eine neue Aushandlung.`,
  },
  sessionName: { en: 'Name of the session: unused, “-”.', de: 'Name der Sitzung: unbenutzt, „-“.' },
  timing: {
    en: 'When the session takes place: “0 0” is now and without end.',
    de: 'Wann die Sitzung stattfindet: „0 0“ heißt jetzt und ohne Ende.',
  },
  connection: {
    en: 'An address from the time before ICE; candidates count instead.',
    de: 'Eine Adresse aus der Zeit vor ICE; stattdessen zählen Kandidaten.',
  },
  bandwidth: {
    en: (kind: string, value: string) => `The receiver takes at most ${value} (${kind}).`,
    de: (kind, value) => `Der Empfänger nimmt höchstens ${value} (${kind}).`,
  },
  media: {
    en: (kind: string, port: string, protocol: string) =>
      `A section for ${kind} by ${protocol}, each number after it a payload type, best first. Port ${port} ${port === '0' ? 'refuses or ends it' : 'is a placeholder: ICE chooses'}.`,
    de: (kind, port, protocol) =>
      `Ein Abschnitt für ${kind} über ${protocol}, danach jede Zahl ein Payload-Typ, der beste zuerst. Port ${port} ${port === '0' ? 'lehnt ihn ab oder beendet ihn' : 'ist ein Platzhalter: ICE wählt'}.`,
  },
  group: {
    en: (mids: string) => `Sections ${mids} share one path (BUNDLE, RFC 9143): one ICE, one DTLS for all.`,
    de: (mids) => `Die Abschnitte ${mids} teilen sich einen Weg (BUNDLE, RFC 9143): einmal ICE, einmal DTLS für alle.`,
  },
  groupOther: {
    en: (kind: string) => `Sections that belong together (${kind}).`,
    de: (kind) => `Abschnitte, die zusammengehören (${kind}).`,
  },
  extmapMixed: {
    en: 'RTP header extensions of one and of two bytes may be mixed (RFC 8285).',
    de: 'RTP-Kopferweiterungen mit einem und zwei Bytes dürfen gemischt werden (RFC 8285).',
  },
  msidSemantic: {
    en: 'Streams are told by name (WMS); without effect today.',
    de: 'Streams werden mit Namen genannt (WMS); heute ohne Wirkung.',
  },
  rtcp: { en: 'Where RTCP would go without mux: unused.', de: 'Wohin RTCP ohne Mux ginge: unbenutzt.' },
  candidate: {
    en: (type: string, protocol: string, address: string) =>
      `May be reached at ${address} over ${protocol}, kind ${type} (RFC 8839).`,
    de: (type, protocol, address) => `Erreichbar unter ${address} über ${protocol}, Art ${type} (RFC 8839).`,
  },
  endOfCandidates: { en: 'No more candidates will come.', de: 'Es kommen keine weiteren Kandidaten.' },
  ufrag: {
    en: (name: string) => `User name of this ICE session: ${name}. A new one is an ICE restart.`,
    de: (name) => `Benutzername dieser ICE-Sitzung: ${name}. Ein neuer bedeutet ICE-Neustart.`,
  },
  pwd: {
    en: 'Password that signs the STUN checks: so nobody else can answer them.',
    de: 'Passwort, das die STUN-Prüfungen unterschreibt: Niemand sonst kann sie beantworten.',
  },
  iceOptions: {
    en: (options: string) => `ICE can: ${options}. “trickle”: candidates follow one by one.`,
    de: (options) => `ICE kann: ${options}. „trickle“: Kandidaten kommen einzeln nach.`,
  },
  iceLite: {
    en: 'This side only answers checks (ICE lite): a server with a public address.',
    de: 'Diese Seite beantwortet nur Prüfungen (ICE lite): ein Server mit öffentlicher Adresse.',
  },
  fingerprint: {
    en: (hash: string) => `Hash (${hash}) of the certificate that DTLS must show: it ties the keys to this text.`,
    de: (hash) => `Hash (${hash}) des Zertifikats, das DTLS vorzeigen muss: Er bindet die Schlüssel an diesen Text.`,
  },
  setup: {
    en: (role: string) => `DTLS: ${role}. actpass: either; active: begins the handshake; passive: waits.`,
    de: (role) => `DTLS: ${role}. actpass: beides; active: beginnt den Handshake; passive: wartet.`,
  },
  mid: { en: (mid: string) => `Name of this section: ${mid}.`, de: (mid) => `Name dieses Abschnitts: ${mid}.` },
  extmap: {
    en: (id: string, name: string) => `RTP header extension ${id}: ${name}.`,
    de: (id, name) => `RTP-Kopferweiterung ${id}: ${name}.`,
  },
  sendrecv: { en: 'This side wants to send and to receive.', de: 'Diese Seite will senden und empfangen.' },
  sendonly: { en: 'This side only sends.', de: 'Diese Seite sendet nur.' },
  recvonly: { en: 'This side only receives.', de: 'Diese Seite empfängt nur.' },
  inactive: { en: 'Nothing flows for now.', de: 'Vorerst fließt nichts.' },
  msid: {
    en: 'The stream and the track that this section carries, by their ids.',
    de: 'Stream und Spur, die dieser Abschnitt trägt, mit ihren Kennungen.',
  },
  rtcpMux: { en: 'RTP and RTCP share one port (RFC 5761).', de: 'RTP und RTCP teilen sich einen Port (RFC 5761).' },
  rtcpRsize: {
    en: 'RTCP may be short: reports without their full frame (RFC 5506).',
    de: 'RTCP darf kurz sein: Berichte ohne vollen Rahmen (RFC 5506).',
  },
  rtcpXr: {
    en: 'Extended RTCP reports (RFC 3611): also who only receives learns the round trip.',
    de: 'Erweiterte RTCP-Berichte (RFC 3611): Auch wer nur empfängt, erfährt die Laufzeit.',
  },
  rtpmap: {
    en: (type: string, codec: string) => `Payload type ${type} is ${codec} (name/clock rate/channels).`,
    de: (type, codec) => `Payload-Typ ${type} ist ${codec} (Name/Takt/Kanäle).`,
  },
  fmtp: {
    en: (type: string, codec: string) => `Settings of payload type ${type}${codec && `, ${codec}`}.`,
    de: (type, codec) => `Einstellungen des Payload-Typs ${type}${codec && `, ${codec}`}.`,
  },
  feedbackNack: {
    en: (codec: string) => `${codec}: lost packets are asked for again (NACK).`,
    de: (codec) => `${codec}: Verlorene Pakete werden nachgefordert (NACK).`,
  },
  feedbackPli: {
    en: (codec: string) => `${codec}: a new key frame can be asked for (PLI).`,
    de: (codec) => `${codec}: Ein neues Keyframe kann verlangt werden (PLI).`,
  },
  feedbackFir: {
    en: (codec: string) => `${codec}: a full key frame can be demanded (FIR, RFC 5104).`,
    de: (codec) => `${codec}: Ein volles Keyframe kann gefordert werden (FIR, RFC 5104).`,
  },
  feedbackRemb: {
    en: (codec: string) => `${codec}: the receiver may tell its bandwidth (REMB).`,
    de: (codec) => `${codec}: Der Empfänger darf seine Bandbreite melden (REMB).`,
  },
  feedbackTwcc: {
    en: (codec: string) => `${codec}: the receiver reports when each packet came, so the sender can fit its rate.`,
    de: (codec) => `${codec}: Der Empfänger meldet, wann jedes Paket kam; so passt der Sender seine Rate an.`,
  },
  feedback: {
    en: (codec: string, kind: string) => `${codec}: feedback of the kind ${kind} (RFC 4585).`,
    de: (codec, kind) => `${codec}: Rückmeldungen der Art ${kind} (RFC 4585).`,
  },
  ssrc: {
    en: (id: string, what: string) => `RTP stream ${id}: its ${what}.`,
    de: (id, what) => `RTP-Strom ${id}: sein ${what}.`,
  },
  ssrcGroup: {
    en: (kind: string, ids: string) => `Streams ${ids} belong together: ${kind} (FID: media and its retransmissions).`,
    de: (kind, ids) => `Die Ströme ${ids} gehören zusammen: ${kind} (FID: Medien und Wiederholungen).`,
  },
  sctpPort: {
    en: 'Data channels: the port of SCTP inside DTLS (RFC 8841).',
    de: 'Datenkanäle: der SCTP-Port in DTLS (RFC 8841).',
  },
  maxMessage: {
    en: (bytes: string) => `Data channels: one message may have ${bytes} bytes.`,
    de: (bytes) => `Datenkanäle: Eine Nachricht darf ${bytes} Bytes haben.`,
  },
  rid: {
    en: (name: string, direction: string) => `Simulcast layer ${name} (${direction}, RFC 8851).`,
    de: (name, direction) => `Simulcast-Schicht ${name} (${direction}, RFC 8851).`,
  },
  simulcast: {
    en: 'The same picture in several sizes at once (RFC 8853).',
    de: 'Dasselbe Bild in mehreren Größen zugleich (RFC 8853).',
  },
  bundleOnly: {
    en: 'Only on the shared path, never on one of its own.',
    de: 'Nur auf dem gemeinsamen Weg, nie auf einem eigenen.',
  },
  packetTime: {
    en: (ms: string) => `A packet holds ${ms} ms of sound.`,
    de: (ms) => `Ein Paket enthält ${ms} ms Ton.`,
  },
});

/** What the common RTP header extensions are for, by the end of their URI. */
export const headerExtensions = area({
  'ssrc-audio-level': { en: 'how loud the packet is', de: 'wie laut das Paket ist' },
  'abs-send-time': { en: 'when the packet was sent', de: 'wann das Paket gesendet wurde' },
  'transport-wide-cc-extensions-01': {
    en: 'a number for the congestion control',
    de: 'eine Nummer für die Staukontrolle',
  },
  mid: { en: 'the section that the packet belongs to', de: 'der Abschnitt, zu dem das Paket gehört' },
  'rtp-stream-id': { en: 'the simulcast layer', de: 'die Simulcast-Schicht' },
  'repaired-rtp-stream-id': {
    en: 'the layer that a retransmission repairs',
    de: 'die Schicht, die eine Wiederholung ergänzt',
  },
  toffset: {
    en: 'how long after its time stamp a packet left',
    de: 'wie lange nach seinem Zeitstempel ein Paket abging',
  },
  'video-orientation': { en: 'how the phone is held', de: 'wie das Telefon gehalten wird' },
  'playout-delay': { en: 'how long the receiver may wait before it shows', de: 'wie lange der Empfänger warten darf' },
  'video-content-type': { en: 'camera or screen', de: 'Kamera oder Bildschirm' },
  'video-timing': { en: 'how long the sender worked on the picture', de: 'wie lange der Sender am Bild arbeitete' },
  'color-space': { en: 'the colours of the picture', de: 'die Farben des Bildes' },
  'csrc-audio-level': { en: 'how loud each mixed voice is', de: 'wie laut jede gemischte Stimme ist' },
  'dependency-descriptor': { en: 'which pictures this one needs', de: 'welche Bilder dieses braucht' },
  other: { en: 'an extension', de: 'eine Erweiterung' },
});
