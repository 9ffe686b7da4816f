import type { LocalMedia } from '@parley/client';
import { useState } from 'react';
import { deviceNotices, tryAgain } from '../state/device_notice';
import { useLocalMedia } from '../state/use_store';
import { common } from '../words/common';
import styles from './DeviceNotices.module.css';
import { WarningIcon } from './icons';

interface DeviceNoticesProps {
  readonly media: LocalMedia;
  /** In a meeting one may want to get the message out of the way. */
  readonly dismissible?: boolean;
  /** In the lobby one may go in without. */
  readonly joining?: boolean;
  readonly testId?: string;
}

/** Why a device does not work, and what to do. */
export function DeviceNotices({
  media,
  dismissible = false,
  joining = false,
  testId = 'device-error',
}: DeviceNoticesProps) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const notices = deviceNotices(useLocalMedia(media), joining).filter(({ key }) => !dismissed.includes(key));
  return notices.map((notice) => (
    <div key={notice.key} className={styles.notice} role="alert" data-testid={testId}>
      <span className={styles.icon}>
        <WarningIcon size={22} />
      </span>
      <p className={styles.text}>
        <strong>{notice.message}</strong> {notice.advice}
      </p>
      <span className={styles.actions}>
        <button type="button" className={styles.action} onClick={() => void tryAgain(media, notice)}>
          {common.tryAgain}
        </button>
        {dismissible && (
          <button type="button" className={styles.action} onClick={() => setDismissed([...dismissed, notice.key])}>
            {common.dismiss}
          </button>
        )}
      </span>
    </div>
  ));
}
