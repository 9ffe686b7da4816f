import { accountSession } from './identity';
import { attempt } from './attempt';
import { Listing } from './listing';
import { Fields } from './read';

/** One browser that is logged in. */
export interface LoggedIn {
  readonly id: number;
  /** As it calls itself: a User-Agent header. */
  readonly userAgent: string;
  /** When it logged in, and when it was last here, in milliseconds since 1970. */
  readonly created: number;
  readonly lastUsed: number;
  /** It is this one. */
  readonly current: boolean;
}

export const loggedIn = new Listing<LoggedIn>(() =>
  attempt(async () => readLoggedIn(await accountSession().request('GET', '/api/auth/sessions'))),
);

/** Logs that browser out. */
export function endSession(id: number): Promise<boolean> {
  return loggedIn.change(() => attempt(() => accountSession().request('DELETE', `/api/auth/sessions/${id}`)));
}

/** The newest first, and before all the one in front of us. */
export function readLoggedIn(json: unknown): LoggedIn[] {
  return new Fields(json)
    .list('sessions')
    .map((one) => ({
      id: one.number('id') ?? 0,
      userAgent: one.text('userAgent'),
      created: one.number('created') ?? 0,
      lastUsed: one.number('refreshed') ?? one.number('created') ?? 0,
      current: one.flag('current'),
    }))
    .sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsed - a.lastUsed);
}

/** What a User-Agent header means to a person: "Firefox, Windows". Undefined where it says nothing. */
export function browserOf(userAgent: string): string | undefined {
  const of = (known: readonly (readonly [RegExp, string])[]) => known.find(([sign]) => sign.test(userAgent))?.[1];
  const browser = of(kBrowsers);
  const system = of(kSystems);
  return [browser, system].filter(Boolean).join(', ') || undefined;
}

// Most call themselves by each other's names too: the more particular come first.
const kBrowsers = [
  [/Edg(A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
] as const;
const kSystems = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;
