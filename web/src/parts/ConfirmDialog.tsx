import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { question, type Question } from '../state/hosting';
import { common } from '../words/common';
import { Themed } from './Themed';

/** Asks before something that cannot be taken back. */
export default function ConfirmDialog({ asked: { title, text, action, run, instead } }: { readonly asked: Question }) {
  const id = useId();
  const close = (then?: () => void) => () => {
    question.set(undefined);
    then?.();
  };
  return (
    <Themed>
      <Dialog
        open
        onClose={close()}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        slotProps={{ paper: { sx: { borderRadius: '24px', p: 1, backgroundImage: 'none' } } }}
      >
        <DialogTitle id={`${id}-title`} sx={{ fontWeight: 700, letterSpacing: '-0.02em' }}>
          {title}
        </DialogTitle>
        <DialogContent>
          <DialogContentText id={`${id}-text`}>{text}</DialogContentText>
        </DialogContent>
        <DialogActions sx={{ flexWrap: 'wrap', gap: 1, p: 2 }}>
          <Button data-testid="confirm-cancel" onClick={close()}>
            {common.cancel}
          </Button>
          {instead && (
            <Button variant="outlined" data-testid="confirm-instead" onClick={close(instead.run)}>
              {instead.label}
            </Button>
          )}
          <Button color="error" variant="contained" data-testid="confirm" onClick={close(run)}>
            {action}
          </Button>
        </DialogActions>
      </Dialog>
    </Themed>
  );
}
