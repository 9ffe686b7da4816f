import type { Step } from '@parley/client';
import { area } from './area';

/** What happened, in a few words. The terms of art stay: they are what a learner looks up. */
export const stepTitles = area<Record<Step, string>>({
  opened: { en: 'Link opened', de: 'Link geöffnet' },
  'page-ready': { en: 'Page ready', de: 'Seite bereit' },
  'socket-opening': { en: 'Calling the server', de: 'Server wird angerufen' },
  'device-asked': { en: 'Device asked for', de: 'Gerät angefragt' },
  'device-ready': { en: 'Device ready', de: 'Gerät bereit' },
  'device-failed': { en: 'Device failed', de: 'Gerät versagt' },
  'socket-open': { en: 'Connected to the server', de: 'Mit dem Server verbunden' },
  'socket-refused': { en: 'Server not reached', de: 'Server nicht erreicht' },
  'socket-lost': { en: 'Server lost', de: 'Server verloren' },
  'socket-recovered': { en: 'Server found again', de: 'Server wiedergefunden' },
  'join-sent': { en: 'join sent', de: 'join gesendet' },
  'join-accepted': { en: 'join accepted', de: 'join angenommen' },
  'join-waiting': { en: 'Waiting to be let in', de: 'Warten auf Einlass' },
  'join-refused': { en: 'join refused', de: 'join abgelehnt' },
  'peer-joined': { en: 'The other came in', de: 'Die andere Seite ist da' },
  'peer-away': { en: 'The other lost the server', de: 'Die andere Seite hat den Server verloren' },
  'peer-back': { en: 'The other is back', de: 'Die andere Seite ist zurück' },
  'peer-left': { en: 'The other left', de: 'Die andere Seite ist gegangen' },
  'room-left': { en: 'Room left', de: 'Raum verlassen' },
  unconnected: { en: 'Not connected directly', de: 'Nicht direkt verbunden' },
  topology: { en: 'Another topology', de: 'Andere Topologie' },
  'handed-over': { en: 'Changed over', de: 'Umgestellt' },
  'one-stream': { en: 'One stream', de: 'Ein Strom' },
  'connection-made': { en: 'RTCPeerConnection made', de: 'RTCPeerConnection erzeugt' },
  'connection-replaced': { en: 'RTCPeerConnection replaced', de: 'RTCPeerConnection ersetzt' },
  'slots-added': { en: 'Slots added', de: 'Plätze hinzugefügt' },
  'negotiation-needed': { en: 'negotiationneeded', de: 'negotiationneeded gemeldet' },
  'offer-made': { en: 'Offer made', de: 'Offer erstellt' },
  'offer-sent': { en: 'Offer sent', de: 'Offer gesendet' },
  'offer-received': { en: 'Offer received', de: 'Offer empfangen' },
  'offer-applied': { en: 'Offer taken in', de: 'Offer übernommen' },
  'answer-made': { en: 'Answer made', de: 'Answer erstellt' },
  'answer-sent': { en: 'Answer sent', de: 'Answer gesendet' },
  'answer-received': { en: 'Answer received', de: 'Answer empfangen' },
  'answer-applied': { en: 'Answer taken in', de: 'Answer übernommen' },
  gathering: { en: 'Gathering addresses', de: 'Adressen werden gesammelt' },
  gathered: { en: 'All addresses gathered', de: 'Alle Adressen gesammelt' },
  'candidate-found': { en: 'Own candidate', de: 'Eigener Kandidat' },
  'candidate-received': { en: 'Their candidate', de: 'Fremder Kandidat' },
  'candidates-ended': { en: 'No more candidates', de: 'Keine weiteren Kandidaten' },
  'candidate-error': { en: 'STUN or TURN server failed', de: 'STUN- oder TURN-Server versagt' },
  'ice-checking': { en: 'ICE tries the pairs', de: 'ICE probiert die Paare' },
  checks: { en: 'Pairs checked', de: 'Paare geprüft' },
  'ice-connected': { en: 'ICE found a path', de: 'ICE hat einen Weg gefunden' },
  'ice-disconnected': { en: 'Path broken', de: 'Weg unterbrochen' },
  'ice-failed': { en: 'No path found', de: 'Kein Weg gefunden' },
  'pair-chosen': { en: 'Pair chosen', de: 'Paar gewählt' },
  'dtls-connecting': { en: 'DTLS handshake begins', de: 'DTLS-Handshake beginnt' },
  'dtls-connected': { en: 'DTLS keys agreed', de: 'DTLS-Schlüssel vereinbart' },
  'dtls-failed': { en: 'DTLS failed', de: 'DTLS gescheitert' },
  connected: { en: 'Peers connected', de: 'Beide Seiten verbunden' },
  'first-packet': { en: 'First packet', de: 'Erstes Paket' },
  'first-frame': { en: 'First picture', de: 'Erstes Bild' },
  'ice-restart': { en: 'ICE restart', de: 'ICE-Neustart' },
  'relays-added': { en: 'Relays added', de: 'Relays dazugenommen' },
  'path-renewed': { en: 'Another path wanted', de: 'Anderer Weg gesucht' },
  'udp-avoided': { en: 'UDP avoided', de: 'UDP gemieden' },
  'udp-tried': { en: 'UDP tried', de: 'UDP erprobt' },
  error: { en: 'Error', de: 'Fehler' },
  closed: { en: 'Connection closed', de: 'Verbindung geschlossen' },
});

/** One sentence for each, for who sees it for the first time. */
export const stepMeanings = area<Record<Step, string>>({
  opened: {
    en: 'Time starts here: the link was opened, or the button pressed.',
    de: 'Hier beginnt die Zeit: Der Link wurde geöffnet oder der Knopf gedrückt.',
  },
  'page-ready': {
    en: 'The page has loaded, and its first script runs.',
    de: 'Die Seite ist geladen, und ihr erstes Skript läuft.',
  },
  'socket-opening': {
    en: 'A WebSocket to the server is opened: it will carry the signalling, never sound or picture.',
    de: 'Ein WebSocket zum Server wird geöffnet: Er trägt die Signalisierung, nie Ton oder Bild.',
  },
  'device-asked': {
    en: 'getUserMedia() asks the browser, and the browser may ask the person.',
    de: 'getUserMedia() fragt den Browser, und der Browser womöglich den Menschen.',
  },
  'device-ready': {
    en: 'The device delivers a track that can be sent.',
    de: 'Das Gerät liefert eine Spur, die gesendet werden kann.',
  },
  'device-failed': {
    en: 'The browser gave no track; the call goes on without it.',
    de: 'Der Browser gab keine Spur heraus; das Gespräch geht ohne sie weiter.',
  },
  'socket-open': {
    en: 'TCP, TLS and the WebSocket upgrade are done: messages can go both ways.',
    de: 'TCP, TLS und das WebSocket-Upgrade sind fertig: Nachrichten gehen in beide Richtungen.',
  },
  'socket-refused': {
    en: 'The connection could not be made; it is tried again by itself.',
    de: 'Die Verbindung kam nicht zustande; sie wird von selbst wieder versucht.',
  },
  'socket-lost': {
    en: 'The signalling broke. Sound and picture go on, as they do not pass the server.',
    de: 'Die Signalisierung brach ab. Ton und Bild laufen weiter, denn sie gehen nicht über den Server.',
  },
  'socket-recovered': {
    en: 'The server had kept our place and replays what we missed.',
    de: 'Der Server hat unseren Platz freigehalten und holt nach, was wir verpasst haben.',
  },
  'join-sent': {
    en: 'We tell the server which room, under which name, and what is switched on.',
    de: 'Wir sagen dem Server, welcher Raum, unter welchem Namen und was eingeschaltet ist.',
  },
  'join-accepted': {
    en: 'The server answers with who is there and where its STUN server is.',
    de: 'Der Server antwortet, wer da ist und wo sein STUN-Server steht.',
  },
  'join-waiting': { en: 'A host has to admit us first.', de: 'Erst muss uns ein Gastgeber einlassen.' },
  'join-refused': {
    en: 'The server did not let us in, or not yet.',
    de: 'Der Server ließ uns nicht oder noch nicht hinein.',
  },
  'peer-joined': {
    en: 'Who comes later calls: their offer is on its way.',
    de: 'Wer später kommt, ruft an: Sein Offer ist unterwegs.',
  },
  'peer-away': {
    en: 'Their signalling broke; the media path may well live on.',
    de: 'Die Signalisierung dort brach ab; der Medienweg lebt womöglich weiter.',
  },
  'peer-back': {
    en: 'They are the same participant as before; nothing is negotiated anew.',
    de: 'Derselbe Teilnehmer wie zuvor; nichts wird neu ausgehandelt.',
  },
  'peer-left': { en: 'Their connection is closed.', de: 'Die Verbindung dorthin wird geschlossen.' },
  'room-left': { en: 'The call is over for us.', de: 'Das Gespräch ist für uns zu Ende.' },
  unconnected: {
    en: 'After three seconds there is no path straight to the other side. The server is told, and may pass media on itself.',
    de: 'Nach drei Sekunden gibt es keinen direkten Weg zur anderen Seite. Der Server erfährt es und kann die Medien selbst weitergeben.',
  },
  topology: {
    en: 'Sound and picture take another way from now on: p2p is straight between browsers, sfu is by the server. The new way is built while the old one still carries.',
    de: 'Ton und Bild nehmen ab jetzt einen anderen Weg: p2p geht direkt zwischen Browsern, sfu über den Server. Der neue Weg entsteht, während der alte noch trägt.',
  },
  'handed-over': {
    en: 'Everything comes by the new way; the old one is closed.',
    de: 'Alles kommt auf dem neuen Weg; der alte ist geschlossen.',
  },
  'one-stream': {
    en: 'The server draws everyone into one picture and mixes one sound for us (MCU), or ends it. What was shown before stays until the first frame of what follows.',
    de: 'Der Server zeichnet alle in ein Bild und mischt einen Ton für uns (MCU), oder beendet das. Was vorher zu sehen war, bleibt bis zum ersten Bild des Neuen.',
  },
  'connection-made': {
    en: 'The browser sets up one end of a media path: it knows no address of the other yet.',
    de: 'Der Browser richtet ein Ende eines Medienwegs ein: Er kennt noch keine Adresse der Gegenseite.',
  },
  'connection-replaced': {
    en: 'The other side came with a new connection, so ours is made anew as well.',
    de: 'Die Gegenseite kam mit einer neuen Verbindung, also wird auch unsere neu gemacht.',
  },
  'slots-added': {
    en: 'All places for pictures are taken: the connection gets as many as the screen shows, by one more offer.',
    de: 'Alle Plätze für Bilder sind belegt: Die Verbindung bekommt so viele, wie der Bildschirm zeigt, mit einem weiteren Offer.',
  },
  'negotiation-needed': {
    en: 'Tracks were added: the browser asks for an offer that tells the other side of them.',
    de: 'Spuren kamen hinzu: Der Browser verlangt ein Offer, das der Gegenseite davon erzählt.',
  },
  'offer-made': {
    en: 'The offer is a text (SDP) of what we can send and receive, by which codecs, and under which keys.',
    de: 'Das Offer ist ein Text (SDP): was wir senden und empfangen können, mit welchen Codecs, unter welchen Schlüsseln.',
  },
  'offer-sent': {
    en: 'The server passes the offer on to the other side and does not read it.',
    de: 'Der Server reicht das Offer an die Gegenseite weiter und liest es nicht.',
  },
  'offer-received': {
    en: 'The other side’s offer has come through the server.',
    de: 'Das Offer der Gegenseite ist über den Server angekommen.',
  },
  'offer-applied': {
    en: 'The browser has read their offer and knows what they want to send.',
    de: 'Der Browser hat ihr Offer gelesen und weiß, was sie senden will.',
  },
  'answer-made': {
    en: 'The answer takes from the offer what this browser can do too.',
    de: 'Das Answer nimmt aus dem Offer, was auch dieser Browser kann.',
  },
  'answer-sent': {
    en: 'With the answer both sides know what will flow; it goes back through the server.',
    de: 'Mit dem Answer wissen beide, was fließen wird; es geht über den Server zurück.',
  },
  'answer-received': {
    en: 'Their answer has come: now both know what will flow.',
    de: 'Ihr Answer ist da: Jetzt wissen beide, was fließen wird.',
  },
  'answer-applied': {
    en: 'The browser has taken in the answer: the negotiation is over.',
    de: 'Der Browser hat das Answer übernommen: Die Aushandlung ist beendet.',
  },
  gathering: {
    en: 'ICE collects every address at which this computer may be reached.',
    de: 'ICE sammelt jede Adresse, unter der dieser Rechner erreichbar sein könnte.',
  },
  gathered: {
    en: 'No further address will be found; the call need not wait for this.',
    de: 'Weitere Adressen gibt es nicht; das Gespräch muss darauf nicht warten.',
  },
  'candidate-found': {
    en: 'An address of ours; it goes to the other side at once (trickle ICE).',
    de: 'Eine Adresse von uns; sie geht sofort zur Gegenseite (Trickle ICE).',
  },
  'candidate-received': {
    en: 'An address of theirs: ICE pairs it with each of ours and tries.',
    de: 'Eine Adresse der Gegenseite: ICE paart sie mit jeder von unseren und probiert.',
  },
  'candidates-ended': {
    en: 'Every address has been told.',
    de: 'Alle Adressen sind genannt.',
  },
  'candidate-error': {
    en: 'A server that should tell our public address did not answer.',
    de: 'Ein Server, der uns unsere öffentliche Adresse nennen sollte, antwortete nicht.',
  },
  'ice-checking': {
    en: 'Each pair of addresses is tried with a STUN request; a firewall lets the answer to it back in.',
    de: 'Jedes Adressenpaar wird mit einer STUN-Anfrage probiert; Firewalls lassen die Antwort darauf herein.',
  },
  checks: {
    en: 'So stand the pairs: one that succeeded is enough.',
    de: 'So stehen die Paare: Eines, das gelang, genügt.',
  },
  'ice-connected': {
    en: 'A STUN request was answered on at least one pair: there is a way from end to end.',
    de: 'Auf mindestens einem Paar kam eine STUN-Antwort: Es gibt einen Weg von Ende zu Ende.',
  },
  'ice-disconnected': {
    en: 'STUN requests go unanswered for now: a network changed, or packets are lost.',
    de: 'STUN-Anfragen bleiben gerade ohne Antwort: Ein Netz wechselte, oder Pakete gehen verloren.',
  },
  'ice-failed': {
    en: 'No pair worked: firewalls or NATs on both sides let nothing through.',
    de: 'Kein Paar gelang: Firewalls oder NATs auf beiden Seiten lassen nichts durch.',
  },
  'pair-chosen': {
    en: 'The pair that media will take: the best of those that answered.',
    de: 'Diesen Weg nehmen die Medien: das beste der Paare, die antworteten.',
  },
  'dtls-connecting': {
    en: 'Over the new path both sides begin a handshake like that of HTTPS, but over UDP.',
    de: 'Über den neuen Weg beginnen beide einen Handshake wie bei HTTPS, aber über UDP.',
  },
  'dtls-connected': {
    en: 'Each has proved the fingerprint in its SDP; the keys for SRTP come out of this, and nobody between has them.',
    de: 'Beide haben den Fingerabdruck in ihrem SDP bewiesen; daraus kommen die SRTP-Schlüssel, und dazwischen hat sie niemand.',
  },
  'dtls-failed': {
    en: 'The certificate did not match the fingerprint in the SDP, or packets were lost.',
    de: 'Das Zertifikat passte nicht zum Fingerabdruck im SDP, oder Pakete gingen verloren.',
  },
  connected: {
    en: 'ICE and DTLS are both done: media may flow, encrypted.',
    de: 'ICE und DTLS sind beide fertig: Medien dürfen verschlüsselt fließen.',
  },
  'first-packet': {
    en: 'An RTP packet has arrived and was decrypted.',
    de: 'Ein RTP-Paket ist angekommen und wurde entschlüsselt.',
  },
  'first-frame': {
    en: 'A whole picture has arrived, and is decoded: the call is there to be seen.',
    de: 'Ein ganzes Bild ist angekommen und dekodiert: Das Gespräch ist zu sehen.',
  },
  'ice-restart': {
    en: 'New addresses are gathered and exchanged, to find a way again; media goes on where it can.',
    de: 'Neue Adressen werden gesammelt und ausgetauscht, um wieder einen Weg zu finden; Medien laufen weiter, wo es geht.',
  },
  'relays-added': {
    en: 'The server was not reached straight within a second: its relay over UDP, TCP and TLS is tried as well.',
    de: 'Der Server war in einer Sekunde nicht direkt zu erreichen: Auch sein Relay über UDP, TCP und TLS wird versucht.',
  },
  'path-renewed': {
    en: 'Nothing arrived any more, or UDP carries again: a path is looked for among all there are.',
    de: 'Es kam nichts mehr an, oder UDP trägt wieder: Unter allen Wegen wird einer gesucht.',
  },
  'udp-avoided': {
    en: 'UDP loses too much or takes too long here: the call moves to the server’s relay over TCP or TLS.',
    de: 'UDP verliert hier zu viel oder braucht zu lang: Der Anruf zieht um, über TCP oder TLS zum Server.',
  },
  'udp-tried': {
    en: 'Two connections beside the call sent datagrams through the server’s relay, to see whether UDP carries.',
    de: 'Zwei Verbindungen neben dem Anruf schickten Datagramme über den Server, um zu sehen, ob UDP trägt.',
  },
  error: { en: 'The browser refused something.', de: 'Der Browser hat etwas zurückgewiesen.' },
  closed: { en: 'This connection is over.', de: 'Diese Verbindung ist beendet.' },
});
