import type { Room } from '@parley/client';
import type { ReactNode } from 'react';
import { panel, togglePanel, type PanelName } from '../../state/panel';
import { shortcutLabel } from '../../state/shortcuts';
import { useStore } from '../../state/use_store';
import { bar as words } from '../../words/meeting';
import { ControlButton } from '../ControlButton';
import { PeopleIcon } from '../icons';
import { ChatIcon, QuestionIcon, TodoIcon } from '../meeting_icons';
import { PanelBadge, panelTitle } from '../panel/PanelBadge';
import { useHasQuestions } from '../use_has_questions';
import styles from './PanelButtons.module.css';

const kButtons: readonly { readonly name: Exclude<PanelName, 'inspector'>; readonly icon: ReactNode }[] = [
  { name: 'people', icon: <PeopleIcon /> },
  { name: 'chat', icon: <ChatIcon /> },
  { name: 'questions', icon: <QuestionIcon /> },
  { name: 'todo', icon: <TodoIcon /> },
];

/** Open the panel beside the pictures, each at its tab. */
export function PanelButtons({ room }: { readonly room: Room }) {
  const shown = useStore(panel);
  const questions = useHasQuestions(room);
  return (
    <div className={styles.buttons} role="group" aria-label={words.panels}>
      {kButtons
        .filter(({ name }) => name !== 'questions' || questions)
        .map(({ name, icon }) => (
          <span key={name} className={styles.place}>
            <ControlButton
              label={panelTitle(name)}
              hint={panelTitle(name)}
              icon={icon}
              onClick={() => togglePanel(name)}
              testId={`control-${name}`}
              pressed={shown === name}
              tone={shown === name ? 'chosen' : 'bare'}
              shortcut={name === 'questions' ? undefined : shortcutLabel(name)}
            />
            <span className={styles.badge}>
              <PanelBadge name={name} room={room} />
            </span>
          </span>
        ))}
    </div>
  );
}
