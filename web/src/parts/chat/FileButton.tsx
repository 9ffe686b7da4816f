import type { Room } from '@parley/client';
import { useRef } from 'react';
import { draft } from '../../state/chat_draft';
import { toast } from '../../state/toasts';
import { files as words } from '../../words/chat';
import { AttachIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';

/** Offers files to whom the message would go to. */
export function FileButton({ room }: { readonly room: Room }) {
  const ref = useRef<HTMLInputElement>(null);
  const offer = (list: FileList | null) => {
    const { to } = draft.get();
    for (const file of list ?? []) {
      if (room.files.send(file, to === undefined ? undefined : [to]).length === 0) toast(words.nobody, 'warning');
    }
    if (ref.current) ref.current.value = ''; // The same file may be chosen again.
  };
  return (
    <>
      <IconButton label={words.attach} testId="chat-attach" onClick={() => ref.current?.click()}>
        <AttachIcon size={20} />
      </IconButton>
      <input
        ref={ref}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        data-testid="chat-file"
        onChange={(event) => offer(event.target.files)}
      />
    </>
  );
}
