import type { LogEntry, LoggedConnection } from '@parley/client';

export interface Described {
  readonly at: number;
  readonly ours: boolean;
  readonly sdp: string;
}

/** An offer, and the answer to it if one came. */
export interface NegotiationView {
  readonly offer: Described;
  readonly answer: Described | undefined;
}

/** The offers of a connection whose text was kept, each with its answer; the last one is in force. */
export function negotiationsOf(peer: LoggedConnection | undefined): NegotiationView[] {
  const found: { offer: Described; answer: Described | undefined }[] = [];
  for (const entry of peer?.entries ?? []) {
    const described = describedBy(entry);
    if (!described) continue;
    if (entry.step.startsWith('offer')) found.push({ offer: described, answer: undefined });
    else if (found.length > 0) (found.at(-1) as { answer: Described | undefined }).answer = described;
  }
  return found;
}

function describedBy({ at, step, sdp }: LogEntry): Described | undefined {
  if (!sdp || !/^(offer|answer)-(made|received)$/.test(step)) return undefined;
  return { at, ours: step.endsWith('made'), sdp };
}
