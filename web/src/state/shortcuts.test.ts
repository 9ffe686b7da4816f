import { describe, expect, it } from 'vitest';
import { ariaShortcut, commandOf, kShortcuts, shortcutLabel } from './shortcuts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('commandOf', () => {
  it('knows Ctrl and Command, alone and with Alt', () => {
    expect(commandOf(press('d', { ctrlKey: true }))).toBe('microphone');
    expect(commandOf(press('E', { metaKey: true }))).toBe('camera');
    expect(commandOf(press('h', { ctrlKey: true, altKey: true }))).toBe('hand');
    expect(commandOf(press('h', { ctrlKey: true, metaKey: true }))).toBe('hand');
    expect(commandOf(press(',', { ctrlKey: true }))).toBe('settings');
    expect(commandOf(press('?'))).toBe('help');
  });

  it('takes nothing from whoever types, but what types nothing', () => {
    expect(commandOf(press('?'), true)).toBeUndefined();
    expect(commandOf(press('d', { ctrlKey: true }), true)).toBe('microphone');
  });

  it('leaves plain letters, other letters and other modifiers alone', () => {
    expect(commandOf(press('d'))).toBeUndefined();
    expect(commandOf(press('x', { ctrlKey: true }))).toBeUndefined();
    expect(commandOf(press('d', { altKey: true }))).toBeUndefined();
    expect(commandOf(press('d', { ctrlKey: true, altKey: true }))).toBeUndefined();
    expect(commandOf(press('h', { ctrlKey: true, metaKey: true, altKey: true }))).toBeUndefined();
  });

  it('finds a key by its place where Alt makes another character of it', () => {
    expect(commandOf({ ...press('˙', { ctrlKey: true, altKey: true }), code: 'KeyH' })).toBe('hand');
  });

  it('does not act on what is held', () => {
    expect(commandOf({ ...press(' '), code: 'Space' })).toBeUndefined();
  });
});

describe('the shortcuts', () => {
  it('are each there once', () => {
    const presses = kShortcuts.map((shortcut) => `${shortcut.with} ${shortcut.key}`);
    expect(new Set(presses).size).toBe(kShortcuts.length);
    expect(new Set(kShortcuts.map(({ command }) => command)).size).toBe(kShortcuts.length);
  });

  it('are written as on the keyboard', () => {
    expect([shortcutLabel('hand', false), shortcutLabel('hand', true)]).toEqual(['Ctrl+Alt+H', '⌃⌘H']);
    expect([shortcutLabel('talk', false), shortcutLabel('help', true)]).toEqual(['Space', '?']);
    expect([ariaShortcut('microphone', false), ariaShortcut('hand', true)]).toEqual(['Control+D', 'Control+Meta+H']);
  });
});
