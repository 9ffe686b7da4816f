import Button from '@mui/material/Button';
import { linkTo } from '../state/route';
import { common } from '../words/common';
import { lecture as lectureWords } from '../words/lecture';
import { room as words } from '../words/room';
import { CheckIcon, LinkIcon } from './icons';
import { Themed } from './Themed';
import styles from './InviteCard.module.css';
import { useCopyLink } from './use_copy_link';

interface InviteCardProps {
  readonly room: string;
  readonly lecture: boolean;
}

/** Shown to whoever is alone: how to get company. */
export default function InviteCard({ room, lecture }: InviteCardProps) {
  const { copied, copy } = useCopyLink(room);
  return (
    <section className={styles.place} data-testid="invite">
      <div className={styles.card}>
        <h2 className={styles.title}>{words.alone}</h2>
        <p className={styles.text}>{lecture ? lectureWords.invite : words.invite}</p>
        <p className={styles.link}>{linkTo(room, location.origin).replace(/^https?:\/\//, '')}</p>
        <Themed>
          <Button
            variant="contained"
            startIcon={copied ? <CheckIcon size={20} /> : <LinkIcon size={20} />}
            onClick={() => void copy()}
          >
            {copied ? common.copied : common.copyLink}
          </Button>
        </Themed>
      </div>
    </section>
  );
}
