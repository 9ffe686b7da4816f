import { DeviceError, type LocalMedia } from '@parley/client';
import { deviceWords } from '../words/devices';
import { toast } from './toasts';

/** Phones cannot share their screen from a page. */
export function canShareScreen(): boolean {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  return typeof devices?.getDisplayMedia === 'function';
}

/** Begins or ends sharing. */
export async function toggleScreen(media: LocalMedia): Promise<void> {
  try {
    if (media.flags.scrinf) media.stopScreen();
    else await media.startScreen();
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code === 'cancelled') return;
    const { message, advice } = deviceWords(error.code, 'screen');
    toast(`${message} ${advice}`, 'warning');
  }
}
