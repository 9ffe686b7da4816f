import type { LocalMedia, SoundProcessing } from '@parley/client';
import { readPreferences, remember } from './preferences';
import { Store } from './store';

/** What a person may set once for all meetings. */
export interface Settings extends SoundProcessing {
  /** Blurs what is behind one, where the browser can. */
  readonly blur: boolean;
  /** Space opens the microphone while it is held. */
  readonly pushToTalk: boolean;
  /** One's own picture is shown as in a mirror. Others never see it so. */
  readonly mirror: boolean;
  /** Short messages tell who comes and goes. */
  readonly notices: boolean;
  /** A sound tells it. */
  readonly sounds: boolean;
}

const kDefaults: Settings = {
  noiseSuppression: true,
  echoCancellation: true,
  autoGainControl: true,
  blur: false,
  pushToTalk: true,
  mirror: true,
  notices: true,
  sounds: false,
};

export const settings = new Store<Settings>(read());

/** Changes some of them, for now and for later. The devices follow if they are in use. */
export function changeSettings(change: Partial<Settings>, media?: LocalMedia): void {
  settings.update((now) => ({ ...now, ...change }));
  remember(change);
  if (media) applySettings(media);
}

/** Tells the devices what was set. They take it when they are on. */
export function applySettings(media: Pick<LocalMedia, 'setProcessing' | 'setBlur'>): void {
  const { noiseSuppression, echoCancellation, autoGainControl, blur } = settings.get();
  void media.setProcessing({ noiseSuppression, echoCancellation, autoGainControl });
  void media.setBlur(blur);
}

function read(): Settings {
  const known = Object.entries(readPreferences()).filter(([key]) => Object.hasOwn(kDefaults, key));
  return { ...kDefaults, ...Object.fromEntries(known) };
}
