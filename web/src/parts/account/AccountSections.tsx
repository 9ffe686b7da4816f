import Button from '@mui/material/Button';
import type { User } from '@parley/client';
import { useEffect, type ReactNode } from 'react';
import { leaveAccount } from '../../state/account/leave';
import { followSection, kSections, section, type Section } from '../../state/account/section';
import { useStore } from '../../state/use_store';
import { account as words } from '../../words/account';
import { DeviceIcon, DoorIcon, KeyIcon, PersonIcon } from '../icons';
import styles from './AccountSections.module.css';
import { ProfileSection } from './ProfileSection';
import { RoomsSection } from './RoomsSection';
import { SessionsSection } from './SessionsSection';
import { TokensSection } from './TokensSection';

const kIcons: Record<Section, ReactNode> = {
  rooms: <DoorIcon size={20} />,
  profile: <PersonIcon size={20} />,
  sessions: <DeviceIcon size={20} />,
  tokens: <KeyIcon size={20} />,
};

/** The parts of an account, one at a time. Each has an address of its own. */
export function AccountSections({ user }: { readonly user: User }) {
  const shown = useStore(section);
  useEffect(followSection, []);
  return (
    <div className={styles.page}>
      <div className={styles.side}>
        <h1 className={styles.hello}>{words.hello(user.displayName)}</h1>
        <nav className={styles.nav} aria-label={words.sections}>
          {kSections.map((name) => (
            <a
              key={name}
              className={styles.link}
              href={`#${name}`}
              aria-current={name === shown ? 'page' : undefined}
              data-testid={`account-${name}`}
            >
              {kIcons[name]}
              {words[name]}
            </a>
          ))}
        </nav>
        <Button className={styles.out ?? ''} data-testid="account-logout" onClick={() => void leaveAccount()}>
          {words.logOut}
        </Button>
      </div>
      <div className={styles.content}>
        <h2 className={styles.title}>{words[shown]}</h2>
        {shown === 'rooms' && <RoomsSection />}
        {shown === 'profile' && <ProfileSection user={user} />}
        {shown === 'sessions' && <SessionsSection />}
        {shown === 'tokens' && <TokensSection />}
      </div>
    </div>
  );
}
