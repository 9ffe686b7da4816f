import { expect, it } from 'vitest';
import { wholeSize } from './use_size';

it('counts only pixels that are whole', () => {
  const sized = (client: [number, number], width: number, height: number) =>
    wholeSize({
      clientWidth: client[0],
      clientHeight: client[1],
      getBoundingClientRect: () => ({ width, height }) as DOMRect,
    });
  expect(sized([1248, 584], 1248, 583.6)).toEqual({ width: 1248, height: 583 });
  expect(sized([300, 200], 302, 202)).toEqual({ width: 300, height: 200 }); // Borders are not inside.
});
