import { describe, expect, it } from 'vitest';
import { clockText } from './duration';

describe('clockText', () => {
  it('shows minutes and seconds, and hours from the first on', () => {
    expect([0, 999, 7_000, 754_000, 3_599_999, 3_723_000].map(clockText)).toEqual([
      '0:00',
      '0:00',
      '0:07',
      '12:34',
      '59:59',
      '1:02:03',
    ]);
  });

  it('shows nothing below zero: clocks of two computers differ', () => {
    expect(clockText(-5_000)).toBe('0:00');
  });
});
