import type { Room } from '@parley/client';
import { hosting } from '../words/people';
import { ask, attempt } from './hosting';

/** Ends the meeting for everyone, once the host has said so twice. */
export function askToEnd(room: Room): void {
  ask({
    title: hosting.endTitle,
    text: hosting.endText,
    action: hosting.end,
    run: () => attempt(room.host.end()),
    instead: { label: hosting.justLeave, run: () => room.leave() },
  });
}
