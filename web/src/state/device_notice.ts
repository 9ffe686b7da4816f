import { DeviceError, type DeviceErrorCode, type LocalMedia, type LocalMediaSnapshot } from '@parley/client';

/** What to tell about devices that do not work, and which to try again. */
export interface DeviceNotice {
  readonly key: string;
  readonly message: string;
  readonly advice: string;
  readonly kinds: readonly ('microphone' | 'camera')[];
}

/** Reasons that are said once for both devices. */
const kShared: readonly DeviceErrorCode[] = ['denied', 'denied-by-system', 'insecure'];

export function deviceNotices(media: Pick<LocalMediaSnapshot, 'microphone' | 'camera'>): DeviceNotice[] {
  const microphone = media.microphone.error;
  const camera = media.camera.error;
  if (microphone && camera && microphone.code === camera.code && kShared.includes(camera.code)) {
    const both = DeviceError.describe(camera.code, 'camera and microphone');
    return [{ key: camera.code, ...both, kinds: ['microphone', 'camera'] }];
  }
  return [camera, microphone].flatMap((error) => (error ? [noticeOf(error)] : []));
}

function noticeOf({ kind, code, message, advice }: DeviceError): DeviceNotice {
  return { key: `${kind}/${code}`, message, advice, kinds: kind === 'screen' ? [] : [kind] };
}

/** Tries again what a notice is about. */
export async function tryAgain(media: LocalMedia, { kinds }: DeviceNotice): Promise<void> {
  await media.start({ microphone: kinds.includes('microphone'), camera: kinds.includes('camera') });
}
