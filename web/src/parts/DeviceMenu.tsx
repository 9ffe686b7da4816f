import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import type { LocalMedia } from '@parley/client';
import { deviceSections, type DeviceSection } from '../state/device_choice';
import { useLocalMedia } from '../state/use_store';
import { devices } from '../words/devices';
import styles from './DeviceMenu.module.css';
import { CheckIcon } from './icons';
import { Themed } from './Themed';

interface DeviceMenuProps {
  readonly media: LocalMedia;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

/** Which microphone, camera and speaker to use. */
export default function DeviceMenu({ media, anchor, onClose }: DeviceMenuProps) {
  const sections = deviceSections(media, useLocalMedia(media));
  return (
    <Themed>
      <Menu
        open
        anchorEl={anchor}
        onClose={onClose}
        anchorOrigin={{ vertical: 'top', horizontal: 'center' }}
        transformOrigin={{ vertical: 'bottom', horizontal: 'center' }}
        slotProps={{ paper: { className: styles.paper ?? '' }, list: { 'aria-label': devices.title } }}
      >
        {sections.flatMap((section) => [<Title key={section.kind} text={section.title} />, ...itemsOf(section)])}
      </Menu>
    </Themed>
  );
}

function Title({ text }: { readonly text: string }) {
  return (
    <li className={styles.title} role="presentation">
      {text}
    </li>
  );
}

function itemsOf({ kind, devices: found, chosen, choose }: DeviceSection) {
  if (found.length === 0) {
    return [
      <MenuItem key={`${kind}/none`} disabled>
        {devices.none}
      </MenuItem>,
    ];
  }
  return found.map(({ id, label }) => (
    <MenuItem key={`${kind}/${id}`} role="menuitemradio" aria-checked={id === chosen} onClick={() => choose(id)}>
      <span className={styles.check}>{id === chosen && <CheckIcon size={18} />}</span>
      <span className={styles.name}>{label}</span>
    </MenuItem>
  ));
}
