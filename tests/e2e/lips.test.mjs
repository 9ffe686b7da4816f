// Whether lips and words are in step in the one picture and sound, by a flash and a beep: beside the same page in tiles, so that
// what the browser itself is apart is not counted. And how much later everything comes than in tiles.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium } from './lib/browsers.mjs';
import { beats, sendBeats, waits, watchBeats } from './lib/lips.mjs';
import { assertNoProblems, enter, press, roomState } from './lib/meeting.mjs';
import { oneStreamShown, tilesShown } from './lib/one_stream.mjs';
import { kOneStream, startServer } from './lib/server.mjs';
import { kSize, pictureMoves, topologyOf } from './lib/sfu.mjs';

const kPatience = { timeout: 120_000 };
const kBeats = Number(process.env.PARLEY_BEATS ?? 25);

test('a flash and a beep come together in one stream as in tiles', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t, args: kOneStream });
  const browser = await launchChromium({ t });
  const person = async (name) => {
    const page = await enter(browser, server, { name, bypassCSP: true, query: '&topology=sfu', ...kSize });
    await roomState(page, 'joined', kPatience);
    await topologyOf(page, 'sfu', kPatience);
    await press(page, 'control-mic');
    return page;
  };
  const ada = await person('Ada');
  const bob = await person('Bob');
  await press(bob, 'control-camera');
  await sendBeats(ada);
  await pictureMoves(bob, 'Ada', kPatience);
  await watchBeats(bob);

  const measure = async (where) => {
    await beats(ada, bob, 10); // Until clocks are known, and what waits for the other.
    await waits(bob);
    const read = await beats(ada, bob, kBeats);
    const waited = await waits(bob);
    const told = ['picture', 'sound', 'apart'].map((what) => `${what} ${read[what].median} (${read[what].p95})`);
    t.diagnostic(`${where}, median (95th percentile) of ${read.count}, in ms: ${told.join(', ')}; waiting in the page: picture ${waited.video}, sound ${waited.audio}`);
    assert.ok(read.count > kBeats / 2, `of ${kBeats} beats ${read.count} were noticed`);
    return read;
  };
  const tiles = await measure('in tiles');
  await press(bob, 'control-more');
  await press(bob, 'more-stream');
  await oneStreamShown(bob, kPatience);
  const stream = await measure('in one stream');
  await press(bob, 'one-stream-back');
  await tilesShown(bob, kPatience);
  await pictureMoves(bob, 'Ada', kPatience);
  const again = await measure('in tiles again');

  const usual = (tiles.apart.median + again.apart.median) / 2;
  const apart = Math.round(stream.apart.median - usual);
  t.diagnostic(`one stream: sound ${apart} ms later to its picture than in tiles`);
  const more = (what) => Math.round(stream[what].median - (tiles[what].median + again[what].median) / 2);
  t.diagnostic(`one stream: picture ${more('picture')} ms, sound ${more('sound')} ms later than in tiles`);
  assert.ok(Math.abs(apart) <= 40, `sound and picture are ${apart} ms apart`);
  assertNoProblems(ada, bob);
});
