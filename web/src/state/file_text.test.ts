import { describe, expect, it } from 'vitest';
import type { FileTransfer } from '@parley/client';
import { sizeText, transferText } from './file_text';

describe('sizeText', () => {
  it('has one digit behind the point while that says something', () => {
    expect([0, 999, 1_500, 12_345, 3_400_000, 2_100_000_000].map(sizeText)).toEqual([
      '0 byte',
      '999 byte',
      '1.5 kB',
      '12 kB',
      '3.4 MB',
      '2.1 GB',
    ]);
  });
});

describe('transferText', () => {
  const text = (more: Partial<FileTransfer>) =>
    transferText({ state: 'active', direction: 'in', peerName: 'Bob', reason: undefined, ...more } as FileTransfer);

  it('says who, and how it ended', () => {
    expect(text({ state: 'offered' })).toBe('Bob offers a file');
    expect(text({ state: 'offered', direction: 'out' })).toBe('Waits for Bob');
    expect(text({})).toBe('From Bob');
    expect(text({ state: 'done', direction: 'out' })).toBe('Arrived · To Bob');
    expect(text({ state: 'declined' })).toBe('Declined');
    expect(text({ state: 'failed', reason: 'too-large' })).toBe('It is too large');
    expect(text({ state: 'failed', reason: 'damaged' })).toBe('It arrived damaged');
  });
});
