/** What this browser remembers of its person. Private windows may refuse to remember: that is fine. */
export interface Preferences extends Partial<Readonly<Record<Flag, boolean>>> {
  readonly name?: string;
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
  /** Undefined: as the browser has it. */
  readonly language?: 'en' | 'de' | undefined;
}

const kFlags = [
  'microphoneOn',
  'cameraOn',
  'noiseSuppression',
  'echoCancellation',
  'autoGainControl',
  'blur',
  'pushToTalk',
  'mirror',
  'notices',
  'sounds',
] as const;
type Flag = (typeof kFlags)[number];

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
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const text = (key: string): string | undefined => {
    const value = fields.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const flag = (key: Flag): [Flag, boolean][] => {
    const value = fields.get(key);
    return typeof value === 'boolean' ? [[key, value]] : [];
  };
  const found: Record<string, unknown> = {
    name: text('name'),
    microphone: text('microphone'),
    camera: text('camera'),
    speaker: text('speaker'),
    language: (['en', 'de'] as const).find((known) => known === fields.get('language')),
    ...Object.fromEntries(kFlags.flatMap(flag)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
