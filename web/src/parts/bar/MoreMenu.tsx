import Divider from '@mui/material/Divider';
import Drawer from '@mui/material/Drawer';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import MenuList from '@mui/material/MenuList';
import type { Room } from '@parley/client';
import { useState, type ReactNode } from 'react';
import { moreItems, type MoreItem } from '../../state/more_items';
import { bar as words } from '../../words/meeting';
import { CheckIcon } from '../icons';
import { Themed } from '../Themed';
import { itemIcon } from './item_icons';
import styles from './MoreMenu.module.css';
import { ReactionRow } from './ReactionBar';

interface MoreMenuProps {
  readonly room: Room;
  /** There is little room: a sheet from below, with what the bar leaves out. */
  readonly small: boolean;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

export default function MoreMenu({ room, small, anchor, onClose }: MoreMenuProps) {
  // As it was when it was opened: what is chosen closes it.
  const [groups] = useState(() => moreItems(room, small));
  const items = groups.flatMap((group, index) => [
    ...(index > 0 ? [<Divider key={`line-${index}`} component="li" />] : []),
    ...group.map((item) => <Item key={item.id} item={item} onClose={onClose} />),
  ]);
  return (
    <Themed>
      {small ? (
        <Sheet onClose={onClose}>
          <div className={styles.reactions}>
            <ReactionRow
              onChoose={(emoji) => {
                room.react(emoji);
                onClose();
              }}
            />
          </div>
          <MenuList autoFocusItem aria-label={words.more}>
            {items}
          </MenuList>
        </Sheet>
      ) : (
        <Menu
          open
          anchorEl={anchor}
          onClose={onClose}
          anchorOrigin={{ vertical: 'top', horizontal: 'center' }}
          transformOrigin={{ vertical: 'bottom', horizontal: 'center' }}
          slotProps={{ paper: { className: styles.paper ?? '' }, list: { 'aria-label': words.more } }}
        >
          {items}
        </Menu>
      )}
    </Themed>
  );
}

function Sheet({ children, onClose }: { readonly children: ReactNode; readonly onClose: () => void }) {
  return (
    <Drawer open anchor="bottom" onClose={onClose} slotProps={{ paper: { className: styles.sheet ?? '' } }}>
      <span className={styles.grip} aria-hidden="true" />
      {children}
    </Drawer>
  );
}

// Menus find their items by passing on what keeps the focus: the rest of the props.
function Item({ item, onClose, ...rest }: { readonly item: MoreItem; readonly onClose: () => void }) {
  const { id, text, checked, shortcut, run } = item;
  return (
    <MenuItem
      {...rest}
      data-testid={`more-${id}`}
      {...(checked !== undefined && { role: 'menuitemcheckbox', 'aria-checked': checked })}
      onClick={() => {
        onClose();
        run();
      }}
    >
      <span className={styles.icon}>{itemIcon(id)}</span>
      <span className={styles.text}>{text}</span>
      {checked && <CheckIcon size={19} />}
      {shortcut && <kbd className={styles.keys}>{shortcut}</kbd>}
    </MenuItem>
  );
}
