import { common } from '../words/common';
import { ControlButton } from './ControlButton';
import { CheckIcon, LinkIcon } from './icons';
import { useCopyLink } from './use_copy_link';

/** Copies the link that others join by. */
export function CopyLink({ room }: { readonly room: string }) {
  const { copied, copy } = useCopyLink(room);
  return (
    <ControlButton
      label={common.copyLink}
      hint={copied ? common.copied : common.copyLink}
      icon={copied ? <CheckIcon /> : <LinkIcon />}
      onClick={() => void copy()}
      testId="control-copy"
    />
  );
}
