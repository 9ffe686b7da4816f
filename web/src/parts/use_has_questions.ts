import type { Room } from '@parley/client';
import { hasQuestions } from '../state/question_view';
import { useRoomView } from '../state/use_store';
import { useChange } from './use_change';

/** Whether questions are offered: in a lecture, and wherever somebody has asked something. */
export function useHasQuestions(room: Room): boolean {
  useRoomView(room); // The room's settings.
  return useChange(room.questions, () => hasQuestions(room));
}
