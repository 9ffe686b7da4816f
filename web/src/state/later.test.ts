import { describe, expect, it, vi } from 'vitest';
import { fetchAhead, Later } from './later';

const always = () => Promise.resolve(true);

describe('what is fetched later', () => {
  it('is fetched once', async () => {
    const fetch = vi.fn(() => Promise.resolve('menu'));
    const part = new Later(fetch);
    expect(part.isThere).toBe(false);
    expect(await Promise.all([part.get(), part.get()])).toEqual(['menu', 'menu']);
    expect(part.isThere).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('is asked for anew after it could not be had', async () => {
    const fetch = vi.fn(() => Promise.resolve('menu')).mockRejectedValueOnce(new Error('offline'));
    const part = new Later(fetch);
    await expect(part.get()).rejects.toThrow('offline');
    expect(part.isThere).toBe(false);
    expect(await part.get()).toBe('menu');
  });

  it('is fetched ahead, one after the other, also what comes to be known by it', async () => {
    const order: string[] = [];
    const note = (name: string) => new Later(() => Promise.resolve(order.push(name)));
    new Later(() => Promise.reject(new Error('offline')));
    new Later(() => Promise.resolve(order.push('panel') && note('menu in it')));
    note('dialog');
    await fetchAhead(always);
    expect(order).toEqual(['panel', 'dialog', 'menu in it']);
    await fetchAhead(always);
    expect(order).toHaveLength(3);
  });

  it('is not fetched ahead any more once there is no use in it', async () => {
    const fetch = vi.fn(() => Promise.resolve());
    new Later(fetch);
    await fetchAhead(() => Promise.resolve(false));
    expect(fetch).not.toHaveBeenCalled();
  });
});
