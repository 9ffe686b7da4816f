/** What asks for a device. */
export type DeviceKind = 'microphone' | 'camera' | 'screen';

export type DeviceErrorCode =
  | 'denied'
  | 'denied-by-system'
  | 'not-found'
  | 'busy'
  | 'overconstrained'
  | 'insecure'
  | 'lost'
  | 'cancelled'
  | 'forbidden'
  | 'unknown';

/** Why a device cannot be used, in words for the person in front of it. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  constructor(
    readonly kind: DeviceKind,
    readonly code: DeviceErrorCode,
    /** One plain sentence: what is wrong. */
    message: string,
    /** One plain sentence: what to do next. */
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static of(kind: DeviceKind, code: DeviceErrorCode, cause?: unknown): DeviceError {
    const { message, advice } = DeviceError.describe(code, kind);
    return new DeviceError(kind, code, message, advice, { cause });
  }

  /** The sentences alone, for a device called `noun`: "camera", "camera and microphone". */
  static describe(code: DeviceErrorCode, noun: string): { message: string; advice: string } {
    return kSentences[code](noun);
  }
}

/** Gives what getUserMedia or getDisplayMedia threw its meaning (W3C Media Capture, 10.2). */
export function toDeviceError(kind: DeviceKind, error: unknown): DeviceError {
  return error instanceof DeviceError ? error : DeviceError.of(kind, codeOf(kind, error), error);
}

function codeOf(kind: DeviceKind, error: unknown): DeviceErrorCode {
  const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(String(error));
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'PermissionDeniedError':
      // Chromium says so in its message alone; Firefox throws NotFoundError or NotAllowedError.
      if (/system/i.test(message)) return 'denied-by-system';
      return kind === 'screen' ? 'cancelled' : 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'not-found';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    case 'OverconstrainedError':
      return 'overconstrained';
    default:
      return 'unknown';
  }
}

const kSentences: Record<DeviceErrorCode, (noun: string) => { message: string; advice: string }> = {
  denied: (noun) => ({
    message: `This page may not use your ${noun}.`,
    advice: `Allow the ${noun} in the address bar, then try again. You can also join without.`,
  }),
  'denied-by-system': (noun) => ({
    message: `Your computer does not let this browser use the ${noun}.`,
    advice: `Allow your browser to use the ${noun} in the system’s privacy settings, then try again.`,
  }),
  'not-found': (noun) => ({
    message: `No ${noun} was found.`,
    advice: `Plug one in and it will be found, or join without.`,
  }),
  busy: (noun) => ({
    message: `Your ${noun} is in use by another program, or does not start.`,
    advice: `Close other programs that use the ${noun}, then try again.`,
  }),
  overconstrained: (noun) => ({
    message: `The ${noun} you chose cannot be used now.`,
    advice: `Choose another ${noun}.`,
  }),
  insecure: (noun) => ({
    message: `Browsers allow the ${noun} on secure pages only, and this page was opened without HTTPS.`,
    advice: `Open the meeting with an address that begins with https://, or join without.`,
  }),
  lost: (noun) => ({
    message: `Your ${noun} was unplugged or switched off.`,
    advice: `Plug it in again, or choose another ${noun}.`,
  }),
  cancelled: (noun) => ({
    message: `No ${noun} was shared.`,
    advice: `Share again, and choose what to show.`,
  }),
  forbidden: (noun) => ({
    message: `A host has not allowed your ${noun} in this meeting.`,
    advice: `Ask a host to allow it.`,
  }),
  unknown: (noun) => ({
    message: `Your ${noun} could not be started.`,
    advice: `Try again; if it stays so, restart the browser.`,
  }),
};
