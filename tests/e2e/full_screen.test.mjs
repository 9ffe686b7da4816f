// The meeting over the whole screen, and its picture over other windows.
import { test } from 'node:test';

import { launchChromium } from './lib/browsers.mjs';
import { picturesArrive } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

test('the meeting fills the screen and comes back, and its picture floats', { timeout: 180_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada' });
  await enter(browser, server, { name: 'Bob' });
  await connected(ada, 1);
  await picturesArrive(ada, 5);
  const choose = async (item) => {
    await press(ada, 'control-more');
    await press(ada, item);
  };
  await choose('more-fullscreen');
  await until('the whole screen', () => ada.evaluate(() => document.fullscreenElement !== null));
  await choose('more-fullscreen');
  await until('the page again', () => ada.evaluate(() => document.fullscreenElement === null));
  await choose('more-float');
  await until('a floating picture', () => ada.evaluate(() => document.pictureInPictureElement !== null));
  assertNoProblems(ada);
});
