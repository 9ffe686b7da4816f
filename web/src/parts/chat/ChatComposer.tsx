import type { Room } from '@parley/client';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type SubmitEvent } from 'react';
import { chatBytesOver, draft, isSendable, sendDraft, stopContext, write } from '../../state/chat_draft';
import { told } from '../../words/people';
import { toast } from '../../state/toasts';
import { useStore } from '../../state/use_store';
import { chat as words } from '../../words/chat';
import { CloseIcon, SendIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
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
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && (now.replyTo ?? now.editing)) {
      event.stopPropagation(); // The panel stays.
      stopContext();
    }
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      <Context />
      <ChatRecipient room={room} />
      <div className={styles.field} data-private={now.to !== undefined || undefined}>
        <FileButton room={room} />
        <GrowingText text={now.text} onKey={onKey} />
        {over > 0 && (
          <span className={styles.over} role="status">
            {words.tooLong(over)}
          </span>
        )}
        <IconButton
          type="submit"
          tone="primary"
          label={now.editing ? words.saveEdit : words.send}
          testId="chat-send"
          disabled={!isSendable(now)}
        >
          <SendIcon size={19} />
        </IconButton>
      </div>
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

/** As high as what is written in it, up to a third of the panel. */
function GrowingText({ text, onKey }: { readonly text: string; readonly onKey: (event: KeyboardEvent) => void }) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  return (
    <textarea
      ref={ref}
      id={kField}
      className={styles.text}
      rows={1}
      value={text}
      dir="auto"
      placeholder={words.write}
      aria-label={words.write}
      data-testid="chat-input"
      onChange={(event) => write({ text: event.target.value })}
      onKeyDown={onKey}
    />
  );
}
