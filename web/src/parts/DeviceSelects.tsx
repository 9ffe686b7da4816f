import TextField from '@mui/material/TextField';
import type { LocalMedia } from '@parley/client';
import { deviceSections } from '../state/device_choice';
import { useLocalMedia } from '../state/use_store';
import styles from './DeviceSelects.module.css';

/** The device choice as plain selects: phones have their own way to show these. */
export function DeviceSelects({ media }: { readonly media: LocalMedia }) {
  const sections = deviceSections(media, useLocalMedia(media)).filter(({ devices }) => devices.length > 0);
  return (
    <div className={styles.selects}>
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
            htmlInput: { 'data-testid': `lobby-${kind}` },
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
