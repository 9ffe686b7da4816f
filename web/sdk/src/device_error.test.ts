import { describe, expect, it } from 'vitest';
import { DeviceError, toDeviceError, type DeviceErrorCode } from './device_error';
import { deviceFailure } from './testing/fake_devices';

describe('toDeviceError', () => {
  it.each<[string, string, DeviceErrorCode]>([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'denied'],
    ['NotAllowedError', 'Permission denied by system', 'denied-by-system'],
    ['SecurityError', '', 'denied'],
    ['NotFoundError', 'Requested device not found', 'not-found'],
    ['NotReadableError', 'Could not start video source', 'busy'],
    ['AbortError', 'Starting videoinput failed', 'busy'],
    ['OverconstrainedError', '', 'overconstrained'],
    ['TypeError', '', 'unknown'],
  ])('takes %s "%s" for %s', (name, message, code) => {
    const error = toDeviceError('camera', deviceFailure(name, message));
    expect([error.code, error.kind]).toEqual([code, 'camera']);
    expect(error.message).toContain('camera');
  });

  it('knows a person who changed their mind about sharing', () => {
    expect(toDeviceError('screen', deviceFailure('NotAllowedError')).code).toBe('cancelled');
  });

  it('keeps what it was made of, and passes on what it made', () => {
    const cause = deviceFailure('NotFoundError');
    const error = toDeviceError('microphone', cause);
    expect(error.cause).toBe(cause);
    expect(toDeviceError('camera', error)).toBe(error);
    expect(toDeviceError('camera', 'odd').code).toBe('unknown');
  });

  it('has for every code one plain sentence of what is wrong and one of what to do', () => {
    const codes: DeviceErrorCode[] = [
      'denied',
      'denied-by-system',
      'not-found',
      'busy',
      'overconstrained',
      'insecure',
      'lost',
      'cancelled',
      'unknown',
    ];
    const messages = codes.map((code) => DeviceError.of('camera', code));
    expect(new Set(messages.map(({ message }) => message)).size).toBe(codes.length);
    for (const { message, advice } of messages) {
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
    }
  });
});
