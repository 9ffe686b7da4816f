import type { ServerConnection } from './server_connection';

/** Who has no path so long after the answer gets the relays as well, in milliseconds; */
export const kRelaysAfter = 1000;
/** and twice as long after it who has sent fewer checks than this meanwhile: then it is the computer that is slow. */
export const kChecksUnanswered = 5;

/**
 * When a connection with the server that began without relays is to have them: where a firewall lets nothing through but
 * TLS, it comes to nothing else. Not from the start, as everybody would borrow an address for nothing.
 */
export class LateRelays {
  readonly #add: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(add: () => void) {
    this.#add = add;
  }

  /** The server has answered. */
  watch(connection: ServerConnection): void {
    this.forget();
    this.#timer = setTimeout(() => void this.#look(connection), kRelaysAfter);
  }

  forget(): void {
    clearTimeout(this.#timer);
  }

  async #look(connection: ServerConnection): Promise<void> {
    const add = () => isLooking(connection) && this.#add();
    this.#timer = setTimeout(add, kRelaysAfter);
    const checks = isLooking(connection) ? await connection.checksSent().catch(() => 0) : 0;
    if (checks < kChecksUnanswered) return;
    this.forget();
    add();
  }
}

function isLooking({ pc, hasRelays }: ServerConnection): boolean {
  return !hasRelays && ['new', 'checking'].includes(pc.iceConnectionState);
}
