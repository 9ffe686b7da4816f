/**
 * When the hint of a button (its `data-hint`, drawn by styles/hint.css) is in sight: while a mouse rests on it or the
 * keyboard has brought the focus there, until Escape or a press. A finger sees none: it would cover what one is about to
 * touch, and nothing would take it away.
 */

/** How long a mouse rests before the hint comes, in milliseconds. */
const kRest = 350;
/** Between a hint and the edge of the page, in CSS pixels. */
const kMargin = 8;

/** How far a hint centred on `middle` has to move sideways to lie on a page of that width. */
export function hintShift(middle: number, width: number, page: number): number {
  const left = middle - width / 2;
  if (left < kMargin) return kMargin - left;
  return Math.min(0, page - kMargin - (left + width));
}

/** What says of itself what a click does. */
export interface Hinted {
  /** Shows or hides it. */
  show(on: boolean): void;
}

/** Decides which hint is in sight. Knows no page, so that it can be tested. */
export class Hints<Target extends Hinted> {
  #shown: Target | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #byKeyboard = false;
  /** Where the pointer is, until it goes somewhere else. */
  #pointed: Target | undefined;

  /** A pointer came to `target`, or to where there is none. */
  point(target: Target | undefined, kind: string): void {
    if (target !== undefined && target === this.#pointed) return; // It moved within.
    this.#pointed = target;
    this.hide();
    if (target && kind !== 'touch') this.#timer = setTimeout(() => this.#show(target), kRest);
  }

  /** The focus came to `target`, or to where there is none. */
  focus(target: Target | undefined): void {
    this.hide();
    if (target && this.#byKeyboard) this.#show(target);
  }

  /** Something was pressed with mouse, pen or finger. */
  press(): void {
    this.#byKeyboard = false;
    this.hide();
  }

  key(key: string): void {
    this.#byKeyboard = true;
    if (key === 'Escape') this.hide();
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#shown?.show(false);
    this.#shown = undefined;
  }

  #show(target: Target): void {
    this.#shown = target;
    target.show(true);
  }
}

/** Shows hints on this page from now on. */
export function startHints(): void {
  const hints = new Hints();
  const capture = { capture: true, passive: true } as const;
  document.addEventListener(
    'pointerover',
    ({ target, pointerType }) => hints.point(hintOf(target), pointerType),
    capture,
  );
  document.addEventListener('pointerdown', () => hints.press(), capture);
  document.addEventListener('focusin', ({ target }) => hints.focus(hintOf(target)), capture);
  document.addEventListener('focusout', () => hints.hide(), capture);
  document.addEventListener('keydown', ({ key }) => hints.key(key), capture);
  document.documentElement.addEventListener('pointerleave', () => hints.point(undefined, 'mouse'), { passive: true });
}

const known = new WeakMap<HTMLElement, Hinted>();

function hintOf(target: EventTarget | null): Hinted | undefined {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-hint]') : null;
  if (!button) return undefined;
  const before = known.get(button);
  if (before) return before;
  const show = (on: boolean) => {
    button.toggleAttribute('data-hint-shown', on);
    if (on) keepOnPage(button);
  };
  known.set(button, { show });
  return known.get(button);
}

function keepOnPage(button: HTMLElement): void {
  const { left, width } = button.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(button, '::after').width) || 0; // With its padding: base.css counts so.
  const shift = hintShift(left + width / 2, size, document.documentElement.clientWidth);
  button.style.setProperty('--hint-shift', `${shift}px`);
}
