// What the buttons of a meeting open comes in files of their own: what happens when these cannot be had, and that a call
// which has been quiet for a while has them already.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium } from './lib/browsers.mjs';
import { enter, press, roomState, tileOf, tiles } from './lib/meeting.mjs';
import { by, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };
const kPhone = { width: 390, height: 844, hasTouch: true, isMobile: true };

for (const [lacks, files] of [['script', /\/assets\/(ChatPanel|MoreMenu)-.*\.js(\?.*)?$/], ['style', /\/assets\/(ChatPanel|MoreMenu)-.*\.css$/]]) {
  test(`a call goes on where a ${lacks} cannot be fetched, and shows what it belongs to later`, kLong, async (t) => {
    const server = await startServer({ t });
    // A server that was upgraded meanwhile has other files.
    const refused = [];
    const prepare = (page) => page.route(files, (route) => {
      refused.push(route.request().url());
      return route.fulfill({ status: 404, body: '' });
    });
    const ada = await enter(await launchChromium({ t }), server, { name: 'Ada', prepare, ...kPhone });
    await roomState(ada, 'joined');
    await tileOf(ada, 'Ada');
    await press(ada, 'control-more');
    await shows(ada, 'toast');
    assert.equal(await ada.getAttribute(by('control-more'), 'aria-expanded'), 'false');
    const before = refused.length;
    await ada.evaluate(() => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', code: 'KeyC', ctrlKey: true, altKey: true, bubbles: true })));
    // A script is asked for by a second address, too; and no part is shown before the styles that are missing.
    await until('the chat to be refused', () =>
      refused.slice(before).some((url) => lacks === 'style' || /ChatPanel.*again=/.test(url)));
    await showsNo(ada, 'panel');
    assert.deepEqual((await tiles(ada)).map(({ name }) => name), ['Ada']);

    await ada.unroute(files);
    await press(ada, 'control-more');
    await press(ada, 'more-chat');
    await shows(ada, 'chat-input');
    const column = await ada.$eval(by('chat-panel'), (panel) => getComputedStyle(panel).display);
    assert.notEqual(column, 'block', 'the chat has its style');
  });
}

test('a quiet call has fetched what its buttons open, and needs no server for it', kLong, async (t) => {
  const server = await startServer({ t });
  const ada = await enter(await launchChromium({ t }), server, { name: 'Ada' });
  await roomState(ada, 'joined');
  const wanted = ['SidePanel', 'ChatPanel', 'PeoplePanel', 'PersonMenu', 'MoreMenu', 'TileMenu', 'Dialogs', 'ConfirmDialog'];
  await until('it to be fetched', () =>
    ada.evaluate((names) => {
      const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
      return names.every((name) => fetched.some((url) => url.includes(`/assets/${name}-`) && url.endsWith('.js')));
    }, wanted), { timeout: 60_000 });
  await ada.route('**/assets/**', (route) => route.abort());
  await press(ada, 'control-chat');
  await shows(ada, 'chat-input');
  await press(ada, 'control-more');
  await press(ada, 'more-settings');
  await shows(ada, 'settings');
});
