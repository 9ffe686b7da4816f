// Settings, shortcuts, language and colours, in lobby and room.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, launchFirefox, openPage, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, enter, press, roomState, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };
const field = (name) => `[data-testid="${name}"]`;

async function openLobby(browser, server, options) {
  const page = await openPage(browser, `${server.url}/room/daily`, options);
  page.personName = 'Ada';
  await page.waitForSelector(field('lobby-join'));
  return page;
}

test('the language is the browser’s, and changes at once, in the middle of a meeting', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const page = await openPage(browser, `${server.url}/`, { locale: 'de-AT' });
  page.personName = 'Ada';
  await page.waitForSelector(field('home-start'));
  const spoken = () => page.evaluate(() => [document.documentElement.lang, document.title]);
  assert.deepEqual(await spoken(), ['de', 'Parley: von Angesicht zu Angesicht']);
  assert.match(await page.textContent(field('home-start')), /Besprechung starten/);

  await page.goto(`${server.url}/room/daily?name=Ada&join=1`);
  await roomState(page, 'joined');
  assert.equal(await page.getAttribute(field('control-mic'), 'aria-label'), 'Mikrofon');
  await page.keyboard.press('Control+,');
  await press(page, 'settings-tab-general');
  await page.check(field('settings-language-en'));
  assert.deepEqual((await spoken())[0], 'en');
  assert.equal(await page.getAttribute(field('control-mic'), 'aria-label'), 'Microphone');
  assert.equal(await page.evaluate(() => window.parley.state), 'joined');

  await page.reload();
  await roomState(page, 'joined');
  assert.deepEqual(await spoken(), ['en', 'daily – Parley']);
  assertNoProblems(page);
});

// Of the elements, those whose words do not fit: into them, or into the page.
const cut = (page, selector) =>
  page.$$eval(selector, (all) =>
    all
      .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        return one.scrollWidth > one.clientWidth || left < 0 || right > innerWidth;
      })
      .map((one) => one.textContent),
  );

test('long words fit into the tabs of a small phone', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  for (const width of [320, 390]) {
    const phone = { width, height: 568, locale: 'de', hasTouch: true, isMobile: true };
    const page = await enter(browser, server, { name: 'Ada', ...phone });
    await roomState(page, 'joined');
    await page.keyboard.press('Control+,');
    await page.waitForSelector(field('settings-tab-general'));
    assert.deepEqual(await cut(page, '[role="tab"]'), [], `settings at ${width}`);
    await press(page, 'settings-tab-general');
    assert.deepEqual(await cut(page, '[role="tabpanel"] label'), [], `choices at ${width}`);
    await screenshot(page, `settings-german-${width}`);
    await press(page, 'dialog-close');
    await press(page, 'control-more');
    await press(page, 'more-inspector');
    await page.waitForSelector(field('inspector-ladder'));
    assert.deepEqual(await cut(page, '[role="tab"]'), [], `panels at ${width}`);
    const tabs = await page.$$eval('[data-testid^="tab-"]', (all) => Math.max(...all.map((one) => one.getBoundingClientRect().right)));
    const close = await page.$eval(field('panel-close'), (button) => button.getBoundingClientRect().left);
    assert.ok(tabs <= close, `a tab lies under the button that closes, at ${width}`);
    await screenshot(page, `panel-german-${width}`);
    await page.context().close();
  }
});

test('colours are chosen, hold at once and are remembered', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openLobby(await launchChromium({ t }), server, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.focus(field('lobby-join'));
  await page.keyboard.press('Control+,');
  await press(page, 'settings-tab-general');
  await page.check(field('settings-scheme-dark'));
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  await page.waitForSelector(field('lobby-join'));
  assert.equal(await ground(), dark);
});

test('devices are seen and heard while one chooses, and switches are remembered', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openLobby(await launchChromium({ t }), server);
  await page.focus(field('lobby-join'));
  await page.keyboard.press('Control+,');
  await page.waitForSelector(field('settings'));
  await until('the preview to play', () =>
    page.evaluate(() => document.querySelector('[data-testid="settings"] video')?.videoWidth > 0),
  );
  await until('the level to move', () =>
    page.evaluate(() =>
      Number(getComputedStyle(document.querySelector('[data-testid="settings-level"]')).getPropertyValue('--level')) > 0.05),
  );
  await page.selectOption(field('settings-microphone'), { index: 1 });
  await press(page, 'settings-speaker-test');
  await until('the test to be over', () =>
    page.evaluate(() => !document.querySelector('[data-testid="settings-speaker-test"]').disabled),
  );
  await page.uncheck(field('settings-noise'));
  assert.equal(await page.isDisabled(field('settings-blur')), true); // A fake camera has no such effect.
  await screenshot(page, 'settings-devices');
  await page.reload();
  await page.waitForSelector(field('lobby-join'));
  await page.focus(field('lobby-join'));
  await page.keyboard.press('Control+,');
  assert.equal(await page.isChecked(field('settings-noise')), false);
  assert.equal(await page.isChecked(field('settings-echo')), true);
  assertNoProblems(page);
});

test('shortcuts leave whoever types alone', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openLobby(await launchChromium({ t }), server);
  await page.focus(field('lobby-name'));
  await page.keyboard.type('Who?');
  assert.equal(await page.inputValue(field('lobby-name')), 'Who?');
  assert.equal(await page.$(field('shortcuts')), null);
  await page.keyboard.press('Control+d'); // It types nothing: it works from everywhere.
  await until('the microphone to be off', () =>
    page.evaluate(() => document.querySelector('[data-testid="control-mic"]').getAttribute('aria-pressed') === 'false'),
  );
  await page.focus(field('lobby-join'));
  await page.keyboard.press('Shift+?');
  await page.waitForSelector(field('shortcuts'));
  const rows = await page.$$eval(`${field('shortcuts')} kbd`, (keys) => keys.map((key) => key.textContent));
  assert.ok(rows.includes('Ctrl') && rows.includes('D') && rows.includes('?'));
  await screenshot(page, 'shortcuts');
});

test('Firefox speaks German too, and opens the settings', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchFirefox({ t, prefs: { 'intl.accept_languages': 'de, en' } });
  const page = await enter(browser, server, { name: 'Ada' });
  await tileOf(page, 'Ada');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.evaluate(() =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ',', ctrlKey: true, bubbles: true })),
  );
  await page.waitForSelector(field('settings'));
  assert.equal(await page.evaluate(() => document.querySelector('#settings-title').textContent), 'Einstellungen');
});
