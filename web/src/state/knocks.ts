import type { WaitingPerson } from '@parley/client';
import { door } from '../words/people';
import { panel, openPanel } from './panel';
import { dismissToast, toast } from './toasts';

const kKey = 'knock';

/** What a host can answer. */
export interface DoorKeeper {
  readonly admit: (sids: string[]) => void;
  readonly refuse: (sids: string[]) => void;
}

/** Those of `now` that were not there `before`. */
export function newcomers(before: readonly WaitingPerson[], now: readonly WaitingPerson[]): WaitingPerson[] {
  const known = new Set(before.map(({ sid }) => sid));
  return now.filter(({ sid }) => !known.has(sid));
}

/**
 * Tells a host who wants to come in: one toast for all of them, there as long as anyone waits and the
 * list of people, which has them too, is not open.
 */
export class Knocks {
  readonly #keeper: DoorKeeper;
  #waiting: readonly WaitingPerson[] = [];

  constructor(keeper: DoorKeeper) {
    this.#keeper = keeper;
    panel.subscribe(() => {
      if (panel.get() === 'people') dismissToast(kKey);
    });
  }

  update(waiting: readonly WaitingPerson[]): void {
    const isNew = newcomers(this.#waiting, waiting).length > 0;
    const fewer = waiting.length < this.#waiting.length;
    this.#waiting = waiting;
    if (waiting.length === 0 || panel.get() === 'people') return dismissToast(kKey);
    if (isNew || fewer) this.#tell(waiting);
  }

  #tell(waiting: readonly WaitingPerson[]): void {
    const [first] = waiting;
    if (!first) return;
    const sids = waiting.map(({ sid }) => sid);
    const admit = {
      label: sids.length > 1 ? door.admitAll : door.admit,
      testId: 'knock-admit',
      run: () => this.#keeper.admit(sids),
    };
    const refuse = { label: door.refuse, testId: 'knock-refuse', run: () => this.#keeper.refuse(sids) };
    const see = { label: door.see, testId: 'knock-see', run: () => openPanel('people') };
    toast(sids.length > 1 ? door.more(first.name, sids.length - 1) : door.one(first.name), {
      key: kKey,
      tone: 'call',
      stays: Infinity,
      actions: sids.length > 1 ? [admit, see] : [admit, refuse],
    });
  }
}
