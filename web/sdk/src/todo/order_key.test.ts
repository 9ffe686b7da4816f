import { describe, expect, it } from 'vitest';
import { seeded } from '../testing/random';
import { evenKeys, keyBetween, kMaxKeyLength } from './order_key';

describe('keyBetween', () => {
  it('finds room between any two, in three thousand random places', () => {
    const random = seeded(7);
    const keys = [keyBetween(undefined, undefined, random)];
    for (let step = 0; step < 3000; ++step) {
      const index = Math.floor(random() * (keys.length + 1));
      const key = keyBetween(keys[index - 1], keys[index], random);
      if (keys[index - 1] !== undefined) expect(key > (keys[index - 1] ?? '')).toBe(true);
      if (keys[index] !== undefined) expect(key < (keys[index] ?? '')).toBe(true);
      expect(key).toMatch(/^[0-9A-Za-z]*[1-9A-Za-z]$/);
      keys.splice(index, 0, key);
    }
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(kMaxKeyLength);
  });

  it('appends a thousand times within the length that the server takes', () => {
    let key = keyBetween();
    for (let count = 0; count < 1000; ++count) {
      const next = keyBetween(key);
      expect(next > key).toBe(true);
      key = next;
    }
    expect(key.length).toBeLessThan(kMaxKeyLength);
  });

  it('gives two people different keys for one place', () => {
    const keys = new Set(Array.from({ length: 50 }, () => keyBetween('V', 'W')));
    expect(keys.size).toBeGreaterThan(40);
  });

  it('finds room before the smallest', () => {
    for (let key = keyBetween(), count = 0; count < 100; ++count) {
      const before = keyBetween(undefined, key);
      expect(before < key && before > '').toBe(true);
      key = before;
    }
  });
});

describe('evenKeys', () => {
  it('gives short keys in order', () => {
    const keys = evenKeys(500);
    expect([...keys].sort()).toEqual(keys);
    expect(new Set(keys).size).toBe(500);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(8);
  });
});
