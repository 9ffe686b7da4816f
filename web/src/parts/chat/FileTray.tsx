import type { FileTransfer, Room } from '@parley/client';
import { sizeText, transferText } from '../../state/file_text';
import { saveFile } from '../../state/save_file';
import { files as words } from '../../words/chat';
import { CloseIcon, FileIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { useChange } from '../use_change';
import styles from './FileTray.module.css';

/** Files on their way, with what one may do about each. */
export function FileTray({ room }: { readonly room: Room }) {
  const transfers = useChange(room.files, ({ transfers }) => transfers);
  if (transfers.length === 0) return null;
  return (
    <ul className={styles.tray} aria-label={words.title}>
      {transfers.map((transfer) => (
        <Row key={transfer.id} transfer={transfer} room={room} />
      ))}
    </ul>
  );
}

function Row({ transfer, room: { files } }: { readonly transfer: FileTransfer; readonly room: Room }) {
  const { id, name, size, bytes, state, direction } = transfer;
  const running = state === 'offered' || state === 'active';
  return (
    <li className={styles.row} data-testid="file" data-state={state} data-direction={direction} data-name={name}>
      <span className={styles.icon}>
        <FileIcon size={22} />
      </span>
      <span className={styles.words}>
        <span className={styles.name} title={name} dir="auto">
          {name}
        </span>
        <span className={styles.state} role="status">
          {transferText(transfer)} · {sizeText(size)}
        </span>
      </span>
      {state === 'offered' && direction === 'in' && (
        <button type="button" className={styles.accept} data-testid="file-accept" onClick={() => files.accept(id)}>
          {words.accept}
        </button>
      )}
      {state === 'done' && direction === 'in' && <Save transfer={transfer} />}
      <IconButton
        label={running ? (state === 'offered' && direction === 'in' ? words.decline : words.cancel) : words.clear}
        testId={running ? 'file-cancel' : 'file-clear'}
        onClick={() => {
          if (!running) files.forget(id);
          else if (state === 'offered' && direction === 'in') files.decline(id);
          else files.cancel(id);
        }}
      >
        <CloseIcon size={18} />
      </IconButton>
      {state === 'active' && (
        <progress className={styles.progress} value={bytes} max={size || 1} aria-label={words.progress(name)} />
      )}
    </li>
  );
}

function Save({ transfer }: { readonly transfer: FileTransfer }) {
  return (
    <button type="button" className={styles.accept} data-testid="file-save" onClick={() => saveFile(transfer)}>
      {words.save}
    </button>
  );
}
