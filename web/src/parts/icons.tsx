import type { ReactNode } from 'react';

export interface IconProps {
  readonly size?: number;
}

// One pen for all: 24 by 24, round caps, 1.8 wide.
export function icon(children: ReactNode) {
  return function Icon({ size = 24 }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {children}
      </svg>
    );
  };
}

const microphone = (
  <>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </>
);
const camera = (
  <>
    <rect x="3" y="6.5" width="12" height="11" rx="2.5" />
    <path d="m15 10.8 4.4-2.7a1 1 0 0 1 1.6.9v6a1 1 0 0 1-1.6.9L15 13.2" />
  </>
);
const slash = <path d="M4 4l16 16" />;

export const MicrophoneIcon = icon(microphone);
export const MicrophoneOffIcon = icon(
  <>
    <path d="M9 9V6a3 3 0 0 1 6 0v5c0 .5-.1 1-.3 1.4M12 14a3 3 0 0 1-3-3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5c0 1-.2 1.9-.6 2.700M12 18v3" />
    {slash}
  </>,
);
export const CameraIcon = icon(camera);
export const CameraOffIcon = icon(
  <>
    <path d="M10 6.500h2.500A2.5 2.5 0 0 1 15 9v1.800l4.4-2.700a1 1 0 0 1 1.6.9v6c0 .6-.5 1-1 1" />
    <path d="M15 15a2.5 2.5 0 0 1-2.5 2.500h-7A2.5 2.5 0 0 1 3 15V9a2.5 2.5 0 0 1 2-2.45" />
    {slash}
  </>,
);
export const ScreenIcon = icon(
  <>
    <rect x="3" y="4.5" width="18" height="12.5" rx="2.5" />
    <path d="M9 20.500h6M12 14V8M9.3 10.5 12 7.800l2.7 2.7" />
  </>,
);
export const ScreenStopIcon = icon(
  <>
    <rect x="3" y="4.5" width="18" height="12.5" rx="2.5" />
    <path d="M9 20.500h6M9.8 8.500l4.4 4.400M14.2 8.500l-4.4 4.4" />
  </>,
);
export const LeaveIcon = icon(
  <path d="M3.3 14.800c-.6-1-.4-2.3.5-3.100C6 9.8 8.9 8.8 12 8.800s6 1 8.2 2.900c.9.8 1.1 2.1.5 3.100l-.5.9c-.4.6-1.1.9-1.8.7l-2.3-.7a1.6 1.6 0 0 1-1.1-1.500v-1.400a10.5 10.5 0 0 0-6 0v1.400c0 .7-.5 1.3-1.1 1.500l-2.3.7c-.7.2-1.4-.1-1.8-.7z" />,
);
export const LinkIcon = icon(
  <path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.100a4 4 0 0 0-5.7-5.700L12 6.300M14 10a4 4 0 0 0-5.7 0l-3.1 3.100a4 4 0 0 0 5.7 5.700l1.1-1.1" />,
);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.500L19 7.5" />);
export const SettingsIcon = icon(
  <>
    <path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="12" r="2" />
    <circle cx="13" cy="17" r="2" />
  </>,
);
export const SoundIcon = icon(<path d="M4 10v4h3.500L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11" />);
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1" />
  </>,
);
export const MoonIcon = icon(<path d="M19.5 14.200A8 8 0 0 1 9.8 4.500a8 8 0 1 0 9.7 9.700z" />);
export const SystemIcon = icon(
  <>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
  </>,
);
export const PeopleIcon = icon(
  <>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.500c.6-3.4 3.2-5.5 6.5-5.500s5.9 2.1 6.5 5.500M15.5 5.300a3.5 3.5 0 0 1 0 6.400M18 14.600c1.8.8 3.1 2.5 3.5 4.9" />
  </>,
);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const KeyboardIcon = icon(
  <>
    <rect x="2.5" y="6" width="19" height="12.5" rx="2.5" />
    <path d="M6.500 10h.01M10 10h.01M14 10h.01M17.500 10h.01M6.500 14.500h.01M17.500 14.500h.01M10 14.500h4" />
  </>,
);
export const DoorIcon = icon(
  <>
    <path d="M6 20.500V5a1.5 1.500 0 0 1 1.500-1.500h9A1.500 1.500 0 0 1 18 5v15.500M3.500 20.500h17" />
    <path d="M14.500 12v.01" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="12" cy="8" r="4" />
    <path d="M4.500 20c.8-4 3.700-6.500 7.500-6.500s6.700 2.500 7.500 6.500" />
  </>,
);
export const DeviceIcon = icon(
  <>
    <rect x="4" y="4.500" width="16" height="11" rx="2" />
    <path d="M2.500 19.500h19" />
  </>,
);
export const KeyIcon = icon(
  <>
    <circle cx="8" cy="15.500" r="4.500" />
    <path d="M11.300 12.200 20 3.500M16 7.500l3 3" />
  </>,
);
export const EyeIcon = icon(
  <>
    <path d="M2.500 12c2-4 5.500-6.500 9.500-6.500s7.500 2.500 9.500 6.500c-2 4-5.500 6.500-9.500 6.500S4.500 16 2.500 12z" />
    <circle cx="12" cy="12" r="3" />
  </>,
);
export const EyeOffIcon = icon(
  <>
    <path d="M9.900 5.700c.7-.1 1.400-.2 2.100-.2 4 0 7.500 2.500 9.500 6.500-.7 1.400-1.600 2.600-2.700 3.600M6.400 7.200C4.800 8.300 3.500 10 2.500 12c2 4 5.500 6.500 9.500 6.500 1.800 0 3.400-.5 4.900-1.300" />
    {slash}
  </>,
);
export const InstallIcon = icon(<path d="M12 4v11M7.500 10.500 12 15l4.500-4.500M5 19.500h14" />);
export const ArrowIcon = icon(<path d="M5 12h14M13 6l6 6-6 6" />);
export const WarningIcon = icon(
  <path d="M12 8.500v4.500M12 16.500v.01M10.3 4.2 2.9 17a2 2 0 0 0 1.7 3h14.800a2 2 0 0 0 1.7-3L13.7 4.200a2 2 0 0 0-3.4 0z" />,
);
