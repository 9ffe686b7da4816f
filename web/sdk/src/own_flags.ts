import type { MediaFlags } from './protocol';
import type { Publications } from './publications';
import type { Signalling } from './signalling';

/**
 * Tells the others what we have on, and each change once.
 *
 * Owner: Room.
 */
export class OwnFlags {
  readonly #publications: Pick<Publications, 'flags'>;
  readonly #signalling: Pick<Signalling, 'send' | 'state'>;
  #told: MediaFlags | undefined;

  constructor(publications: Pick<Publications, 'flags'>, signalling: Pick<Signalling, 'send' | 'state'>) {
    this.#publications = publications;
    this.#signalling = signalling;
  }

  /** A join has told these. */
  note(flags: MediaFlags): void {
    this.#told = flags;
  }

  tell(): void {
    const { flags } = this.#publications;
    if (this.#signalling.state !== 'joined' || JSON.stringify(flags) === JSON.stringify(this.#told)) return;
    this.#told = flags;
    this.#signalling.send('media', flags);
  }
}
