import { diagnose, kDoctorSteps, verdictOf, type Findings, type Phases, type Verdict } from '@parley/client';
import { Store } from '../state/store';

/** What the page shows: how far the examination is, and in the end what it means. */
export interface Examination {
  readonly findings: Findings | undefined;
  readonly phases: Phases | undefined;
  /** Once it is over. */
  readonly verdict: Verdict | undefined;
}

const kBegin: Examination = { findings: undefined, phases: undefined, verdict: undefined };

/** One examination after another, as often as the person likes. Nothing goes on once it is stopped. */
export class DoctorRun {
  readonly store = new Store<Examination>(kBegin);
  #controller = new AbortController();

  /** Begins anew; an examination under way ends. */
  start(): void {
    this.stop();
    this.#controller = new AbortController();
    this.store.set(kBegin);
    void this.#examine(this.#controller.signal);
  }

  stop(): void {
    this.#controller.abort();
  }

  async #examine(signal: AbortSignal): Promise<void> {
    try {
      const onProgress = (findings: Findings, phases: Phases) => {
        if (!signal.aborted) this.store.set({ findings, phases, verdict: undefined });
      };
      const findings = await diagnose({ signal, onProgress });
      this.store.update((now) => ({ ...now, findings, verdict: verdictOf(findings) }));
    } catch (error) {
      if (!signal.aborted) throw error; // Stopped is no failure.
    }
  }
}

/** How many steps are over, of how many. */
export function doneOf({ phases }: Examination): [done: number, all: number] {
  return [kDoctorSteps.filter((step) => phases?.[step] === 'over').length, kDoctorSteps.length];
}
