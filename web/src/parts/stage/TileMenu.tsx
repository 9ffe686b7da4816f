import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { choicesFor, choosePicture, pictureChoices } from '../../state/picture_choice';
import type { TileView } from '../../state/room_view';
import { useStore } from '../../state/use_store';
import { explain, picture as words, sizeText } from '../../words/picture';
import { CheckIcon } from '../icons';
import { Themed } from '../Themed';
import styles from './TileMenu.module.css';

interface TileMenuProps {
  readonly tile: TileView;
  /** What the tile is called. */
  readonly caption: string;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

/** How good a picture is and why it is no better, and how good it is to be. */
export default function TileMenu({ tile, caption, anchor, onClose }: TileMenuProps) {
  const choice = useStore(pictureChoices).get(tile.id) ?? 'auto';
  const options = choicesFor(tile);
  const size = tile.picture && choice !== 'off' ? sizeText(tile.picture) : undefined;
  return (
    <Themed>
      <Menu
        open
        anchorEl={anchor}
        onClose={onClose}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ list: { 'aria-label': words.of(caption), dense: true } }}
      >
        <li className={styles.explain} role="presentation" data-testid="tile-explain">
          <span>{explain(tile, choice)}</span>
          {size && <span className={styles.size}>{size}</span>}
        </li>
        {options.length > 0 && <Divider component="li" />}
        {options.map((option) => (
          <MenuItem
            key={option}
            role="menuitemradio"
            aria-checked={option === choice}
            selected={option === choice}
            data-testid={`tile-quality-${option}`}
            onClick={() => {
              choosePicture(tile.id, option);
              onClose();
            }}
          >
            <span className={styles.check}>{option === choice && <CheckIcon size={18} />}</span>
            {words[option]}
          </MenuItem>
        ))}
      </Menu>
    </Themed>
  );
}
