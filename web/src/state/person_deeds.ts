import type { Permissions, Room } from '@parley/client';
import { hostLecture, onStage } from '../words/lecture';
import { people as words } from '../words/people';
import { ask, attempt } from './hosting';
import { write } from './chat_draft';
import { openPanel } from './panel';
import type { PersonAction, PersonView } from './people';
import { togglePin } from './stage';

type Person = Pick<PersonView, 'sid' | 'name' | 'self'>;
type Deed = Exclude<PersonAction, 'permit'>;

/** Does to someone what was chosen from their menu; asks first where it cannot be taken back. */
export function doTo({ sid, name, self }: Person, action: Deed, { host }: Pick<Room, 'host'>): void {
  const deeds: Record<Deed, () => void> = {
    bring: () => attempt(host.stage(sid, true), onStage.came(name)),
    takeOff: () => attempt(host.stage(sid, false), onStage.went(name)),
    pin: () => togglePin(self ? 'self' : sid),
    write: () => {
      write({ to: sid, toName: name, replyTo: undefined, editing: undefined });
      openPanel('chat');
    },
    mute: () => attempt(host.mute(sid, 'microphone')),
    askMicrophone: () => attempt(host.ask(sid, 'microphone', true), words.asked(name)),
    cameraOff: () => attempt(host.mute(sid, 'camera')),
    askCamera: () => attempt(host.ask(sid, 'camera', true), words.asked(name)),
    screenOff: () => attempt(host.mute(sid, 'screen')),
    lowerHand: () => attempt(host.lowerHand(sid)),
    cohost: () => attempt(host.setRole(sid, 'cohost')),
    participant: () => attempt(host.setRole(sid, 'participant')),
    handOver: () =>
      ask({
        title: words.handOverTitle(name),
        text: words.handOverText,
        action: words.handOver,
        run: () => attempt(host.handOver(sid)),
      }),
    remove: () =>
      ask({
        title: words.removeTitle(name),
        text: words.removeText,
        action: words.removeDo,
        run: () => attempt(host.remove(sid)),
      }),
  };
  deeds[action]();
}

/** What may be permitted, in the order in which it is listed. */
export const kPermitted = ['microphone', 'camera', 'screen', 'chat', 'todo'] as const satisfies (keyof Permissions)[];

/** What an action is called in the menu. */
export function actionText(action: Deed, pinned: boolean): string {
  const texts: Record<Deed, string> = {
    bring: hostLecture.bring,
    takeOff: hostLecture.takeOff,
    pin: pinned ? words.unpin : words.pin,
    write: words.write,
    mute: words.mute,
    askMicrophone: words.askUnmute,
    cameraOff: words.stopCamera,
    askCamera: words.askCamera,
    screenOff: words.stopShare,
    lowerHand: words.lowerHand,
    cohost: words.makeCohost,
    participant: words.makeParticipant,
    handOver: words.handOver,
    remove: words.remove,
  };
  return texts[action];
}
