import type { LocalMedia, LocalMediaSnapshot } from '@parley/client';
import { devices as words } from '../words/devices';
import { remember } from './preferences';
import { canChooseSpeaker, chooseSpeaker, chosenSpeaker } from './sound';

/** One list of devices to choose from. */
export interface DeviceSection {
  readonly kind: 'microphone' | 'camera' | 'speaker';
  readonly title: string;
  readonly devices: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

/** The lists as they are now. Speakers only where a page may choose one. */
export function deviceSections(media: LocalMedia, now: LocalMediaSnapshot): DeviceSection[] {
  const { microphones, cameras, speakers } = now.devices;
  const sections: DeviceSection[] = [
    {
      kind: 'microphone',
      title: words.microphone,
      devices: label(microphones, words.microphone),
      chosen: now.microphone.deviceId ?? microphones[0]?.deviceId,
      choose: (id) => {
        remember({ microphone: id });
        void media.chooseMicrophone(id);
      },
    },
    {
      kind: 'camera',
      title: words.camera,
      devices: label(cameras, words.camera),
      chosen: now.camera.deviceId ?? cameras[0]?.deviceId,
      choose: (id) => {
        remember({ camera: id });
        void media.chooseCamera(id);
      },
    },
  ];
  if (canChooseSpeaker() && speakers.length > 0) {
    sections.push({
      kind: 'speaker',
      title: words.speaker,
      devices: label(speakers, words.speaker),
      chosen: chosenSpeaker() || speakers[0]?.deviceId,
      choose: (id) => {
        remember({ speaker: id });
        void chooseSpeaker(id).then(() => media.refreshDevices());
      },
    });
  }
  return sections;
}

// Browsers hide the names until a device was allowed.
function label(devices: readonly MediaDeviceInfo[], kind: string): { id: string; label: string }[] {
  return devices.map((device, index) => ({ id: device.deviceId, label: device.label || `${kind} ${index + 1}` }));
}
