import type { Picture, PictureLimit, SendingLimit } from '@parley/client';
import type { PictureChoice } from '../state/picture_choice';
import { area } from './area';
import { language } from './language';

/** The menu of a tile: how good its picture is to be. */
export const picture = area({
  more: { en: (name: string) => `Picture of ${name}`, de: (name) => `Bild von ${name}` },
  of: { en: (name: string) => `Picture quality: ${name}`, de: (name) => `Bildqualität: ${name}` },
  auto: { en: 'Automatic', de: 'Automatisch' },
  high: { en: 'As good as possible', de: 'So gut wie möglich' },
  low: { en: 'Save data', de: 'Daten sparen' },
  off: { en: 'No picture', de: 'Kein Bild' },
});

/** What keeps somebody's picture from being better, one sentence each. */
export const limits = area<Record<PictureLimit, string>>({
  none: { en: 'Nothing limits this picture.', de: 'Dieses Bild ist durch nichts begrenzt.' },
  sender: {
    en: 'This is as good as it is sent: the other side’s upload, computer or camera gives no more.',
    de: 'Besser wird es nicht gesendet: Mehr geben Leitung, Computer oder Kamera der Gegenseite nicht her.',
  },
  server: {
    en: 'The server sends no better picture than this.',
    de: 'Besser sendet der Server dieses Bild nicht.',
  },
  downlink: {
    en: 'Your connection carries no more: the server sends you a smaller picture.',
    de: 'Mehr trägt Ihre Verbindung nicht: Der Server sendet Ihnen ein kleineres Bild.',
  },
  processor: {
    en: 'Your computer is too busy to show every frame.',
    de: 'Ihr Computer ist zu ausgelastet, um jedes Bild zu zeigen.',
  },
  path: {
    en: 'The connection between the two of you is not good enough for more.',
    de: 'Mehr gibt die Verbindung zwischen Ihnen beiden nicht her.',
  },
  tile: { en: 'It is as large as it is shown here.', de: 'Es ist so groß, wie es hier gezeigt wird.' },
  policy: {
    en: 'The rules of this meeting allow no more.',
    de: 'Mehr erlauben die Regeln dieser Besprechung nicht.',
  },
});

/** Why nothing is sent just now. */
export const pauses = area({
  downlink: {
    en: 'Paused: your connection is too weak for this picture. Sound comes first.',
    de: 'Angehalten: Ihre Verbindung ist zu schwach für dieses Bild. Der Ton geht vor.',
  },
  server: {
    en: 'Paused: the server is too busy for this picture.',
    de: 'Angehalten: Der Server ist zu ausgelastet für dieses Bild.',
  },
  other: { en: 'Paused: the picture is not sent just now.', de: 'Angehalten: Das Bild wird gerade nicht gesendet.' },
  short: { en: 'Picture paused', de: 'Bild angehalten' },
});

/** What keeps our own picture from being better. */
export const sending = area<Record<SendingLimit, string>>({
  none: { en: 'Nothing limits what you send.', de: 'Was Sie senden, ist durch nichts begrenzt.' },
  uplink: {
    en: 'Your upload is too slow for more: the others get a smaller picture of you.',
    de: 'Ihre Leitung nach außen ist zu langsam für mehr: Die anderen bekommen ein kleineres Bild von Ihnen.',
  },
  processor: {
    en: 'Your computer is too busy to send a better picture.',
    de: 'Ihr Computer ist zu ausgelastet, um ein besseres Bild zu senden.',
  },
});

/** What the person decided, and what is not on. */
export const chosen = area({
  off: { en: 'You switched this picture off.', de: 'Sie haben dieses Bild ausgeschaltet.' },
  low: { en: 'You chose to save data.', de: 'Sie haben „Daten sparen“ gewählt.' },
  noCamera: { en: 'The camera is off.', de: 'Die Kamera ist aus.' },
  noneYet: { en: 'The picture is on its way.', de: 'Das Bild ist unterwegs.' },
});

/** The facts of a tile that decide what is said of it. */
export interface Explained {
  readonly self: boolean;
  readonly video: object | undefined;
  readonly camera: boolean;
  readonly picture: Picture | undefined;
  readonly sending: SendingLimit | undefined;
}

/** Why this picture is as it is: one sentence. */
export function explain(tile: Explained, choice: PictureChoice): string {
  if (choice === 'off') return chosen.off;
  if (!tile.camera) return chosen.noCamera;
  if (tile.self) return sending[tile.sending ?? 'none'];
  const { picture: seen } = tile;
  if (seen?.paused) return pausedText(seen);
  if (!tile.video || !seen) return chosen.noneYet;
  if (choice === 'low' && (seen.limit === 'tile' || seen.limit === 'none')) return chosen.low;
  return limits[seen.limit];
}

function pausedText({ limit }: Picture): string {
  return limit === 'downlink' || limit === 'server' ? pauses[limit] : limit === 'policy' ? limits.policy : pauses.other;
}

/** "1280 × 720 · 30/s · 1.2 Mbit/s"; nothing while it is not known. */
export function sizeText({ width, height, framesPerSecond, bitrate }: Picture): string | undefined {
  if (width === 0 || height === 0) return undefined;
  const number = new Intl.NumberFormat(language.get(), { maximumSignificantDigits: 2 });
  const parts = [`${width} × ${height}`];
  if (framesPerSecond > 0) parts.push(`${framesPerSecond}/s`);
  if (bitrate !== undefined && bitrate > 0) {
    parts.push(bitrate >= 1e6 ? `${number.format(bitrate / 1e6)} Mbit/s` : `${number.format(bitrate / 1e3)} kbit/s`);
  }
  return parts.join(' · ');
}
