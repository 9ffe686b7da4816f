import type { Room } from '@parley/client';
import type { KeyboardEvent, SubmitEvent } from 'react';
import { chatBytesOver, draft, isSendable, sendDraft, stopContext, write } from '../../state/chat_draft';
import { told } from '../../words/people';
import { toast } from '../../state/toasts';
import { useStore } from '../../state/use_store';
import { chat as words } from '../../words/chat';
import { CloseIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { WriteField } from '../panel/WriteField';
import styles from './ChatComposer.module.css';
import { ChatRecipient } from './ChatRecipient';
import { FileButton } from './FileButton';

/** The id of the text field: what replies and edits give the focus to. */
const kField = 'chat-text-field';

export function focusComposer(): void {
  // After the panel has drawn itself: it may only just have opened.
  requestAnimationFrame(() => document.getElementById(kField)?.focus());
}

/** Where messages are written. Enter sends; Shift+Enter begins a new line. */
export function ChatComposer({ room }: { readonly room: Room }) {
  const now = useStore(draft);
  const over = chatBytesOver(now.text);
  const submit = (event?: SubmitEvent) => {
    event?.preventDefault();
    void sendDraft(room.chat).then((done) => {
      if (!done) toast(told.notDone, 'warning');
    });
  };
  const onEscape = (event: KeyboardEvent) => {
    if (!(now.replyTo ?? now.editing)) return;
    event.stopPropagation(); // The panel stays.
    stopContext();
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      <Context />
      <ChatRecipient room={room} />
      <WriteField
        {...{ text: now.text, label: words.write, id: kField, testId: 'chat-input', onEscape }}
        tooLong={over > 0 ? words.tooLong(over) : undefined}
        send={{ label: now.editing ? words.saveEdit : words.send, testId: 'chat-send', disabled: !isSendable(now) }}
        isPrivate={now.to !== undefined}
        onText={(text) => write({ text })}
        onEnter={submit}
      >
        <FileButton room={room} />
      </WriteField>
    </form>
  );
}

/** What is being answered or changed, with the way out of it. */
function Context() {
  const { replyTo, editing } = useStore(draft);
  const about = editing ?? replyTo;
  if (!about) return null;
  return (
    <div className={styles.context}>
      <p>
        <strong>{editing ? words.editing : words.replyTo(about.own ? words.you : about.name)}</strong>
        <span>{about.text}</span>
      </p>
      <IconButton label={editing ? words.stopEdit : words.stopReply} onClick={stopContext}>
        <CloseIcon size={16} />
      </IconButton>
    </div>
  );
}
