import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Hints, hintShift } from './hints';

describe('a hint', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function page() {
    const shown = new Set<string>();
    const button = (name: string) => ({ show: (on: boolean) => void (on ? shown.add(name) : shown.delete(name)) });
    const rest = () => void vi.advanceTimersByTime(1000);
    return { hints: new Hints(), shown, mute: button('mute'), leave: button('leave'), rest };
  }

  it('comes where a mouse rests, one at a time, and goes with it', () => {
    const { hints, shown, mute, leave, rest } = page();
    hints.point(mute, 'mouse');
    expect([...shown]).toEqual([]);
    rest();
    expect([...shown]).toEqual(['mute']);
    hints.point(leave, 'mouse');
    rest();
    expect([...shown]).toEqual(['leave']);
    hints.point(undefined, 'mouse');
    expect([...shown]).toEqual([]);
  });

  it('never comes under a finger, nor by the focus that a tap brings', () => {
    const { hints, shown, mute, rest } = page();
    hints.key('Tab');
    hints.point(mute, 'touch');
    hints.press();
    hints.focus(mute);
    rest();
    expect([...shown]).toEqual([]);
  });

  it('comes with the focus by keyboard, and goes by Escape', () => {
    const { hints, shown, mute, leave } = page();
    hints.key('Tab');
    hints.focus(mute);
    expect([...shown]).toEqual(['mute']);
    hints.focus(leave);
    expect([...shown]).toEqual(['leave']);
    hints.key('Escape');
    expect([...shown]).toEqual([]);
  });

  it('goes when its button is pressed', () => {
    const { hints, shown, mute, rest } = page();
    hints.point(mute, 'mouse');
    hints.press();
    hints.point(mute, 'mouse'); // Its icon has changed under the mouse.
    rest();
    expect([...shown]).toEqual([]);
  });

  it('stays while the mouse moves within its button', () => {
    const { hints, shown, mute, rest } = page();
    hints.point(mute, 'mouse');
    rest();
    hints.point(mute, 'mouse');
    expect([...shown]).toEqual(['mute']);
  });

  it('moves sideways as far as it must to stay on the page', () => {
    expect(hintShift(640, 200, 1280)).toBe(0);
    expect(hintShift(40, 200, 1280)).toBe(68);
    expect(hintShift(1240, 200, 1280)).toBe(-68);
  });
});
