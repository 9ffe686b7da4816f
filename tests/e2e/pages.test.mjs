// Home, lobby and room as a newcomer walks through them, by mouse and by keyboard; and what the
// pages look like on a phone, on a wide screen, in light and in dark.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { picturesArrive, watchPeerConnections } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, roomState, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };
const kSizes = { phone: { width: 390, height: 844 }, wide: { width: 1600, height: 900 } };

const nameField = '[data-testid="lobby-name"] input, input[data-testid="lobby-name"]';
const codeField = '[data-testid="home-code"] input, input[data-testid="home-code"]';

test('who gives no name is asked for it, in the field itself', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openPage(await launchChromium({ t }), `${server.url}/room/daily`);
  await page.waitForSelector(nameField);
  await page.focus('[data-testid="lobby-join"]');
  await page.keyboard.press('Enter');
  assert.match(await until('what to do', () => page.textContent('form [role="alert"]')), /name/);
  const field = await page.$eval(nameField, (input) => [input === document.activeElement, input.ariaInvalid ?? input.getAttribute('aria-invalid')]);
  assert.deepEqual(field, [true, 'true']);
  await page.keyboard.type('Ada');
  assert.equal(await page.$('form [role="alert"]'), null);
});

test('from the home page into a meeting, and a second person by its code', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });

  const ada = await openPage(browser);
  await watchPeerConnections(ada);
  ada.personName = 'Ada';
  await ada.goto(server.url);
  await press(ada, 'home-start');
  await ada.waitForURL(/\/room\/[a-z0-9-]+/);
  const code = new URL(ada.url()).pathname.split('/')[2];
  await ada.fill(nameField, 'Ada');
  await until('the preview to play', () =>
    ada.evaluate(() => document.querySelector('[data-testid="lobby-preview"] video, video[data-testid="lobby-preview"]')?.videoWidth > 0),
  );
  await press(ada, 'lobby-join');
  await roomState(ada, 'joined');

  // Bob uses the keyboard alone.
  const bob = await openPage(browser);
  await watchPeerConnections(bob);
  bob.personName = 'Bob';
  await bob.goto(server.url);
  await bob.focus(codeField);
  await bob.keyboard.type(code);
  await bob.keyboard.press('Enter');
  await bob.waitForURL(new RegExp(`/room/${code}`));
  await until('the lobby to say who is there', () =>
    bob.evaluate(() => document.body.textContent.includes('Ada')),
  );
  await bob.focus(nameField);
  await bob.keyboard.type('Bob');
  await bob.keyboard.press('Enter');
  await roomState(bob, 'joined');
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  await picturesArrive(bob, 10);
  assertNoProblems(ada, bob);
});

test('a link pasted into the code field leads to its room', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openPage(await launchChromium({ t }), server.url);
  await page.fill(codeField, `${server.url}/room/daily`);
  await press(page, 'home-join');
  await page.waitForURL(/\/room\/daily/);
});

test('every control of the room is reached by Tab and has a name', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await enter(await launchChromium({ t }), server, { name: 'Ada' });
  await tileOf(page, 'Ada');
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll('button, [role="button"], input, select, a[href]')]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => !(element.getAttribute('aria-label') || element.textContent.trim() ||
        element.getAttribute('aria-labelledby') || element.labels?.length))
      .map((element) => element.outerHTML),
  );
  assert.deepEqual(unnamed, []);

  const reached = new Set();
  for (let i = 0; i < 30; ++i) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement?.dataset?.testid));
  }
  for (const control of ['mic', 'camera', 'screen', 'leave']) {
    assert.ok(reached.has(`control-${control}`), `Tab never reached ${control}`);
  }

  await page.focus('[data-testid="control-mic"]');
  await page.keyboard.press('Space');
  await tileOf(page, 'Ada', { matches: (tile) => tile.muted === 'true' });
});

for (const colorScheme of ['light', 'dark']) {
  test(`the pages in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t });
    const browser = await launchChromium({ t });
    const other = await enter(browser, server, { name: 'Grace Hopper' });
    for (const [size, viewport] of Object.entries(kSizes)) {
      const suffix = `${size}-${colorScheme}`;
      const page = await openPage(browser, server.url, { ...viewport, colorScheme });
      await page.waitForSelector('[data-testid="home-start"]');
      await screenshot(page, `home-${suffix}`);
      await page.goto(`${server.url}/room/x`);
      await page.waitForSelector('[data-testid="lobby-join"]');
      await until('who is there', () => page.evaluate(() => document.body.textContent.includes('Grace')));
      await screenshot(page, `lobby-${suffix}`);
      await page.close();
      const inRoom = await enter(browser, server, { name: 'Ada Lovelace', ...viewport, colorScheme });
      await connected(inRoom, 1);
      await picturesArrive(inRoom, 10);
      await screenshot(inRoom, `room-${suffix}`);
      const overflow = await inRoom.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(overflow, false, `the room scrolls sideways on ${size}`);
      await inRoom.close();
      await until('the room to empty', () => other.evaluate(() => window.parley.participants.size === 0));
    }
  });
}
