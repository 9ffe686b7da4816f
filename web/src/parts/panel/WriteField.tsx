import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { SendIcon } from '../meeting_icons';
import { IconButton } from './IconButton';
import styles from './WriteField.module.css';

interface WriteFieldProps {
  readonly text: string;
  readonly label: string;
  /** Says that there is too much of it; undefined: there is not. */
  readonly tooLong: string | undefined;
  readonly send: { readonly label: string; readonly testId: string; readonly disabled: boolean };
  readonly id?: string;
  readonly testId: string;
  readonly describedBy?: string | undefined;
  readonly isPrivate?: boolean;
  readonly onText: (text: string) => void;
  /** Enter, without Shift. */
  readonly onEnter: () => void;
  readonly onEscape?: (event: KeyboardEvent) => void;
  /** What stands before it. */
  readonly children?: ReactNode;
}

/** Where a panel is written in: as high as the text, up to a third of the panel. Enter sends; Shift+Enter begins a new line. */
export function WriteField(props: WriteFieldProps) {
  const { tooLong, send, isPrivate, children } = props;
  return (
    <div
      className={styles.field}
      data-private={isPrivate === true || undefined}
      data-bare={children === undefined || undefined}
    >
      {children}
      <GrowingText {...props} />
      {tooLong !== undefined && (
        <span className={styles.over} role="status">
          {tooLong}
        </span>
      )}
      <IconButton type="submit" tone="primary" {...send}>
        <SendIcon size={19} />
      </IconButton>
    </div>
  );
}

function GrowingText({ text, label, id, testId, describedBy, onText, onEnter, onEscape }: WriteFieldProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onEnter();
    } else if (event.key === 'Escape') {
      onEscape?.(event);
    }
  };
  return (
    <textarea
      ref={ref}
      id={id}
      className={styles.text}
      rows={1}
      value={text}
      dir="auto"
      placeholder={label}
      aria-label={label}
      aria-describedby={describedBy}
      data-testid={testId}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={onKey}
    />
  );
}
