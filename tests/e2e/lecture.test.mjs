// A lecture: who watches is sent one picture and one sound and sends nothing, is let on stage to speak, and off again, all over
// one connection.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './lib/axe.mjs';
import { launchChromium, screenshot } from './lib/browsers.mjs';
import { slowCameras, soundArrives } from './lib/media.mjs';
import { assertNoProblems, enter, press, roomState, tileIsGone, tileOf } from './lib/meeting.mjs';
import { arriving, oneStreamShown, tilesShown } from './lib/one_stream.mjs';
import { by, closeMenus, enterQuietly, knock, openPanel, setRoom, shows, showsNo } from './lib/panels.mjs';
import { kOneStream, startServer } from './lib/server.mjs';
import { offersToServer, topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kPatience = { timeout: 120_000 };
const kLong = { timeout: 300_000 };
const kWindow = { width: 1000, height: 640 }; // Wide enough for a panel beside a small picture.

// Before the page's own scripts: counts what asks the person for a microphone or camera.
const countRequests = (page) =>
  page.addInitScript(() => {
    window.parleyTestRequests = 0;
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (...constraints) => {
      window.parleyTestRequests += 1;
      return open(...constraints);
    };
  });

const prepare = async (page) => {
  await slowCameras(page);
  await countRequests(page);
};
const requests = (page) => page.evaluate(() => window.parleyTestRequests);
const liveConnections = (page) =>
  page.evaluate(() => window.parleyTestConnections.flatMap((one, at) => (one.connectionState === 'connected' ? [at] : [])));
const stage = (page, wanted) => shows(page, 'room', `[data-stage="${wanted}"]`);
const audienceIs = (page, count) => shows(page, 'audience-count', `[data-count="${count}"]`);

async function host(t, browser) {
  const server = await startServer({ t, args: kOneStream });
  const ada = await enter(browser, server, { name: 'Ada', query: '&lecture=1', prepare, ...kWindow });
  await roomState(ada, 'joined', kPatience);
  await topologyOf(ada, 'sfu', kPatience);
  return { server, ada };
}

test('who watches gets one picture, is let on stage to speak, and off again', kLong, async (t) => {
  const browser = await launchChromium({ t });
  const { server, ada } = await host(t, browser);
  await tileOf(ada, 'Ada', { matches: ({ video }) => video === 'true' });

  // Bob comes by the lobby, which asks for nothing.
  const bob = await knock(browser, server, { name: 'Bob', ...kWindow });
  await roomState(bob, 'joined', kPatience);
  await stage(bob, false);
  await audienceIs(ada, 1);
  assert.equal(await bob.$(by('control-mic')), null, 'the audience has no microphone to press');
  await oneStreamShown(bob, kPatience);
  await until('sound and picture, one of each', async () => {
    const { audio, video } = await arriving(bob);
    return audio === 1 && video === 1;
  }, kPatience);
  await soundArrives(bob, kPatience);
  await screenshot(bob, 'lecture-audience');
  await assertAccessible(bob, 'the audience of a lecture');
  assert.equal(await ada.evaluate(() => window.parley.participants.size), 0, 'the stage knows the audience by number');
  const [connection, ...others] = await liveConnections(bob);
  assert.deepEqual(others, []);

  await bob.keyboard.press('Control+d');
  await press(bob, 'control-hand');
  await shows(bob, 'hand-status');
  await shows(ada, 'hands-bring');
  await screenshot(ada, 'lecture-hand');
  await press(ada, 'hands-bring');
  await stage(bob, true);
  await shows(bob, 'stage-prompt');
  await tilesShown(bob, kPatience);
  assert.equal(await bob.evaluate(() => window.parley.media.snapshot.microphone.track), undefined, 'nothing is switched on');
  await screenshot(bob, 'lecture-on-stage');
  await assertAccessible(bob, 'on stage');
  await press(ada, 'control-mic'); // Who is heard from now on is Bob.
  await press(bob, 'stage-mic');
  await tileOf(ada, 'Bob', { matches: ({ muted }) => muted === 'false', ...kPatience });
  await soundArrives(ada, kPatience);

  await openPanel(ada, 'people');
  await ada.click(`${by('person')}[data-name="Bob"] ${by('person-more')}`);
  await press(ada, 'person-takeOff');
  await stage(bob, false);
  await tileIsGone(ada, 'Bob');
  assert.deepEqual(await bob.evaluate(() => window.parley.media.flags), { micinf: false, vidinf: false, scrinf: false });
  assert.equal(await bob.evaluate(() => window.parley.media.microphone.track), undefined, 'the microphone is closed');
  await oneStreamShown(bob, kPatience);
  assert.deepEqual(await liveConnections(bob), [connection], 'it is the connection there was');
  assert.equal(await offersToServer(bob), 1);
  assertNoProblems(ada, bob);
});

test('nobody in the audience is asked for a device, by whichever link they come', kLong, async (t) => {
  const browser = await launchChromium({ t });
  const { server, ada } = await host(t, browser);
  const bob = await enter(browser, server, { name: 'Bob', prepare, ...kWindow });
  await roomState(bob, 'joined', kPatience);
  await stage(bob, false);
  await bob.keyboard.press('Control+d');
  await bob.keyboard.press('Control+e');
  assert.equal(await requests(bob), 0);
  assert.equal(await requests(ada), 1);

  // A lecture that becomes a meeting, and one again: whose devices were on loses them.
  await setRoom(ada, 'setting-lecture', false);
  await stage(bob, true);
  await shows(bob, 'control-mic');
  assert.equal(await requests(bob), 0);
  await press(bob, 'control-camera');
  await tileOf(ada, 'Bob', { matches: ({ video }) => video === 'true', ...kPatience });
  await ada.click(by('setting-lecture'));
  await press(ada, 'confirm');
  await stage(bob, false);
  assert.equal(await bob.evaluate(() => window.parley.media.camera.track), undefined);
  assertNoProblems(ada, bob);
});

test('a host reads the audience in pages, by name, and answers raised hands', kLong, async (t) => {
  const browser = await launchChromium({ t });
  const { server, ada } = await host(t, browser);
  const bob = await enterQuietly(browser, server, { name: 'Bob', ...kWindow });
  await openPanel(ada, 'people');
  await shows(ada, 'no-hands');
  // Sixty more in one page of the browser, as programs: they need no picture.
  const crowd = await browser.newContext();
  t.after(() => crowd.close());
  const page = await crowd.newPage();
  await page.goto(`${server.url}/`);
  await page.evaluate(async () => {
    window.crowd = await Promise.all(
      Array.from({ length: 60 }, (_, at) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
        return new Promise((resolve, reject) => {
          socket.onerror = reject;
          socket.onopen = () => {
            const fields = { room: 'x', name: `${at % 20 === 0 ? 'Zoe' : 'Max'} ${at}`, micinf: false, vidinf: false };
            socket.send(JSON.stringify(['join', fields, 1]));
          };
          socket.onmessage = ({ data }) => data.startsWith('["ack"') && resolve(socket);
        });
      }),
    );
  });
  await audienceIs(ada, 61);
  await shows(ada, 'audience', '[data-count="61"]');
  await shows(ada, 'audience-list', '[data-loaded="50"]');
  const rows = () => ada.evaluate(() => document.querySelectorAll('[data-testid="audience-member"]').length);
  assert.ok((await rows()) < 40, 'few rows are drawn');
  await ada.evaluate(() => {
    const panel = document.querySelector('[data-scrolls]');
    panel.scrollTop = panel.scrollHeight;
  });
  await shows(ada, 'audience-list', '[data-loaded="61"][data-complete="true"]');
  await screenshot(ada, 'lecture-people');
  await assertAccessible(ada, 'the people of a lecture');

  await ada.fill(by('audience-search'), 'zoe');
  await shows(ada, 'audience-list', '[data-loaded="3"][data-complete="true"]');
  await ada.fill(by('audience-search'), 'nobody of that name');
  await shows(ada, 'audience-list', '[data-loaded="0"][data-complete="true"]');
  await ada.fill(by('audience-search'), '');

  await press(bob, 'control-hand');
  await shows(ada, 'raised-hand', '[data-name="Bob"]');
  await press(ada, 'hand-lower');
  await shows(ada, 'no-hands');
  await showsNo(bob, 'hand-status');
  await bob.evaluate(() => window.parley.react('👏'));
  await shows(ada, 'floating-reaction', '[data-emoji="👏"]');

  await ada.fill(by('audience-search'), 'Bob');
  await shows(ada, 'audience-list', '[data-loaded="1"]');
  await press(ada, 'audience-more');
  await shows(ada, 'person-cohost');
  await closeMenus(ada);
  await press(ada, 'audience-bring');
  await stage(bob, true);
  await shows(ada, 'person', '[data-name="Bob"]');
  await press(bob, 'stage-later');
  await press(bob, 'control-offstage');
  await stage(bob, false);
  await audienceIs(ada, 61);
  assertNoProblems(ada, bob);
});
