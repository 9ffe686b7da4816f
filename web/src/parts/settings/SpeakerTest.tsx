import Button from '@mui/material/Button';
import { useState } from 'react';
import { chime } from '../../state/chime';
import { deviceSettings as words } from '../../words/settings';
import { SoundIcon } from '../icons';

/** Plays three notes through the chosen speaker. */
export function SpeakerTest() {
  const [playing, setPlaying] = useState(false);
  const play = async () => {
    setPlaying(true);
    await chime('test');
    setPlaying(false);
  };
  return (
    <Button
      variant="outlined"
      startIcon={<SoundIcon size={20} />}
      disabled={playing}
      data-testid="settings-speaker-test"
      onClick={() => void play()}
    >
      {playing ? words.testing : words.testSpeaker}
    </Button>
  );
}
