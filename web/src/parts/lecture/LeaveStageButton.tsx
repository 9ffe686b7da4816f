import type { Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { useRoomView } from '../../state/use_store';
import { onStage as words } from '../../words/lecture';
import { ControlButton } from '../ControlButton';
import { StageOffIcon } from '../meeting_icons';

/** Back into the audience, for who was brought on stage. */
export function LeaveStageButton({ room }: { readonly room: Room }) {
  const { lecture } = useRoomView(room);
  if (!lecture.on || !lecture.onStage || room.isHost) return null;
  return (
    <ControlButton
      label={words.leave}
      hint={words.leaveHint}
      icon={<StageOffIcon />}
      onClick={() => attempt(room.lecture.leaveStage())}
      testId="control-offstage"
    />
  );
}
