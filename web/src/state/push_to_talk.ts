/** What a press of Space is taken from: the microphone it opens and closes again. */
export interface Microphone {
  readonly isOn: () => boolean;
  readonly set: (on: boolean) => void;
}

type Press = Pick<KeyboardEvent, 'code' | 'repeat' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Where Space has a meaning of its own. */
const kTakesSpace =
  'input, textarea, select, button, a[href], summary, [contenteditable="true"], [role="button"], [role="menuitem"], [role="tab"], [role="switch"], [role="option"], [role="dialog"]';

/** Whether Space pressed there is for the page and not for what has the focus. */
export function isFree(target: EventTarget | null): boolean {
  return !(target instanceof Element) || target.closest(kTakesSpace) === null;
}

/** Push to talk: while Space is held, a muted microphone is open. Who is not muted is left alone. */
export class PushToTalk {
  readonly #microphone: Microphone;
  #talking = false;

  constructor(microphone: Microphone) {
    this.#microphone = microphone;
  }

  get talking(): boolean {
    return this.#talking;
  }

  /** Takes a key that went down; true if it was ours, and is to have no other effect. */
  down({ code, repeat, ctrlKey, metaKey, altKey, shiftKey }: Press, free: boolean): boolean {
    if (code !== 'Space' || ctrlKey || metaKey || altKey || shiftKey) return false;
    if (this.#talking) return true;
    if (repeat || !free || this.#microphone.isOn()) return false;
    this.#talking = true;
    this.#microphone.set(true);
    return true;
  }

  /** Takes a key that came up; true if it was ours. */
  up({ code }: Pick<KeyboardEvent, 'code'>): boolean {
    if (code !== 'Space' || !this.#talking) return false;
    this.stop();
    return true;
  }

  /** Also where the key's release will not be seen: the window has lost the focus. */
  stop(): void {
    if (!this.#talking) return;
    this.#talking = false;
    this.#microphone.set(false);
  }
}

/** Listens to Space. Returns what ends it. */
export function listenToSpace(microphone: Microphone): () => void {
  const talk = new PushToTalk(microphone);
  const onDown = (event: KeyboardEvent) => {
    if (talk.down(event, isFree(event.target))) event.preventDefault();
  };
  const onUp = (event: KeyboardEvent) => {
    if (talk.up(event)) event.preventDefault();
  };
  const onBlur = () => talk.stop();
  addEventListener('keydown', onDown);
  addEventListener('keyup', onUp);
  addEventListener('blur', onBlur);
  return () => {
    talk.stop();
    removeEventListener('keydown', onDown);
    removeEventListener('keyup', onUp);
    removeEventListener('blur', onBlur);
  };
}
