import TextField from '@mui/material/TextField';
import type { LocalMedia } from '@parley/client';
import { deviceSections } from '../state/device_choice';
import { useLocalMedia } from '../state/use_store';
import { devices as words } from '../words/devices';
import styles from './DeviceSelects.module.css';

interface DeviceSelectsProps {
  readonly media: LocalMedia;
  /** Before each select's test id. */
  readonly idPrefix: string;
}

/** The device choice as plain selects: phones have their own way to show these. */
export function DeviceSelects({ media, idPrefix }: DeviceSelectsProps) {
  const sections = deviceSections(media, useLocalMedia(media)).filter(({ devices }) => devices.length > 0);
  return (
    <div className={styles.selects} role="group" aria-label={words.choose}>
      {sections.map(({ kind, title, devices, chosen, choose }) => (
        <TextField
          key={kind}
          select
          size="small"
          label={title}
          value={chosen ?? ''}
          onChange={(event) => choose(event.target.value)}
          slotProps={{
            select: { native: true },
            htmlInput: { 'data-testid': `${idPrefix}-${kind}` },
            inputLabel: { shrink: true },
          }}
        >
          {devices.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </TextField>
      ))}
    </div>
  );
}
