// The inspector: a call's steps in their order, as a panel, from a second window, from a file, and in
// the demonstration that its page runs by itself.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launchChromium, launchFirefox, haveFirefox, openPage, screenshot } from './lib/browsers.mjs';
import { picturesArrive } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };

// The ladder as it is drawn: each step with its time.
const steps = (page) => page.evaluate(() =>
  [...document.querySelectorAll('[data-testid="inspector-step"]')].map(({ dataset, textContent }) =>
    ({ step: dataset.step, at: Number(dataset.at), text: textContent })));

const stepsUpTo = (page, last) => until(`the step ${last}`, async () => {
  const all = await steps(page);
  return all.some(({ step }) => step === last) && all;
}, { timeout: 30_000 });

// That `wanted` come in this order, whatever else stands between.
function assertOrder(all, wanted) {
  let from = 0;
  for (const step of wanted) {
    const index = all.findIndex((one, place) => place >= from && one.step === step);
    assert.ok(index >= 0, `${step} after ${wanted[wanted.indexOf(step) - 1]} in ${all.map((one) => one.step)}`);
    from = index + 1;
  }
  all.slice(1).forEach(({ at }, index) => assert.ok(at >= all[index].at, 'times rise'));
}

// `answer-applied` may come after `ice-connected`: the path can stand before the browser has said so.
const caller = ['connection-made', 'negotiation-needed', 'offer-made', 'offer-sent', 'answer-received', 'ice-connected',
  'connected', 'first-frame'];
const callee = ['connection-made', 'peer-joined', 'offer-received', 'offer-applied', 'answer-made', 'answer-sent',
  'ice-connected', 'connected', 'first-frame'];

async function openInspector(page) {
  await press(page, 'control-people');
  await press(page, 'tab-inspector');
  await page.waitForSelector('[data-testid="inspector"]');
}

async function adaAndBob(t, browser = undefined) {
  const server = await startServer({ t });
  browser ??= await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada' });
  await until('Ada to be in', () => ada.evaluate(() => window.parley?.state === 'joined'));
  const bob = await enter(browser, server, { name: 'Bob' });
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  await picturesArrive(bob, 5);
  return { server, browser, ada, bob };
}

test('the names over the lines are whole, and apart', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  for (const [width, locale] of [[320, 'de'], [1280, 'en']]) {
    const page = await openPage(browser, `${server.url}/inspector`, { width, height: 800, locale });
    await page.waitForSelector('[data-testid="inspector-ladder"]');
    const names = await page.$$eval('[data-testid="lifelines"] > *', (all) =>
      all.map((one) => ({ left: one.getBoundingClientRect().left, right: one.getBoundingClientRect().right, isWhole: one.scrollWidth <= one.clientWidth + 1 })));
    assert.equal(names.length, 3);
    names.forEach(({ left, right, isWhole }, at) => {
      assert.ok(isWhole && left >= 0 && right <= width, `name ${at} is cut at ${width}`);
      assert.ok(at === 0 || left > names[at - 1].right, `names ${at - 1} and ${at} meet at ${width}`);
    });
  }
});

test('the panel shows each step of a call on both sides, with plausible times', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await Promise.all([openInspector(ada), openInspector(bob)]);
  const [called, calling] = await Promise.all([stepsUpTo(ada, 'first-frame'), stepsUpTo(bob, 'first-frame')]);
  assertOrder(calling, ['opened', 'page-ready', 'socket-opening', 'socket-open', 'join-sent', 'join-accepted', ...caller]);
  assertOrder(called, ['opened', 'page-ready', 'socket-open', 'join-sent', 'join-accepted', ...callee]);
  for (const all of [called, calling]) {
    for (const step of ['device-ready', 'gathering', 'candidate-found', 'candidate-received', 'ice-checking',
      'pair-chosen', 'dtls-connected', 'first-packet']) {
      assert.ok(all.some((one) => one.step === step), `${step} in ${all.map((one) => one.step)}`);
    }
    assert.ok(all.find(({ step }) => step === 'candidate-found').text.includes('host'));
  }

  // The log's first picture is the one that the page itself took the time of.
  const drawn = calling.find(({ step }) => step === 'first-frame').at;
  const shown = await bob.evaluate(() => performance.getEntriesByName('parley:first-frame', 'mark')[0].startTime);
  assert.ok(Math.abs(drawn - shown) < 1_000, `first frame at ${drawn} in the log, at ${shown} on the screen`);

  await until('a verdict', async () => (await bob.textContent('[data-testid="inspector-verdicts"]')).includes('host'));
  await screenshot(bob, 'inspector-panel');
  assertNoProblems(ada, bob);
});

test('charts, path and descriptions of a call', kLong, async (t) => {
  const { bob } = await adaAndBob(t);
  await openInspector(bob);
  await press(bob, 'inspector-tab-charts');
  await until('a bitrate', async () => /Mbit|kbit/.test(await bob.textContent('[data-testid="chart-bitrate"]')), { timeout: 30_000 });
  await screenshot(bob, 'inspector-panel-charts');
  await press(bob, 'inspector-tab-path');
  await until('the chosen pair', () => bob.evaluate(() => document.querySelector('[data-testid="inspector-chosen"]')?.textContent.includes('udp')));
  assert.ok(await bob.evaluate(() => document.querySelectorAll('[data-testid="inspector-pairs"] tbody tr').length) > 0);
  await press(bob, 'inspector-tab-sdp');
  await until('offer and answer', () => bob.evaluate(() => document.querySelectorAll('[data-testid="inspector-sdp"]').length === 2));
  const unknown = await bob.evaluate(() =>
    [...document.querySelectorAll('[data-testid="sdp-line"][data-known="false"] code')].map(({ textContent }) => textContent));
  assert.deepEqual(unknown, [], 'every line of Chromium is explained');
  await bob.keyboard.press('Tab');
  await bob.focus('[data-testid="inspector-tab-sdp"]');
  await bob.keyboard.press('ArrowRight');
  await stepsUpTo(bob, 'first-frame');
  assertNoProblems(bob);
});

test('a call is watched from a second window, and exported and read again', kLong, async (t) => {
  const { server, bob } = await adaAndBob(t);
  const window_ = await bob.context().newPage();
  await window_.goto(`${server.url}/inspector`);
  await until('the call to be listed', () => window_.evaluate(() => document.querySelector('[data-testid="source-call"]') !== null));
  await window_.check('[data-testid="source-call"]', { force: true });
  const watched = await until('the whole call', async () => {
    const all = await steps(window_);
    return all.some(({ step }) => step === 'join-accepted') && all.some(({ step }) => step === 'first-frame') && all;
  });
  assertOrder(watched, ['opened', 'join-accepted', ...caller]);

  const [download] = await Promise.all([window_.waitForEvent('download'), window_.click('[data-testid="inspector-export"]')]);
  const text = await readFile(await download.path(), 'utf8');
  assert.equal(JSON.parse(text).format, 'parley-call-log');
  await bob.close();
  await until('its end', async () => (await window_.textContent('main')).includes('This call is over'));

  const file = { name: 'call.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await window_.setInputFiles('[data-testid="inspector-open"]', file);
  await until('the file', () => window_.evaluate(() => document.querySelector('[data-testid="source-file"]')?.checked));
  assertOrder(await steps(window_), ['opened', 'join-accepted', ...caller]);

  await window_.setInputFiles('[data-testid="inspector-open"]', { ...file, buffer: Buffer.from('<script>') });
  await until('the refusal', async () => (await window_.textContent('[data-testid="inspector-problem"]')).includes('JSON'));
});

for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 1000 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the page runs a call by itself: ${size}, ${colorScheme}`, kLong, async (t) => {
      const server = await startServer({ t });
      const page = await openPage(await launchChromium({ t }), `${server.url}/inspector`, { ...viewport, colorScheme });
      assertOrder(await stepsUpTo(page, 'first-frame'), caller);
      await screenshot(page, `inspector-${size}-${colorScheme}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(overflow, false, 'the page scrolls sideways');
      if (size === 'wide' && colorScheme === 'light') {
        await press(page, 'demo-restart');
        await stepsUpTo(page, 'ice-restart');
        await page.selectOption('[data-testid="demo-delay"]', '150');
        const far = await stepsUpTo(page, 'first-frame');
        assert.ok(far.find(({ step }) => step === 'answer-received').at - far.find(({ step }) => step === 'offer-sent').at > 290);
      }
      for (const view of ['steps', 'charts', 'path', 'sdp']) {
        await press(page, `inspector-tab-${view}`);
        if (view === 'charts') await page.waitForSelector('[data-testid="chart-bitrate"]');
        await page.$eval('[data-testid="inspector"]', (element) => element.scrollIntoView());
        await screenshot(page, `inspector-${view}-${size}-${colorScheme}`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, view);
      }
      assert.deepEqual(page.problems, []);
    });
  }
}

test('Firefox shows the same steps', { ...kLong, skip: !haveFirefox && 'no Firefox' }, async (t) => {
  const server = await startServer({ t });
  const page = await openPage(await launchFirefox({ t }), `${server.url}/inspector`);
  assertOrder(await stepsUpTo(page, 'first-frame'), ['connection-made', 'offer-sent', 'answer-received', 'ice-connected', 'first-frame']);
  assert.deepEqual(page.problems, []);
});
