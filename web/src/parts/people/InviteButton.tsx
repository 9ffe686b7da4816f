import { people as words } from '../../words/people';
import { common } from '../../words/common';
import { CheckIcon, LinkIcon } from '../icons';
import { PillButton } from '../panel/PillButton';
import { useCopyLink } from '../use_copy_link';

/** Copies the link that others come in by. */
export function InviteButton({ room }: { readonly room: string }) {
  const { copied, copy } = useCopyLink(room);
  return (
    <PillButton
      icon={copied ? <CheckIcon size={19} /> : <LinkIcon size={19} />}
      tone="primary"
      testId="people-invite"
      onClick={() => void copy()}
    >
      {copied ? common.copied : words.invite}
    </PillButton>
  );
}
