import { expect, it } from 'vitest';
import { DecoderLoad } from './decoder_load';

const picture = (id: string, framesDecoded: number, framesDropped: number, totalDecodeTime = 0) => ({
  ...{ type: 'inbound-rtp', kind: 'video', id, framesDecoded, framesDropped, totalDecodeTime },
});

it('is too much where at least half of the pictures that move drop frames or take all the time', () => {
  const load = new DecoderLoad();
  expect(load.look([picture('a', 0, 0), picture('b', 0, 0)], 0)).toBe(false);
  expect(load.look([picture('a', 90, 0), picture('b', 90, 0)], 3000)).toBe(false);
  expect(load.look([picture('a', 150, 30), picture('b', 180, 0)], 6000)).toBe(true);
  expect(load.look([picture('a', 240, 30), picture('b', 270, 0)], 9000)).toBe(false);
  expect(load.look([picture('a', 330, 30, 2.9), picture('b', 270, 0)], 12_000)).toBe(true); // The other stands still.
});

it('does not count what came before it looked, nor sound', () => {
  const load = new DecoderLoad();
  const sound = { type: 'inbound-rtp', kind: 'audio', id: 'c' };
  expect(load.look([picture('a', 10, 100), sound], 0)).toBe(false);
  expect(load.look([sound], 3000)).toBe(false);
  expect(load.look([picture('a', 10, 500)], 6000)).toBe(false);
});
