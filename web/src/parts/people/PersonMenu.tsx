import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import type { Permissions, Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { actionsOn, type PersonView } from '../../state/people';
import { actionText, doTo, kPermitted } from '../../state/person_deeds';
import { stage } from '../../state/stage';
import { useStore } from '../../state/use_store';
import { hosting, people as words } from '../../words/people';
import { CheckIcon } from '../icons';
import { Themed } from '../Themed';
import styles from './PersonMenu.module.css';

interface PersonMenuProps {
  readonly person: PersonView;
  readonly room: Room;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

/** What one may do with someone: for hosts, that is a lot. */
export default function PersonMenu({ person, room, anchor, onClose }: PersonMenuProps) {
  const pinned = useStore(stage).pinned === (person.self ? 'self' : person.sid);
  const actions = actionsOn(person, room.self?.role ?? 'participant', room.lecture.on);
  return (
    <Themed>
      <Menu
        open
        anchorEl={anchor}
        onClose={onClose}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ list: { 'aria-label': words.more(person.name), dense: true } }}
      >
        {actions.flatMap((action) =>
          action === 'permit'
            ? permissionItems(person, room)
            : [
                <MenuItem
                  key={action}
                  data-testid={`person-${action}`}
                  sx={action === 'remove' ? { color: 'error.main' } : {}}
                  onClick={() => {
                    onClose();
                    doTo(person, action, room);
                  }}
                >
                  {actionText(action, pinned)}
                </MenuItem>,
              ],
        )}
      </Menu>
    </Themed>
  );
}

function permissionItems({ sid, permissions }: PersonView, { host }: Room) {
  const toggle = (name: keyof Permissions) => () => attempt(host.permit(sid, { [name]: !permissions[name] }));
  return [
    <Divider key="before" component="li" />,
    <li key="may" className={styles.title} role="presentation">
      {words.may}
    </li>,
    ...kPermitted.map((name) => (
      <MenuItem
        key={name}
        role="menuitemcheckbox"
        aria-checked={permissions[name]}
        data-testid={`permit-${name}`}
        onClick={toggle(name)}
      >
        <span className={styles.check}>{permissions[name] && <CheckIcon size={18} />}</span>
        {hosting[name]}
      </MenuItem>
    )),
    <Divider key="after" component="li" />,
  ];
}
