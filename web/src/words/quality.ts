import type { QualityLevel, QualityReason } from '@parley/client';
import { area } from './area';

/** How good a connection is, and what is wrong with it. */
export const quality = area({
  good: { en: 'Good connection', de: 'Gute Verbindung' },
  fair: { en: 'Fair connection', de: 'Mäßige Verbindung' },
  poor: { en: 'Poor connection', de: 'Schlechte Verbindung' },
  lost: { en: 'Connection lost', de: 'Verbindung verloren' },
  loss: { en: 'parts of sound and picture get lost', de: 'Teile von Ton und Bild gehen verloren' },
  delay: { en: 'sound and picture come late', de: 'Ton und Bild kommen spät' },
  jitter: { en: 'sound and picture come unevenly', de: 'Ton und Bild kommen ungleichmäßig' },
  interrupted: { en: 'it is being rebuilt', de: 'sie wird neu aufgebaut' },
});

/** Which way sound and picture go. */
export const ways = area({
  direct: { en: 'Connected directly', de: 'Direkt verbunden' },
  'relay-udp': { en: 'Connected through the server', de: 'Über den Server verbunden' },
  'relay-tcp': { en: 'Through the server, by TCP', de: 'Über den Server, per TCP' },
  'relay-tls': { en: 'Through the server, by TLS', de: 'Über den Server, per TLS' },
  server: { en: 'Goes by the server', de: 'Läuft über den Server' },
});

/** "Poor connection: packets get lost". */
export function qualityText(level: QualityLevel, reason: QualityReason | undefined): string {
  return reason ? `${quality[level]}: ${quality[reason]}` : quality[level];
}
