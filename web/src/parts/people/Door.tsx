import type { Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { door as words } from '../../words/people';
import { PillButton } from '../panel/PillButton';
import styles from './Door.module.css';
import { Face } from './Face';

/** Who waits to be let in. */
export function Door({ room: { waiting, host } }: { readonly room: Room }) {
  if (waiting.length === 0) return null;
  return (
    <section className={styles.door} aria-label={words.title} data-testid="door">
      <div className={styles.head}>
        <h3>{words.title}</h3>
        {waiting.length > 1 && (
          <PillButton small tone="solid" testId="admit-all" onClick={() => attempt(host.admitAll())}>
            {words.admitAll}
          </PillButton>
        )}
      </div>
      <ul className={styles.list}>
        {waiting.map(({ sid, name, account }) => (
          <li key={sid} className={styles.row} data-testid="waiting-person" data-sid={sid} data-name={name}>
            <Face name={name} />
            <span className={styles.words}>
              <strong title={name}>{name}</strong>
              <span>{account ? words.account : words.guest}</span>
            </span>
            <PillButton small label={words.refuseOne(name)} testId="refuse" onClick={() => attempt(host.refuse(sid))}>
              {words.refuse}
            </PillButton>
            <PillButton
              small
              tone="solid"
              label={words.admitOne(name)}
              testId="admit"
              onClick={() => attempt(host.admit(sid))}
            >
              {words.admit}
            </PillButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
