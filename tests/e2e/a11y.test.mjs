// Every page for people who cannot see it, or cannot use a mouse: axe-core finds nothing serious in
// light and in dark, and the ways through the app work by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './lib/axe.mjs';
import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { enter, press, tileOf } from './lib/meeting.mjs';
import { addTask, by, closeMenus, enterQuietly, knock, openPanel, reads, say, setRoom, shows, tasksAre } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 300_000 };

const kPages = [
  { name: 'home', path: '/', ready: 'home-start' },
  { name: 'lobby', path: '/room/daily', ready: 'lobby-join' },
  { name: 'account', path: '/account', ready: 'account' },
  { name: 'nowhere', path: '/nowhere', ready: 'lost' },
  { name: 'no room', path: '/room/a%20b', ready: 'lost-meant' },
  { name: 'offline', path: '/offline.html', ready: 'offline-retry' },
  { name: 'inspector', path: '/inspector', ready: 'inspector' },
  { name: 'doctor', path: '/doctor', ready: 'doctor' },
];

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious on any page in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t });
    const browser = await launchChromium({ t });
    const page = await openPage(browser, undefined, { colorScheme });
    for (const { name, path, ready } of kPages) {
      await page.goto(server.url + path, { waitUntil: 'domcontentloaded' });
      await page.waitForSelector(`[data-testid="${ready}"]`);
      await assertAccessible(page, name);
    }
  });

  test(`axe finds nothing serious in an account in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t });
    const page = await openPage(await launchChromium({ t }), `${server.url}/account`, { colorScheme });
    await press(page, 'way-register');
    await page.waitForSelector('[data-testid="register-name"]');
    await assertAccessible(page, 'register');
    await page.fill('[data-testid="register-display-name"]', 'Ada Lovelace');
    await page.fill('[data-testid="register-name"]', 'ada');
    await page.fill('[data-testid="register-password"]', 'correct horse');
    await press(page, 'register-submit');
    await press(page, 'room-submit');
    await press(page, 'room-settings');
    await page.waitForSelector('[data-testid="member"]');
    await assertAccessible(page, 'my rooms');
    await screenshot(page, `account-wide-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await screenshot(page, `account-phone-${colorScheme}`);
    await assertAccessible(page, 'my rooms on a phone');
    for (const section of ['profile', 'sessions', 'tokens']) {
      await press(page, `account-${section}`);
      await assertAccessible(page, section);
    }
  });

  test(`axe finds nothing serious in the meeting and its dialogs in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t });
    const browser = await launchChromium({ t });
    await enter(browser, server, { name: 'Grace Hopper' });
    const page = await enter(browser, server, { name: 'Ada', colorScheme });
    await tileOf(page, 'Grace Hopper');
    await assertAccessible(page, 'the meeting');
    await page.keyboard.press('Control+,');
    for (const tab of ['devices', 'meeting', 'general']) {
      await press(page, `settings-tab-${tab}`);
      await assertAccessible(page, `settings: ${tab}`);
    }
    await press(page, 'settings-shortcuts');
    await page.waitForSelector('[data-testid="shortcuts"]');
    await assertAccessible(page, 'the shortcuts');
    await press(page, 'dialog-close');
    await page.waitForSelector('[data-testid="shortcuts"]', { state: 'detached' });
    await page.evaluate(() => window.parley.leave());
    await page.waitForSelector('[data-testid="left"]');
    await assertAccessible(page, 'left');
  });

  test(`axe finds nothing serious in the panels and before the door in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t });
    const browser = await launchChromium({ t });
    const host = await enterQuietly(browser, server, { name: 'Ada', colorScheme });
    const guest = await enterQuietly(browser, server, { name: 'Grace' });
    await tileOf(host, 'Grace');
    await setRoom(host, 'setting-waiting-room', true);
    const waits = await knock(browser, server, { name: 'Alan', colorScheme });
    await shows(waits, 'waiting');
    await assertAccessible(waits, 'the waiting page');
    await shows(host, 'door');
    await assertAccessible(host, 'people, settings and the door');
    await host.click(`${by('person')}[data-name="Grace"] ${by('person-more')}`);
    await shows(host, 'person-remove');
    await assertAccessible(host, "someone's menu");
    await closeMenus(host);
    await say(guest, 'Good morning');
    await openPanel(host, 'chat');
    await reads(host, 'Good morning');
    await assertAccessible(host, 'chat');
    await addTask(host, 'Print the scores');
    await tasksAre(host, ['Print the scores']);
    await assertAccessible(host, 'to-do');
    await press(host, 'tab-inspector');
    await shows(host, 'inspector-ladder');
    await assertAccessible(host, 'the inspector in the call');
  });
}

test('a dialog holds the focus, and gives it back', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await enter(await launchChromium({ t }), server, { name: 'Ada' });
  await page.waitForSelector('[data-testid="control-mic"]');
  await page.focus('[data-testid="control-mic"]');
  await page.keyboard.press('Shift+?');
  await page.waitForSelector('[data-testid="shortcuts"]');
  for (let i = 0; i < 6; ++i) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('[role="dialog"]') !== null));
  }
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-testid="shortcuts"]', { state: 'detached' });
  await until('the focus to be back', () =>
    page.evaluate(() => document.activeElement.dataset.testid === 'control-mic'),
  );
});

test('toasts are read out, and nothing moves for who wants it still', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const page = await enter(browser, server, { name: 'Ada', reducedMotion: 'reduce' });
  await page.waitForSelector('[data-testid="control-mic"]');
  await enter(browser, server, { name: 'Bob' });
  const live = await until('a toast', () =>
    page.evaluate(() => document.querySelector('[data-testid="toast"]')?.closest('[aria-live]')?.ariaLive),
  );
  assert.equal(live, 'polite');
  const slowest = await page.evaluate(() =>
    Math.max(0, ...document.getAnimations().map((animation) => animation.effect.getComputedTiming().activeDuration)),
  );
  assert.ok(slowest < 10, `an animation takes ${slowest} ms`);
});
