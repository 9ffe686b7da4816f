import { SignalError, type Room } from '@parley/client';
import { hostLecture as words } from '../../words/lecture';
import { ask, refusalText } from '../hosting';
import { toast } from '../toasts';

/** Makes a lecture of the meeting, or a meeting of the lecture. Asks first where somebody would leave the stage by it. */
export function setLecture(room: Pick<Room, 'host' | 'participants'>, on: boolean): void {
  const change = () => {
    room.host.change({ lecture: on }).catch((error: unknown) => toast(textOf(error), 'warning'));
  };
  const leaves = [...room.participants.values()].some(({ role, program }) => role === 'participant' && !program);
  if (!on || !leaves) return change();
  ask({ title: words.beginTitle, text: words.beginText, action: words.begin, run: change });
}

// What these codes mean elsewhere is of no help here.
function textOf(error: unknown): string {
  const code = error instanceof SignalError ? error.code : '';
  if (code === 'room-full') return words.tooMany;
  return code === 'unavailable' ? words.unavailable : refusalText(error);
}
