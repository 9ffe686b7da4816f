/** What this browser remembers of its person. Private windows may refuse to remember: that is fine. */
export interface Preferences {
  readonly name?: string;
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
  readonly microphoneOn?: boolean;
  readonly cameraOn?: boolean;
  /** Undefined: as the browser has it. */
  readonly language?: 'en' | 'de' | undefined;
}

const kKey = 'parley.preferences';

export function readPreferences(): Preferences {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(kKey) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? clean(parsed) : {};
  } catch {
    return {};
  }
}

export function remember(change: Preferences): void {
  try {
    localStorage.setItem(kKey, JSON.stringify({ ...readPreferences(), ...change }));
  } catch {
    // No storage, no memory.
  }
}

function clean(parsed: object): Preferences {
  const fields = new Map(Object.entries(parsed));
  const text = (key: string): string | undefined => {
    const value: unknown = fields.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const flag = (key: string): boolean | undefined => {
    const value: unknown = fields.get(key);
    return typeof value === 'boolean' ? value : undefined;
  };
  const oneOf = <T extends string>(key: string, known: readonly T[]): T | undefined =>
    known.find((value) => value === fields.get(key));
  const found = {
    name: text('name'),
    microphone: text('microphone'),
    camera: text('camera'),
    speaker: text('speaker'),
    microphoneOn: flag('microphoneOn'),
    cameraOn: flag('cameraOn'),
    language: oneOf('language', ['en', 'de'] as const),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
