import type { Room } from '@parley/client';
import { bar as words } from '../words/meeting';
import { chat } from '../words/chat';
import { common } from '../words/common';
import { onStage } from '../words/lecture';
import { hosting, people } from '../words/people';
import { questions } from '../words/questions';
import { oneStream } from '../words/one_stream';
import { room as roomWords } from '../words/room';
import { shortcuts } from '../words/shortcuts';
import { todo } from '../words/todo';
import { openSettings, openShortcuts } from './dialogs';
import { canFillScreen, canFloat, fullScreen, toggleFullScreen, togglePictureInPicture } from './full_screen';
import { attempt } from './hosting';
import { copyLink } from './invite';
import { askToEnd } from './leaving';
import { toggleOneStream } from './one_stream';
import { openPanel } from './panel';
import { hasQuestions } from './question_view';
import { canShareScreen, toggleScreen } from './screen_share';
import { changeSettings, settings } from './settings';
import { shortcutLabel } from './shortcuts';
import { changeStage, stage, toggleSpeakerView } from './stage';

/** What the menu of everything else offers. */
export interface MoreItem {
  readonly id: MoreId;
  readonly text: string;
  /** Undefined for what is no switch. */
  readonly checked?: boolean;
  /** As it is written on this computer. */
  readonly shortcut?: string;
  readonly run: () => void;
}

export type MoreId =
  | 'people'
  | 'chat'
  | 'questions'
  | 'todo'
  | 'screen'
  | 'speaker'
  | 'stream'
  | 'fullscreen'
  | 'float'
  | 'self'
  | 'mirror'
  | 'link'
  | 'settings'
  | 'shortcuts'
  | 'inspector'
  | 'offstage'
  | 'end';

/** In groups; `small` adds what has no button where there is little room. */
export function moreItems(room: Room, small: boolean): MoreItem[][] {
  return [small ? panelItems(room) : [], viewItems(room), shareItems(room)].filter((group) => group.length > 0);
}

function panelItems(room: Room): MoreItem[] {
  const { media, lecture, isHost } = room;
  const sharing = media.flags.scrinf;
  return [
    { id: 'people', text: people.title, run: () => openPanel('people') },
    { id: 'chat', text: chat.title, run: () => openPanel('chat') },
    ...(hasQuestions(room)
      ? [{ id: 'questions', text: questions.title, run: () => openPanel('questions') } as const]
      : []),
    { id: 'todo', text: todo.title, run: () => openPanel('todo') },
    ...(canShareScreen() && lecture.onStage
      ? [
          {
            id: 'screen',
            text: sharing ? roomWords.screenStop : roomWords.screen,
            run: () => void toggleScreen(media),
          } as const,
        ]
      : []),
    ...(lecture.on && lecture.onStage && !isHost
      ? [{ id: 'offstage', text: onStage.leave, run: () => attempt(lecture.leaveStage()) } as const]
      : []),
  ];
}

function viewItems(room: Room): MoreItem[] {
  const { layout, ownPicture } = stage.get();
  const { mirror } = settings.get();
  const speaker = layout === 'speaker';
  return [
    {
      id: 'speaker',
      text: words.speaker,
      checked: speaker,
      run: toggleSpeakerView,
    },
    ...(room.oneStream.available
      ? [
          {
            id: 'stream',
            text: oneStream.item,
            checked: room.oneStream.wanted,
            run: () => toggleOneStream(room),
          } as const,
        ]
      : []),
    ...(canFillScreen()
      ? [
          {
            id: 'fullscreen',
            text: words.fullScreen,
            checked: fullScreen.get(),
            run: () => void toggleFullScreen(),
          } as const,
        ]
      : []),
    ...(canFloat()
      ? [{ id: 'float', text: words.pictureInPicture, run: () => void togglePictureInPicture() } as const]
      : []),
    ...(room.lecture.onStage
      ? [
          {
            id: 'self',
            text: words.showSelf,
            checked: ownPicture,
            run: () => changeStage({ ownPicture: !ownPicture }),
          } as const,
          {
            id: 'mirror',
            text: words.mirror,
            checked: mirror,
            run: () => changeSettings({ mirror: !mirror }),
          } as const,
        ]
      : []),
  ];
}

function shareItems(room: Room): MoreItem[] {
  return [
    { id: 'link', text: common.copyLink, run: () => void copyLink(room.room) },
    { id: 'settings', text: words.settings, shortcut: shortcutLabel('settings'), run: () => openSettings() },
    { id: 'shortcuts', text: shortcuts.title, shortcut: shortcutLabel('help'), run: openShortcuts },
    { id: 'inspector', text: words.inspector, run: () => openPanel('inspector') },
    ...(room.isHost ? [{ id: 'end', text: hosting.end, run: () => askToEnd(room) } as const] : []),
  ];
}
