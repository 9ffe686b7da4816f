import type { AudienceMember } from '@parley/client';
import { hostLecture as words } from '../../words/lecture';
import { openPanel, panel } from '../panel';
import { dismissToast, toast } from '../toasts';

const kKey = 'hands';

/** How long it is said that hands are up, in milliseconds; the list of people says it for as long as they are. */
export const kHandsTime = 20_000;
/** In a crowd hands go up all the time: it is said anew at most so often, in milliseconds. */
export const kHandsRest = 5000;

/**
 * Tells a host who of the audience wants to speak: one toast for all of them, and none while the list of people, which has
 * them too, is open.
 */
export class HandsNotice {
  readonly #bring: (sid: string, name: string) => void;
  readonly #now: () => number;
  #known: ReadonlySet<string> = new Set();
  #first: string | undefined;
  #told = -Infinity;

  /** `bring` lets one on stage. */
  constructor(bring: (sid: string, name: string) => void, now = () => performance.now()) {
    this.#bring = bring;
    this.#now = now;
    panel.subscribe(() => {
      if (panel.get() === 'people') dismissToast(kKey);
    });
  }

  /** The first of those whose hands are up, and how many there are. */
  update(raised: readonly AudienceMember[], count: number): void {
    const isNew = raised.some(({ sid }) => !this.#known.has(sid));
    const [first] = raised;
    const isOver = this.#first !== undefined && this.#first !== first?.sid; // Its button would bring somebody else.
    this.#known = new Set(raised.map(({ sid }) => sid));
    if (isOver) this.#dismiss();
    if (!first || panel.get() === 'people') return this.#dismiss();
    if ((isNew || isOver) && this.#now() - this.#told >= kHandsRest) this.#tell(first, count);
  }

  #dismiss(): void {
    this.#first = undefined;
    this.#told = -Infinity;
    dismissToast(kKey);
  }

  #tell({ sid, name }: AudienceMember, count: number): void {
    this.#first = sid;
    this.#told = this.#now();
    const bring = { label: words.bring, testId: 'hands-bring', run: () => this.#bring(sid, name) };
    const see = { label: words.see, testId: 'hands-see', run: () => openPanel('people') };
    toast(count > 1 ? words.wantMore(name, count - 1) : words.wants(name), {
      key: kKey,
      tone: 'call',
      stays: kHandsTime,
      actions: count > 1 ? [see] : [bring, see],
    });
  }
}
