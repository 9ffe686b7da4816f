import type { Room } from '@parley/client';
import { isHandUp, toggleHand } from '../../state/hand';
import { shortcutLabel } from '../../state/shortcuts';
import { useRoomView } from '../../state/use_store';
import { bar as words } from '../../words/meeting';
import { ControlButton } from '../ControlButton';
import { HandIcon } from '../meeting_icons';

/** Asks for the word, or gives it back. */
export function HandButton({ room }: { readonly room: Room }) {
  useRoomView(room);
  const raised = isHandUp(room);
  return (
    <ControlButton
      label={words.raiseHand}
      hint={raised ? words.lowerHand : words.raiseHand}
      icon={<HandIcon />}
      onClick={() => toggleHand(room)}
      testId="control-hand"
      pressed={raised}
      tone={raised ? 'call' : 'plain'}
      shortcut={shortcutLabel('hand')}
    />
  );
}
