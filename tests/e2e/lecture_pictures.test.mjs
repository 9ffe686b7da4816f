// Who is let on stage goes from the one picture of everyone to tiles, and back: no tile ever shows what the slot had before.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium } from './lib/browsers.mjs';
import { slowCameras } from './lib/media.mjs';
import { assertNoProblems, enter, participantId, roomState, tileOf } from './lib/meeting.mjs';
import { kColours, oneStreamShown, sendColour, tilesShown } from './lib/one_stream.mjs';
import { shows } from './lib/panels.mjs';
import { kOneStream, startServer } from './lib/server.mjs';
import { pictureMoves } from './lib/sfu.mjs';
import { strangers, watchStrangers } from './lib/strangers.mjs';

const kPatience = { timeout: 120_000 };
const kWindow = { width: 640, height: 480 };

const stage = (page, wanted) => shows(page, 'room', `[data-stage="${wanted}"]`);
const letUp = (host, sid, on) => host.evaluate(([who, is]) => window.parley.host.stage(who, is), [sid, on]);

async function person(browser, server, name, query = '') {
  const page = await enter(browser, server, { name, query, prepare: slowCameras, bypassCSP: true, ...kWindow });
  await roomState(page, 'joined', kPatience);
  return page;
}

test('a tile shows nobody but whose it is', { timeout: 300_000 }, async (t) => {
  const browser = await launchChromium({ t });
  const server = await startServer({ t, args: kOneStream });
  const ada = await person(browser, server, 'Ada', '&lecture=1');
  await tileOf(ada, 'Ada', { matches: ({ video }) => video === 'true', ...kPatience });
  await sendColour(ada, kColours.Ada);
  const cleo = await person(browser, server, 'Cleo');
  await letUp(ada, await participantId(cleo), true);
  await stage(cleo, true);
  await sendColour(cleo, kColours.Cleo);
  const bob = await person(browser, server, 'Bob');
  await oneStreamShown(bob, kPatience);
  await watchStrangers(bob);

  const sid = await participantId(bob);
  for (let round = 0; round < 3; ++round) {
    await letUp(ada, sid, true);
    await tilesShown(bob, kPatience);
    for (const name of ['Ada', 'Cleo']) await pictureMoves(bob, name, kPatience);
    await letUp(ada, sid, false);
    await stage(bob, false);
    await oneStreamShown(bob, kPatience);
  }
  const { looks, strangers: wrong } = await strangers(bob);
  t.diagnostic(`${looks} looks at a tile`);
  assert.ok(looks > 100);
  assert.deepEqual(wrong, []);
  assertNoProblems(ada, cleo, bob);
});
