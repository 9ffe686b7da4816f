// Chromium and Firefox ESR in one call.
import { test } from 'node:test';

import { launchChromium, launchFirefox, screenshot } from './lib/browsers.mjs';
import { picturesArrive, soundArrives } from './lib/media.mjs';
import { connected, enter, press, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';

for (const [first, second] of [['chromium', 'firefox'], ['firefox', 'chromium']]) {
  test(`${first} is there, ${second} comes and calls`, { timeout: 240_000 }, async (t) => {
    const server = await startServer({ t });
    const browsers = { chromium: await launchChromium({ t }), firefox: await launchFirefox({ t }) };
    const ada = await enter(browsers[first], server, { name: 'Ada' });
    await tileOf(ada, 'Ada');
    const bob = await enter(browsers[second], server, { name: 'Bob' });
    await Promise.all([connected(ada, 1), connected(bob, 1)]);
    for (const page of [ada, bob]) {
      await picturesArrive(page, 15);
      await soundArrives(page);
    }
    await press(bob, 'control-camera');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false' });
    await press(bob, 'control-camera');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'true' });
    await picturesArrive(ada, 15);
    await screenshot(ada, `${first}-and-${second}`);
  });
}
