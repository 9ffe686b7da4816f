// The link of one who is sent everyone in one picture becomes narrow, and wide again: a real Chromium behind a real bottleneck.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium } from '../e2e/lib/browsers.mjs';
import { kOneStream } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { adaSends, keepLog, logOf, longestFreeze } from './lib/bad_link.mjs';
import { whyNoNarrowWay } from './lib/netns.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const skip = (!haveChromium && 'no Chromium') || whyNoNarrowWay() || false;
const patience = { timeout: 120_000 };
const goesOn = 100; // Frames.

async function watcher(open, name) {
  const person = await SfuPage.join(await open(), { room: 'narrow', name, sends: false, videoSlots: 1 });
  const { ok } = await person.ask('view', { tiles: [], oneStream: { width: 1280, height: 720 } });
  assert.ok(ok);
  await person.page.evaluate(keepLog);
  return person;
}

const now = async (person) => (await logOf(person)).at(-1) ?? { width: 0, frames: 0 };

test('one picture for all comes smaller by a link of 400 kbit/s, and to nobody else', { skip, timeout: 500_000 }, async (t) => {
  const { internet, near, far } = await adaSends(t, { room: 'narrow', args: kOneStream });
  const [wide, narrow] = [await watcher(near, 'Bob'), await watcher(far, 'Eve')];

  // A server that is too busy makes the picture smaller for all: what is compared is one with the other.
  const seen = (what, condition) => until(what, async () => {
    const [ofWide, ofNarrow] = await Promise.all([now(wide), now(narrow)]);
    if (ofWide.width === 0 || ofNarrow.width === 0) return false;
    return condition(ofNarrow.width - ofWide.width) && { ofWide, ofNarrow, size: `${ofNarrow.width} of ${ofWide.width}` };
  }, patience);
  const takes = async (what, condition) => {
    const began = performance.now();
    return { ...(await seen(what, condition)), took: Math.round(performance.now() - began) };
  };
  const frames = (person, from) => until(`${goesOn} more frames`, async () => (await now(person)).frames >= from + goesOn, patience);
  const both = await seen('the same picture', (more) => more === 0);
  await frames(narrow, both.ofNarrow.frames);

  const before = (await logOf(narrow)).length;
  internet.narrow(2, { kbps: 400, queue: 300 });
  const fell = await takes('a smaller picture', (more) => more < 0);
  const at = (await logOf(narrow)).length;
  await frames(narrow, fell.ofNarrow.frames);
  await frames(wide, fell.ofWide.frames);
  const still = await seen('a smaller picture still', (more) => more < 0);
  const log = await logOf(narrow);
  const freeze = { falling: longestFreeze(log.slice(before, at + 1)), after: longestFreeze(log.slice(at)) };

  internet.widen(2);
  const rose = await takes('the same picture again', (more) => more === 0);
  t.diagnostic(`${fell.size} pixels after ${fell.took} ms, stood still for ${Math.round(freeze.falling)} ms then and for ` +
    `${Math.round(freeze.after)} ms after it; ${still.size}; ${rose.size} ${rose.took} ms after the link is wide again`);
  assert.ok(freeze.after < 10_000, `it stood still for ${freeze.after} ms`);
});
