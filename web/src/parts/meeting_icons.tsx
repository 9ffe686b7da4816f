import { icon } from './icons';

/** The pictures of what the meeting adds: panels, layouts, messages. Fetched with the parts that use them. */
export const HandIcon = icon(
  <path d="M8 13V5.5a1.5 1.5 0 0 1 3 0V11m0-.5v-7a1.5 1.5 0 0 1 3 0V11m0-5.5a1.5 1.5 0 0 1 3 0V13m0-4.5a1.5 1.5 0 0 1 3 0V15a6.5 6.5 0 0 1-6.5 6.5h-1c-2.3 0-3.8-.9-5-2.7l-3.2-5a1.5 1.5 0 0 1 2.5-1.7L8 14" />,
);
export const SmileIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M8.5 14a4.2 4.2 0 0 0 7 0M9 9.8v.01M15 9.8v.01" />
  </>,
);
export const MoreIcon = icon(<path strokeWidth="2.6" d="M12 5.5v.01M12 12v.01M12 18.5v.01" />);
export const ChatIcon = icon(
  <path d="M5.5 4.5h13A1.5 1.5 0 0 1 20 6v9.5a1.5 1.5 0 0 1-1.5 1.5H10l-4.3 3.4a.4.4 0 0 1-.7-.3V17A1.5 1.5 0 0 1 4 15.5V6a1.5 1.5 0 0 1 1.5-1.5zM8 9h8M8 12.5h5" />,
);
export const QuestionIcon = icon(
  <path d="M5.5 4.5h13A1.5 1.5 0 0 1 20 6v9.5a1.5 1.5 0 0 1-1.5 1.5H10l-4.3 3.4a.4.4 0 0 1-.7-.3V17A1.5 1.5 0 0 1 4 15.5V6a1.5 1.5 0 0 1 1.5-1.5zM10 9.2a2.1 2.1 0 1 1 3 1.9c-.7.3-1 .7-1 1.3M12 14.4v.01" />,
);
export const TodoIcon = icon(
  <path d="m4 6.5 1.5 1.5L8 5.5M4 12.5l1.5 1.5L8 11.5M4 18.5l1.5 1.5L8 17.5M12 7h8M12 13h8M12 19h8" />,
);
export const InspectorIcon = icon(<path d="M3 13h3.5l2.5-7 4 12 3-8 1.5 3H21" />);
export const PinIcon = icon(<path d="M9 4h6l-.7 6 3.2 3.2v1.3h-11v-1.3L9.7 10zM12 14.5V20" />);
export const UnpinIcon = icon(
  <path d="M9.5 5.5 9.7 4H15l-.7 6 3.2 3.2v1.3H15M10 10.5l-3.5 2.7v1.3h7M12 14.5V20M4 4l16 16" />,
);
export const GridIcon = icon(
  <>
    <rect x="4" y="5" width="7" height="6" rx="1.5" />
    <rect x="13" y="5" width="7" height="6" rx="1.5" />
    <rect x="4" y="13" width="7" height="6" rx="1.5" />
    <rect x="13" y="13" width="7" height="6" rx="1.5" />
  </>,
);
export const SpeakerViewIcon = icon(
  <>
    <rect x="4" y="5" width="10.5" height="14" rx="1.8" />
    <path d="M17.5 6.5h2.5M17.5 12h2.5M17.5 17.5h2.5" />
  </>,
);
export const OneStreamIcon = icon(
  <>
    <rect x="3.5" y="5" width="17" height="14" rx="2.4" />
    <path d="M12 5v14M3.5 12h17" />
  </>,
);
export const FullScreenIcon = icon(
  <path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15" />,
);
export const PictureInPictureIcon = icon(
  <>
    <rect x="3" y="5" width="18" height="14" rx="2.5" />
    <rect x="12" y="11.5" width="6" height="4.5" rx="1" fill="currentColor" />
  </>,
);
export const LockIcon = icon(
  <>
    <rect x="5" y="10.5" width="14" height="9.5" rx="2.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </>,
);
export const EyeIcon = icon(
  <>
    <path d="M2.8 12C4.6 8.2 8 5.8 12 5.8s7.4 2.4 9.2 6.2c-1.8 3.8-5.2 6.2-9.2 6.2S4.6 15.8 2.8 12z" />
    <circle cx="12" cy="12" r="2.8" />
  </>,
);
/** A person in front of rows of seats. */
export const LectureIcon = icon(
  <>
    <rect x="3.5" y="3.5" width="17" height="10.5" rx="2.2" />
    <circle cx="12" cy="7.3" r="1.7" />
    <path d="M8.8 14c.2-2.2 1.4-3.4 3.2-3.4s3 1.2 3.2 3.4M5 20.5a2.5 2.5 0 0 1 4.6 0M9.7 20.5a2.5 2.5 0 0 1 4.6 0M14.4 20.5a2.5 2.5 0 0 1 4.6 0" />
  </>,
);
/** Down from the stage. */
export const StageOffIcon = icon(<path d="M12 3.5v10m-4.2-4 4.2 4.2 4.2-4.2M4 17h16v3.5H4z" />);
export const CloseIcon = icon(<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />);
export const SendIcon = icon(<path d="M4.5 5.2 20 12 4.5 18.8l2-6.8zM6.5 12H13" />);
export const AttachIcon = icon(
  <path d="m18.5 11-7 7a4.2 4.2 0 0 1-6-6l7.5-7.5a2.8 2.8 0 0 1 4 4L9.8 15.7a1.4 1.4 0 0 1-2-2l6.2-6.2" />,
);
export const ReplyIcon = icon(<path d="M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6v.5" />);
export const EditIcon = icon(<path d="m5 19 1-4L16 5l3 3L9 18zM14 7l3 3" />);
export const TrashIcon = icon(<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5" />);
export const GripIcon = icon(
  <path strokeWidth="2.4" d="M9.5 6.5v.01M14.5 6.5v.01M9.5 12v.01M14.5 12v.01M9.5 17.5v.01M14.5 17.5v.01" />,
);
export const DownIcon = icon(<path d="M12 5v14M6 13l6 6 6-6" />);
export const ChevronIcon = icon(<path d="m7 10 5 5 5-5" />);
export const BackIcon = icon(<path d="m14.5 6-6 6 6 6" />);
export const ForwardIcon = icon(<path d="m9.5 6 6 6-6 6" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const FileIcon = icon(
  <path d="M7 3.5h7l4.5 4.5v11A1.5 1.5 0 0 1 17 20.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5zM13.5 3.5V8.5h5" />,
);
export const CloudIcon = icon(
  <path d="M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.6-1A4.5 4.5 0 0 1 17 18.5zM9.5 14h.01M12 14h.01M14.5 14h.01" />,
);
export const SelfIcon = icon(
  <>
    <circle cx="12" cy="9" r="4" />
    <path d="M4.5 20c.8-3.8 3.8-6 7.5-6s6.7 2.2 7.5 6" />
  </>,
);
export const MirrorIcon = icon(<path d="M12 4v16M9 7.5v9L4 17zM15 7.5v9l5 .5z" />);
export const KeyboardIcon = icon(
  <>
    <rect x="3" y="6.5" width="18" height="11.5" rx="2.5" />
    <path d="M7 10.5v.01M10.500 10.5v.01M14 10.5v.01M17 10.5v.01M8.5 14.5h7" />
  </>,
);
