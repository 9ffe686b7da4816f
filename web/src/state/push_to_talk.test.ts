import { beforeEach, describe, expect, it } from 'vitest';
import { PushToTalk } from './push_to_talk';

const kSpace = { code: 'Space', repeat: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('PushToTalk', () => {
  let on = false;
  let talk: PushToTalk;
  beforeEach(() => {
    on = false;
    talk = new PushToTalk({ isOn: () => on, set: (value) => (on = value) });
  });

  it('opens the microphone while Space is held', () => {
    expect(talk.down(kSpace, true)).toBe(true);
    expect(on).toBe(true);
    expect(talk.down({ ...kSpace, repeat: true }, true)).toBe(true); // The key repeats itself.
    expect(talk.up(kSpace)).toBe(true);
    expect(on).toBe(false);
  });

  it('leaves a microphone alone that is open', () => {
    on = true;
    expect(talk.down(kSpace, true)).toBe(false);
    expect(talk.up(kSpace)).toBe(false);
    expect(on).toBe(true);
  });

  it('leaves Space to a text or button that has the focus', () => {
    expect(talk.down(kSpace, false)).toBe(false);
    expect(on).toBe(false);
  });

  it('takes no other key, and no Space with a modifier', () => {
    expect(talk.down({ ...kSpace, code: 'KeyA' }, true)).toBe(false);
    expect(talk.down({ ...kSpace, ctrlKey: true }, true)).toBe(false);
    expect(talk.down({ ...kSpace, shiftKey: true }, true)).toBe(false);
    expect(on).toBe(false);
  });

  it('closes the microphone when the window loses the focus, and does not open it at the late release', () => {
    talk.down(kSpace, true);
    talk.stop();
    expect(on).toBe(false);
    expect(talk.up(kSpace)).toBe(false);
    expect(on).toBe(false);
  });

  it('does not begin by a repetition: the key went down elsewhere', () => {
    expect(talk.down({ ...kSpace, repeat: true }, true)).toBe(false);
  });
});
