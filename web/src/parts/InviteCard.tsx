import Button from '@mui/material/Button';
import { linkTo } from '../state/route';
import { CheckIcon, LinkIcon } from './icons';
import { Themed } from './Themed';
import styles from './InviteCard.module.css';
import { useCopyLink } from './use_copy_link';

/** Shown to whoever is alone: how to get company. */
export default function InviteCard({ room }: { readonly room: string }) {
  const { copied, copy } = useCopyLink(room);
  return (
    <section className={styles.card} data-testid="invite">
      <h2 className={styles.title}>You are the only one here</h2>
      <p className={styles.text}>Send this link to whom you want to talk with. They need nothing but a browser.</p>
      <p className={styles.link}>{linkTo(room, location.origin).replace(/^https?:\/\//, '')}</p>
      <Themed>
        <Button
          variant="contained"
          startIcon={copied ? <CheckIcon size={20} /> : <LinkIcon size={20} />}
          onClick={() => void copy()}
        >
          {copied ? 'Copied' : 'Copy the link'}
        </Button>
      </Themed>
    </section>
  );
}
