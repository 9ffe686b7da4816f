import { describe, expect, it, vi } from 'vitest';
import { importAgain } from './import_again';

const kMenu = { default: 'menu' };
const kFailure = new TypeError('Failed to fetch dynamically imported module: https://meet.example.org/assets/Menu-1a.js');

describe('a script whose import failed', () => {
  it('is asked for by another address of it, each time a new one', async () => {
    const importFrom = vi.fn((address: string) =>
      address.startsWith('https') ? Promise.resolve(kMenu) : Promise.reject(new Error()),
    );
    const fetch = () => Promise.reject<typeof kMenu>(kFailure);
    expect(await importAgain(fetch, importFrom)).toBe(kMenu);
    expect(await importAgain(fetch, importFrom)).toBe(kMenu);
    const [first, second] = importFrom.mock.calls.map(([address]) => address);
    expect(first).toMatch(/^https:\/\/meet\.example\.org\/assets\/Menu-1a\.js\?again=\d+$/);
    expect(second).not.toBe(first);
  });

  it('is not where it came', async () => {
    const importFrom = vi.fn(() => Promise.resolve(kMenu));
    expect(await importAgain(() => Promise.resolve(kMenu), importFrom)).toBe(kMenu);
    expect(importFrom).not.toHaveBeenCalled();
  });

  it('fails as it did where nothing tells its address', async () => {
    const importFrom = vi.fn(() => Promise.resolve(kMenu));
    const mistake = new Error('https://meet.example.org/assets/Menu-1a.js');
    await expect(importAgain(() => Promise.reject(mistake), importFrom)).rejects.toBe(mistake);
    expect(importFrom).not.toHaveBeenCalled();
  });
});
