import type { ReactNode } from 'react';
import type { MoreId } from '../../state/more_items';
import { LeaveIcon, LinkIcon, PeopleIcon, ScreenIcon, SettingsIcon } from '../icons';
import {
  ChatIcon,
  FullScreenIcon,
  InspectorIcon,
  KeyboardIcon,
  MirrorIcon,
  OneStreamIcon,
  PictureInPictureIcon,
  QuestionIcon,
  SelfIcon,
  SpeakerViewIcon,
  StageOffIcon,
  TodoIcon,
} from '../meeting_icons';

/** The picture beside an item of the menu. */
export function itemIcon(id: MoreId): ReactNode {
  return kIcons[id];
}

const kIcons: Readonly<Record<MoreId, ReactNode>> = {
  people: <PeopleIcon size={22} />,
  chat: <ChatIcon size={22} />,
  questions: <QuestionIcon size={22} />,
  todo: <TodoIcon size={22} />,
  screen: <ScreenIcon size={22} />,
  speaker: <SpeakerViewIcon size={22} />,
  stream: <OneStreamIcon size={22} />,
  fullscreen: <FullScreenIcon size={22} />,
  float: <PictureInPictureIcon size={22} />,
  self: <SelfIcon size={22} />,
  mirror: <MirrorIcon size={22} />,
  link: <LinkIcon size={22} />,
  settings: <SettingsIcon size={22} />,
  shortcuts: <KeyboardIcon size={22} />,
  inspector: <InspectorIcon size={22} />,
  offstage: <StageOffIcon size={22} />,
  end: <LeaveIcon size={22} />,
};
