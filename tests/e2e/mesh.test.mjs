// A mesh of four, each connected with each, all entering at the same time.
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive, soundArrives } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, tileIsGone, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';

const kNames = ['Ada', 'Bob', 'Cleo', 'Dan'];

test('four people see and hear each other', { timeout: 240_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  // Small windows: what is tested is the mesh, not how fast two cores encode.
  const size = { width: 640, height: 480 };
  const pages = await Promise.all(kNames.map((name) => enter(browser, server, { name, query: '&topology=p2p', ...size })));

  await Promise.all(pages.map((page) => connected(page, 3, { timeout: 60_000 })));
  for (const page of pages) {
    for (const name of kNames) await tileOf(page, name, { matches: (tile) => tile.video === 'true' });
    await picturesArrive(page, 15, { timeout: 60_000 });
    await soundArrives(page, { timeout: 60_000 });
  }
  await screenshot(pages[0], 'mesh-of-four');

  await press(pages[3], 'control-leave');
  for (const page of pages.slice(0, 3)) {
    await tileIsGone(page, 'Dan');
    await connected(page, 2);
  }
  assertNoProblems(...pages);
});
