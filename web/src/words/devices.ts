import type { DeviceErrorCode, DeviceKind } from '@parley/client';
import { area } from './area';
import { language, type Language } from './language';

export const devices = area({
  title: { en: 'Devices', de: 'Geräte' },
  choose: {
    en: 'Choose microphone, camera and speaker',
    de: 'Mikrofon, Kamera und Lautsprecher wählen',
  },
  microphone: { en: 'Microphone', de: 'Mikrofon' },
  camera: { en: 'Camera', de: 'Kamera' },
  speaker: { en: 'Speaker', de: 'Lautsprecher' },
  none: { en: 'None found', de: 'Keine gefunden' },
  level: { en: 'Microphone level', de: 'Pegel des Mikrofons' },
});

/** Whose trouble it is: one device, or both at once. */
export type DeviceNoun = DeviceKind | 'both';

interface Noun {
  /** "your camera", as the subject and as the object of a sentence. */
  readonly your: string;
  readonly yourObject: string;
  /** "the camera", as the object. */
  readonly the: string;
  /** "No camera", before "found". */
  readonly no: string;
  readonly another: string;
  /** It is more than one. */
  readonly many?: boolean;
}

const english = (noun: string): Noun => ({
  your: `Your ${noun}`,
  yourObject: `your ${noun}`,
  the: `the ${noun}`,
  no: `No ${noun}`,
  another: `another ${noun}`,
});

/** German bends the words around a noun by its gender. */
export const kNouns: Record<Language, Record<DeviceNoun, Noun>> = {
  en: {
    microphone: english('microphone'),
    camera: english('camera'),
    screen: english('screen'),
    both: { ...english('camera and microphone'), no: 'Neither camera nor microphone', many: true },
  },
  de: {
    microphone: {
      your: 'Ihr Mikrofon',
      yourObject: 'Ihr Mikrofon',
      the: 'das Mikrofon',
      no: 'Kein Mikrofon',
      another: 'ein anderes Mikrofon',
    },
    camera: {
      your: 'Ihre Kamera',
      yourObject: 'Ihre Kamera',
      the: 'die Kamera',
      no: 'Keine Kamera',
      another: 'eine andere Kamera',
    },
    screen: {
      your: 'Ihr Bildschirm',
      yourObject: 'Ihren Bildschirm',
      the: 'den Bildschirm',
      no: 'Kein Bildschirm',
      another: 'einen anderen Bildschirm',
    },
    both: {
      your: 'Ihre Kamera und Ihr Mikrofon',
      yourObject: 'Ihre Kamera und Ihr Mikrofon',
      the: 'Kamera und Mikrofon',
      no: 'Weder Kamera noch Mikrofon',
      another: 'andere Geräte',
      many: true,
    },
  },
};

type Key = `${DeviceErrorCode}${'' | '/advice'}`;

/** What keeps one from using a device, and need not keep one out of the meeting. */
const kWithout: readonly DeviceErrorCode[] = ['denied', 'denied-by-system', 'not-found', 'busy', 'insecure', 'unknown'];

const without = area({
  advice: { en: 'You can also join without.', de: 'Sie können auch ohne teilnehmen.' },
});

/** By the codes of the SDK's DeviceError: what is wrong, and what to do next. */
export const deviceErrors = area<Record<Key, (noun: Noun) => string>>({
  denied: {
    en: ({ yourObject }) => `This page may not use ${yourObject}.`,
    de: ({ yourObject }) => `Diese Seite darf ${yourObject} nicht benutzen.`,
  },
  'denied/advice': {
    en: ({ the }) => `Allow ${the} in the address bar, then try again.`,
    de: ({ the }) => `Erlauben Sie ${the} in der Adressleiste und versuchen Sie es erneut.`,
  },
  'denied-by-system': {
    en: ({ the }) => `Your computer does not let this browser use ${the}.`,
    de: ({ the }) => `Ihr Computer lässt diesen Browser ${the} nicht benutzen.`,
  },
  'denied-by-system/advice': {
    en: ({ the }) => `Allow your browser to use ${the} in the system’s privacy settings, then try again.`,
    de: ({ the }) =>
      `Erlauben Sie dem Browser in den Datenschutz-Einstellungen des Systems, ${the} zu benutzen, und versuchen Sie es erneut.`,
  },
  'not-found': {
    en: ({ no }) => `${no} was found.`,
    de: ({ no }) => `${no} gefunden.`,
  },
  'not-found/advice': {
    en: () => 'Plug one in and it will be found.',
    de: () => 'Schließen Sie ein Gerät an, dann wird es gefunden.',
  },
  busy: {
    en: ({ your, many }) =>
      many
        ? `${your} are in use by another program, or do not start.`
        : `${your} is in use by another program, or does not start.`,
    de: ({ your, many }) =>
      many
        ? `${your} werden von einem anderen Programm benutzt oder starten nicht.`
        : `${your} wird von einem anderen Programm benutzt oder startet nicht.`,
  },
  'busy/advice': {
    en: ({ the }) => `Close other programs that use ${the}, then try again.`,
    de: ({ the }) => `Schließen Sie andere Programme, die ${the} benutzen, und versuchen Sie es erneut.`,
  },
  overconstrained: {
    en: () => 'The device you chose cannot be used now.',
    de: () => 'Das gewählte Gerät lässt sich gerade nicht benutzen.',
  },
  'overconstrained/advice': {
    en: ({ another }) => `Choose ${another}.`,
    de: ({ another }) => `Wählen Sie ${another}.`,
  },
  insecure: {
    en: ({ the }) => `Browsers allow ${the} on secure pages only, and this page was opened without HTTPS.`,
    de: ({ the }) => `Browser erlauben ${the} nur auf sicheren Seiten, und diese wurde ohne HTTPS geöffnet.`,
  },
  'insecure/advice': {
    en: () => 'Open the meeting with an address that begins with https://.',
    de: () => 'Öffnen Sie die Besprechung mit einer Adresse, die mit https:// beginnt.',
  },
  lost: {
    en: ({ your }) => `${your} was unplugged or switched off.`,
    de: ({ your }) => `${your} wurde abgezogen oder ausgeschaltet.`,
  },
  'lost/advice': {
    en: ({ another }) => `Plug it in again, or choose ${another}.`,
    de: ({ another }) => `Schließen Sie das Gerät wieder an, oder wählen Sie ${another}.`,
  },
  cancelled: {
    en: ({ the }) => `Sharing ${the} was called off.`,
    de: () => 'Das Teilen wurde abgebrochen.',
  },
  'cancelled/advice': {
    en: () => 'Share again, and choose what to show.',
    de: () => 'Teilen Sie erneut und wählen Sie, was Sie zeigen.',
  },
  forbidden: {
    en: ({ yourObject }) => `A host has not allowed ${yourObject} in this meeting.`,
    de: ({ yourObject }) => `Ein Gastgeber hat ${yourObject} in dieser Besprechung nicht erlaubt.`,
  },
  'forbidden/advice': {
    en: () => 'Ask a host to allow it.',
    de: () => 'Bitten Sie einen Gastgeber darum.',
  },
  unknown: {
    en: ({ your }) => `${your} could not be started.`,
    de: ({ your }) => `${your} konnte nicht gestartet werden.`,
  },
  'unknown/advice': {
    en: () => 'Try again; if it stays so, restart the browser.',
    de: () => 'Versuchen Sie es erneut; bleibt es dabei, starten Sie den Browser neu.',
  },
});

/** What a device's error means, in words for the person in front of it; `joining`: they may go in without it. */
export function deviceWords(
  code: DeviceErrorCode,
  noun: DeviceNoun,
  joining = false,
): { message: string; advice: string } {
  const bent = kNouns[language.get()][noun];
  const advice = deviceErrors[`${code}/advice`](bent);
  return {
    message: deviceErrors[code](bent),
    advice: joining && kWithout.includes(code) ? `${advice} ${without.advice}` : advice,
  };
}
