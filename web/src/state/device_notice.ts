import type { DeviceError, DeviceErrorCode, LocalMedia, LocalMediaSnapshot } from '@parley/client';
import { deviceWords } from '../words/devices';

/** What to tell about devices that do not work, and which to try again. */
export interface DeviceNotice {
  readonly key: string;
  readonly message: string;
  readonly advice: string;
  readonly kinds: readonly ('microphone' | 'camera')[];
}

/** Reasons that are said once for both devices. */
const kShared: readonly DeviceErrorCode[] = ['denied', 'denied-by-system', 'insecure', 'not-found', 'busy'];

/** `joining`: before the meeting, where one may go in without. */
export function deviceNotices(
  media: Pick<LocalMediaSnapshot, 'microphone' | 'camera'>,
  joining = false,
): DeviceNotice[] {
  const microphone = media.microphone.error;
  const camera = media.camera.error;
  if (microphone && camera && microphone.code === camera.code && kShared.includes(camera.code)) {
    return [{ key: camera.code, ...deviceWords(camera.code, 'both', joining), kinds: ['microphone', 'camera'] }];
  }
  return [camera, microphone].flatMap((error) => (error ? [noticeOf(error, joining)] : []));
}

function noticeOf({ kind, code }: DeviceError, joining: boolean): DeviceNotice {
  return { key: `${kind}/${code}`, ...deviceWords(code, kind, joining), kinds: kind === 'screen' ? [] : [kind] };
}

/** Tries again what a notice is about. */
export async function tryAgain(media: LocalMedia, { kinds }: DeviceNotice): Promise<void> {
  await media.start({ microphone: kinds.includes('microphone'), camera: kinds.includes('camera') });
}
