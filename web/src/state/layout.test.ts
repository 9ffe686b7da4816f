import { describe, expect, it } from 'vitest';
import { bestGrid, fitTile, kGap, kNarrowest, kWidest, tilesThatFit } from './layout';

describe('bestGrid', () => {
  it('puts two side by side on a wide screen, and above each other on a phone', () => {
    expect(bestGrid(2, 1600, 800, kGap).columns).toBe(2);
    expect(bestGrid(2, 390, 700, kGap).columns).toBe(1);
  });

  it('makes squares of squares: four as two by two, nine as three by three, sixteen as four by four', () => {
    for (const side of [2, 3, 4]) {
      const grid = bestGrid(side * side, 1600, 900, kGap);
      expect([grid.columns, grid.rows]).toEqual([side, side]);
    }
  });

  it('keeps one to sixteen tiles within the space, each of a shape that shows a face', () => {
    for (const [width, height] of [
      [1600, 800],
      [1280, 660],
      [390, 640],
      [844, 250],
      [500, 500],
    ] as const) {
      for (let count = 1; count <= 16; ++count) {
        const { columns, rows, width: w, height: h } = bestGrid(count, width, height, kGap);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect((columns - 1) * rows).toBeLessThan(columns * rows);
        expect(columns * w + (columns - 1) * kGap).toBeLessThanOrEqual(width);
        expect(rows * h + (rows - 1) * kGap).toBeLessThanOrEqual(height);
        expect(w / h).toBeGreaterThan(kNarrowest - 0.05);
        expect(w / h).toBeLessThan(kWidest + 0.05);
      }
    }
  });

  it('never makes tiles larger by having more of them', () => {
    let before = Infinity;
    for (let count = 1; count <= 16; ++count) {
      const { width, height } = bestGrid(count, 1280, 720, kGap);
      expect(width * height).toBeLessThanOrEqual(before);
      before = width * height;
    }
  });

  it('is empty, not wrong, where there is no space yet', () => {
    expect(bestGrid(3, 0, 0, kGap)).toMatchObject({ width: 0, height: 0 });
  });
});

describe('fitTile', () => {
  it('crops to 16:9 at the widest and 3:4 at the narrowest', () => {
    expect(fitTile(3200, 900)).toEqual({ width: 1600, height: 900 });
    expect(fitTile(300, 4000)).toEqual({ width: 300, height: 400 });
    expect(fitTile(500, 500)).toEqual({ width: 500, height: 500 });
  });
});

describe('tilesThatFit', () => {
  it('fills a large screen, and shows on a phone as many as one would know', () => {
    expect(tilesThatFit(16, 1256, 690)).toBe(16);
    expect(tilesThatFit(8, 366, 640)).toBe(8);
    expect(tilesThatFit(16, 820, 250)).toBe(10);
    expect(tilesThatFit(16, 360, 300)).toBe(4);
  });

  it('shows one, however small', () => {
    expect(tilesThatFit(16, 80, 60)).toBe(1);
  });
});
