import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { DeviceErrorCode } from '@parley/client';
import { readPreferences } from '../state/preferences';
import { area } from './area';
import { deviceWords, kNouns } from './devices';
import { errorWords, serverSaid } from './errors';
import { bestLanguage, chooseLanguage, kLanguages, language, languageChoice, startLanguage } from './language';

/** Names, and words that both languages share. */
const kSame = new Set(['Alt', 'SDP', 'Chat', 'Server']);

const stored = new Map<string, string>();
const html = { lang: '' };
beforeAll(() => {
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  vi.stubGlobal('document', { documentElement: html });
  vi.stubGlobal('navigator', { languages: ['fr-FR', 'de-AT', 'en'] });
});
beforeEach(() => stored.clear());
afterAll(() => void vi.unstubAllGlobals());

describe('every text', () => {
  const files = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./*.test.ts'], { eager: true });

  it('is there in both languages, and differs', () => {
    let count = 0;
    for (const [file, exports] of Object.entries(files)) {
      for (const [where, texts] of areasOf(exports)) {
        for (const key of Object.keys(texts)) {
          const [en, de] = kLanguages.map((spoken) => inLanguage(spoken, texts, key));
          const name = `${file} ${where}.${key}`;
          expect(en, name).toMatch(/\S/);
          expect(de, name).toMatch(/\S/);
          if (!kSame.has(en ?? '') && !isOneOfSome(en, texts, key)) expect(de, name).not.toBe(en);
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(90);
  });

  // An area's keys are getters, read anew each time.
  function areasOf(exports: Record<string, unknown>): [string, Record<string, unknown>][] {
    return Object.entries(exports).filter(
      (entry): entry is [string, Record<string, unknown>] =>
        typeof entry[1] === 'object' &&
        entry[1] !== null &&
        Object.values(Object.getOwnPropertyDescriptors(entry[1])).some((property) => 'get' in property),
    );
  }

  function inLanguage(spoken: (typeof kLanguages)[number], texts: Record<string, unknown>, key: string): string {
    language.set(spoken);
    const text = texts[key];
    if (typeof text !== 'function') return String(text);
    const make = text as (...values: unknown[]) => string;
    return [1, 2].map((count) => make(...sampleFor(make, spoken, count))).join(' / ');
  }

  // Values that a text may take: a noun for the device errors, else a count that is also a name.
  function sampleFor(make: (...values: unknown[]) => string, spoken: (typeof kLanguages)[number], count: number) {
    const takesNoun = /^\(?\{/.test(make.toString());
    return takesNoun ? [kNouns[spoken].camera] : Array.from({ length: make.length }, () => count);
  }

  // "Ada – Parley" is the same in every language: there is nothing in it but its values.
  function isOneOfSome(en: string | undefined, texts: Record<string, unknown>, key: string): boolean {
    return typeof texts[key] === 'function' && !/\p{L}{3}/u.test((en ?? '').replaceAll('Parley', ''));
  }
});

describe('area', () => {
  const texts = area({
    plain: { en: 'Yes', de: 'Ja' },
    people: { en: (count: number) => `${count} people`, de: (count) => `${count} Personen` },
  });

  it('speaks the language of the moment', () => {
    language.set('de');
    expect([texts.plain, texts.people(3)]).toEqual(['Ja', '3 Personen']);
    language.set('en');
    expect([texts.plain, texts.people(3)]).toEqual(['Yes', '3 people']);
    expectTypeOf(texts.plain).toEqualTypeOf<string>();
    expectTypeOf(texts.people).parameter(0).toEqualTypeOf<number>();
  });
});

describe('the language', () => {
  it('is the first of the browser’s that we have, else English', () => {
    expect(bestLanguage(['fr', 'de-AT', 'en'])).toBe('de');
    expect(bestLanguage(['en-GB', 'de'])).toBe('en');
    expect(bestLanguage(['fr', 'DEN'])).toBe('en');
    expect(bestLanguage([])).toBe('en');
  });

  it('is what the person chose, and is remembered', () => {
    startLanguage();
    expect([language.get(), html.lang, languageChoice()]).toEqual(['de', 'de', 'system']);
    chooseLanguage('en');
    expect([language.get(), html.lang, readPreferences().language]).toEqual(['en', 'en', 'en']);
    startLanguage();
    expect(language.get()).toBe('en');
    chooseLanguage('system');
    expect([language.get(), html.lang, languageChoice()]).toEqual(['de', 'de', 'system']);
  });

  it('is the browser’s when what is stored is none of ours', () => {
    stored.set('parley.preferences', '{"language":"tlh"}');
    startLanguage();
    expect(language.get()).toBe('de');
  });
});

describe('errors', () => {
  const kCodes: DeviceErrorCode[] = [
    'denied',
    'denied-by-system',
    'not-found',
    'busy',
    'overconstrained',
    'insecure',
    'lost',
    'cancelled',
    'unknown',
  ];

  it('of devices have their words in both languages', () => {
    language.set('de');
    expect(deviceWords('denied', 'both').message).toBe('Diese Seite darf Ihre Kamera und Ihr Mikrofon nicht benutzen.');
    language.set('en');
    expect(deviceWords('not-found', 'camera').message).toBe('No camera was found.');
    expect(deviceWords('busy', 'both').message).toContain('microphone are in use');
    for (const code of kCodes) expect(deviceWords(code, 'microphone').advice).toMatch(/\.$/);
  });

  it('of the server have words by their code, or the server’s own', () => {
    language.set('en');
    expect(errorWords('locked')?.title).toBe('This meeting is locked');
    expect(errorWords('toString')).toBeUndefined();
    expect(serverSaid('name: is missing')).toBe('The server said: name: is missing');
    expect(serverSaid(undefined)).not.toBe('');
  });
});
