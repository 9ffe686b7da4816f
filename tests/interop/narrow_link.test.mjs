// The link of one who watches becomes narrow, and wide again: a real Chromium behind a real bottleneck.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, haveFirefox } from '../e2e/lib/browsers.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { adaSends, keepLog, logOf, longestFreeze } from './lib/bad_link.mjs';
import { whyNoNarrowWay } from './lib/netns.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const skip = (!haveChromium && 'no Chromium') || (!haveFirefox && 'no Firefox') || whyNoNarrowWay() || false;
const patience = { timeout: 120_000 };
// What is promised is 3 s and 5 s; a machine that builds beside it takes its time.
const fall = 10_000;
const rise = 15_000;
const full = 320; // Of a picture of 640x360 Chromium sends the two smaller encodings.

// Runs in the page: the larger encoding is more than the narrow link carries.
async function limitEncodings() {
  const sender = window.me.pc.getSenders().find(({ track }) => track?.kind === 'video');
  const parameters = sender.getParameters();
  parameters.encodings.forEach((each, i) => { each.maxBitrate = [180_000, 1_000_000, 1_000_000][i]; });
  await sender.setParameters(parameters);
}

async function watcher(open, name) {
  const person = await SfuPage.join(await open(), { room: 'narrow', name, sends: false, videoSlots: 1 });
  await person.page.evaluate(keepLog);
  return person;
}

const widthAt = async (person) => (await logOf(person)).at(-1)?.width;

for (const browser of ['Chromium', 'Firefox']) {
  test(`a link of ${browser} that falls to 400 kbit/s gets a smaller picture and keeps its sound`, { skip, timeout: 400_000 }, async (t) => {
    const { internet, ada, near, far } = await adaSends(t, { room: 'narrow', farFirefox: browser === 'Firefox' });
    await ada.evaluate(limitEncodings);
    const [wide, narrow] = [await watcher(near, 'Bob'), await watcher(far, 'Eve')];
    const takes = async (what, person, condition) => {
      const began = performance.now();
      await until(what, async () => condition(await widthAt(person)), patience);
      return performance.now() - began;
    };
    const isFull = (width) => width === full;
    for (const person of [wide, narrow]) await takes('the large picture', person, isFull);

    const [before, ofWide] = [await logOf(narrow), await logOf(wide)];
    internet.narrow(2, { kbps: 400, queue: 300 });
    const fell = await takes('a smaller picture', narrow, (width) => width < full);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const log = (await logOf(narrow)).slice(before.length);
    const sounds = log.at(-1).sounds - before.at(-1).sounds;
    const lost = log.at(-1).soundsLost - before.at(-1).soundsLost;
    assert.ok((await widthAt(narrow)) < full);
    const meanwhile = (await logOf(wide)).slice(ofWide.length);
    const kept = meanwhile.filter(({ width }) => isFull(width)).length / meanwhile.length;
    assert.ok(kept > 0.5, `the others keep theirs: ${kept}`); // All the time, on a machine that has time for them.

    internet.widen(2);
    const rose = await takes('the large picture again', narrow, isFull);
    t.diagnostic(`smaller after ${Math.round(fell)} ms, stood still for ${Math.round(longestFreeze(log))} ms, the others full for ${Math.round(kept * 100)}%, ` +
      `${lost} of ${sounds + lost} sounds lost; large again after ${Math.round(rose)} ms`);
    assert.ok(fell < fall, `${fell} ms`);
    assert.ok(rose < rise, `${rose} ms`);
    assert.ok(sounds > 300 && lost < sounds * 0.1, `${lost} of ${sounds}`);
  });
}
