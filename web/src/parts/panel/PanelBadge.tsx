import type { Room } from '@parley/client';
import type { PanelName } from '../../state/panel';
import { useRoomView } from '../../state/use_store';
import { chat } from '../../words/chat';
import { hostLecture } from '../../words/lecture';
import { bar } from '../../words/meeting';
import { door, people } from '../../words/people';
import { questions } from '../../words/questions';
import { todo } from '../../words/todo';
import { useChange } from '../use_change';
import styles from './PanelBadge.module.css';

export function panelTitle(name: PanelName): string {
  const titles: Readonly<Record<PanelName, string>> = {
    people: people.title,
    chat: chat.title,
    questions: questions.title,
    todo: todo.title,
    inspector: bar.inspector,
  };
  return titles[name];
}

/** How much in a panel waits to be looked at. */
export function PanelBadge({ name, room }: { readonly name: PanelName; readonly room: Room }) {
  if (name === 'chat') return <UnreadBadge room={room} />;
  if (name === 'questions') return <QuestionsBadge room={room} />;
  return name === 'people' ? <WaitingBadge room={room} /> : null;
}

function UnreadBadge({ room }: { readonly room: Room }) {
  const unread = useChange(room.chat, ({ unread }) => unread);
  return unread > 0 ? <Badge count={unread} label={chat.unread(unread)} /> : null;
}

function WaitingBadge({ room }: { readonly room: Room }) {
  const { hands } = useRoomView(room).lecture;
  const waiting = room.waiting.length;
  const raised = room.isHost ? hands : 0; // Hosts alone can do something about it.
  const labels = [waiting > 0 && `${door.title}: ${waiting}`, raised > 0 && hostLecture.hands(raised)];
  const label = labels.filter(Boolean).join(', ');
  return waiting + raised > 0 ? <Badge count={waiting + raised} label={label} calls /> : null;
}

/** Hosts alone decide about what waits. */
function QuestionsBadge({ room }: { readonly room: Room }) {
  useRoomView(room);
  const waiting = useChange(room.questions, ({ waiting }) => waiting);
  return room.isHost && waiting > 0 ? <Badge count={waiting} label={questions.waits(waiting)} calls /> : null;
}

/** Beyond two digits the exact number says nothing. */
const kMost = 99;

function Badge({ count, label, calls }: { readonly count: number; readonly label: string; readonly calls?: boolean }) {
  return (
    <span className={styles.badge} data-testid="badge" data-calls={calls || undefined}>
      <span aria-hidden="true">{count > kMost ? `${kMost}+` : count}</span>
      <span className="unseen">{label}</span>
    </span>
  );
}
