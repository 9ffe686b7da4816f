import { describe, expect, it } from 'vitest';
import { bytesOver, fitText } from './fit_text';

describe('bytesOver', () => {
  it('counts bytes, not letters', () => {
    expect([bytesOver('abc', 3), bytesOver('äb', 2), bytesOver('', 0), bytesOver('👍', 3)]).toEqual([0, 1, 0, 1]);
  });
});

describe('fitText', () => {
  it('cuts between letters', () => {
    expect(fitText('abc', 3)).toBe('abc');
    expect(fitText('äää', 5)).toBe('ää');
    expect(fitText('a👍', 4)).toBe('a');
    expect(fitText('👍', 3)).toBe('');
  });
});
