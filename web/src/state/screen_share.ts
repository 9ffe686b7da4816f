import { DeviceError, type LocalMedia } from '@parley/client';
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
    if (error instanceof DeviceError && error.code !== 'cancelled')
      toast(`${error.message} ${error.advice}`, 'warning');
  }
}
