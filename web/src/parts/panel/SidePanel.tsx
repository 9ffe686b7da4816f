import type { Room } from '@parley/client';
import { useEffect, useRef, type ComponentType, type KeyboardEvent } from 'react';
import { later } from '../later';
import { useHasQuestions } from '../use_has_questions';
import { closePanel, neighbourPanel, openPanel, type PanelName } from '../../state/panel';
import { bar as words } from '../../words/meeting';
import { CloseIcon } from '../meeting_icons';
import { IconButton } from './IconButton';
import { PanelBadge, panelTitle } from './PanelBadge';
import styles from './SidePanel.module.css';

/** A panel gets the room, and whether we may change what it shows. */
type PanelBody = ComponentType<{ readonly room: Room; readonly allowed: boolean }>;

const body = (fetch: () => Promise<{ readonly default: PanelBody }>) => later(fetch, closePanel);

/** What stands in the panel, in the order of the tabs. */
const kBodies: Partial<Record<PanelName, PanelBody>> = {
  people: body(() => import('../people/PeoplePanel')),
  chat: body(() => import('../chat/ChatPanel')),
  questions: body(() => import('../questions/QuestionsPanel')),
  todo: body(() => import('../todo/TodoPanel')),
  inspector: body(() => import('../../inspector/InspectorPanel')),
};
const kTabs = Object.keys(kBodies) as PanelName[];

/** Questions where they are of use. */
function useTabs(room: Room, shown: PanelName): readonly PanelName[] {
  const questions = useHasQuestions(room);
  return kTabs.filter((name) => name !== 'questions' || questions || name === shown);
}

interface SidePanelProps {
  readonly room: Room;
  readonly shown: PanelName;
  /** On a phone it covers the meeting. */
  readonly covers: boolean;
}

/** Beside the pictures: people, chat, tasks. */
export default function SidePanel({ room, shown, covers }: SidePanelProps) {
  const Body = kBodies[shown];
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    closePanel();
  };
  return (
    // Escape bubbles up to here from whatever in the panel has the focus.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      className={styles.panel}
      aria-label={words.panel}
      role={covers ? 'dialog' : undefined}
      aria-modal={covers || undefined}
      data-testid="panel"
      data-shown={shown}
      data-covers={covers || undefined}
      onKeyDown={onKey}
    >
      <div className={styles.head}>
        <Tabs shown={shown} room={room} />
        <IconButton label={words.closePanel} testId="panel-close" onClick={closePanel}>
          <CloseIcon size={21} />
        </IconButton>
      </div>
      <div className={styles.body} role="tabpanel" id="panel-body" aria-labelledby={`panel-tab-${shown}`}>
        <h2 className="unseen">{panelTitle(shown)}</h2>
        {Body && <Body room={room} allowed={isAllowed(room, shown)} />}
      </div>
    </aside>
  );
}

function isAllowed({ self }: Room, shown: PanelName): boolean {
  const permission = shown === 'questions' ? 'chat' : shown;
  return (permission !== 'chat' && permission !== 'todo') || (self?.permissions[permission] ?? true);
}

function Tabs({ shown, room }: { readonly shown: PanelName; readonly room: Room }) {
  const list = useRef<HTMLDivElement>(null);
  const tabs = useTabs(room, shown);
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // People and inspector have no field to write into: the focus goes to the tab. The others take it themselves.
    if (shown === 'people' || shown === 'inspector') tab?.focus({ preventScroll: true });
  }, [shown]);
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = neighbourPanel(shown, step, tabs);
    openPanel(next);
    list.current?.querySelector<HTMLElement>(`#panel-tab-${next}`)?.focus();
  };
  return (
    <div ref={list} className={styles.tabs} role="tablist" aria-label={words.panels} tabIndex={-1} onKeyDown={onKey}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`panel-tab-${name}`}
          className={styles.tab}
          aria-selected={name === shown}
          aria-controls="panel-body"
          tabIndex={name === shown ? 0 : -1}
          data-testid={`tab-${name}`}
          onClick={() => openPanel(name)}
        >
          {panelTitle(name)}
          {name !== shown && <PanelBadge name={name} room={room} />}
        </button>
      ))}
    </div>
  );
}
