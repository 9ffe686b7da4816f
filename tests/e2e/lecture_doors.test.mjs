// The ways into a lecture: by a speaker's link on stage, by the plain one into the audience, and where as many are there as may
// be, to a page that says so.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { assertAccessible } from './lib/axe.mjs';
import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { keepLecture } from './lib/lecture.mjs';
import { slowCameras } from './lib/media.mjs';
import { assertNoProblems, enter, press, roomState, tileOf } from './lib/meeting.mjs';
import { oneStreamShown } from './lib/one_stream.mjs';
import { by, enterQuietly, goIn, shows } from './lib/panels.mjs';
import { kOneStream, startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kPatience = { timeout: 120_000 };
const kLong = { timeout: 300_000 };
const kPhone = { width: 390, height: 844, colorScheme: 'dark' };

async function serverWith(t, rooms) {
  const config = path.join(tmpdir(), `parley-doors-${process.pid}-${Math.random().toString(36).slice(2)}.toml`);
  await writeFile(config, `[rooms]\n${Object.entries(rooms).map(([key, value]) => `${key} = ${value}`).join('\n')}\n`);
  return startServer({ t, args: ['--config', config, ...kOneStream] });
}

async function open(browser, url, personName) {
  const page = await openPage(browser, undefined, kPhone);
  await slowCameras(page);
  page.personName = personName;
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page;
}

const stage = (page, wanted) => shows(page, 'room', `[data-stage="${wanted}"]`);
const textOf = (page, testId) => page.$eval(by(testId), ({ innerText }) => innerText);
const inRoom = async (server, room) => {
  const { participants, audience } = await (await fetch(`${server.url}/api/rooms/${room}`)).json();
  return { stage: participants.map(({ name }) => name), audience };
};

test('a speaker\'s link leads on stage, the plain one into the audience', kLong, async (t) => {
  const server = await serverWith(t, { max_stage: 1 });
  const invite = await keepLecture(server, 'talk');
  const browser = await launchChromium({ t });

  const sue = await open(browser, (await invite('Sue')).url, 'Sue');
  await shows(sue, 'lobby-preview');
  await screenshot(sue, 'lecture-speaker-lobby');
  assert.equal(await sue.inputValue(by('lobby-name')), 'Sue', 'the link says who she is');
  await press(sue, 'lobby-join');
  await roomState(sue, 'joined', kPatience);
  await stage(sue, true);
  await tileOf(sue, 'Sue', { matches: ({ video }) => video === 'true', ...kPatience });

  const bob = await open(browser, `${server.url}/room/talk`, 'Bob');
  await shows(bob, 'lobby-audience');
  assert.equal(await bob.$(by('lobby-preview')), null);
  await goIn(bob);
  await roomState(bob, 'joined', kPatience);
  await stage(bob, false);
  await oneStreamShown(bob, kPatience);

  // There is place for one on this stage: who comes by such a link after her is told why they only watch.
  const eve = await open(browser, (await invite('Eve')).url, 'Eve');
  await press(eve, 'lobby-join');
  await roomState(eve, 'joined', kPatience);
  await stage(eve, false);
  await shows(eve, 'toast');
  assert.match(await textOf(eve, 'toast'), /stage is full/i);
  await screenshot(eve, 'lecture-stage-full');
  assert.deepEqual(await inRoom(server, 'talk'), { stage: ['Sue'], audience: 2 });
  assert.equal(await eve.evaluate(() => window.parley.media.camera.track), undefined, 'the camera of the lobby is closed');
  assertNoProblems(sue, bob, eve);
});

test('who comes to a full lecture reads so, and comes in once there is room', kLong, async (t) => {
  const server = await serverWith(t, { max_participants: 2 });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada', query: '&lecture=1', prepare: slowCameras });
  await roomState(ada, 'joined', kPatience);
  // By the lobby, and straight in; each time whoever is there makes place.
  let inside = await enterQuietly(browser, server, { name: 'Bob' });
  for (const [name, query] of [['Cleo', ''], ['Dan', '?name=Dan&join=1']]) {
    const page = await open(browser, `${server.url}/room/x${query}`, name);
    if (query === '') await goIn(page);
    await shows(page, 'left');
    assert.match(await textOf(page, 'left'), /This room is full/);
    await screenshot(page, `lecture-full-${name.toLowerCase()}`);
    await assertAccessible(page, 'a full lecture');
    await press(page, 'left-lobby');
    await until('the name to be there still', async () => (await page.inputValue(by('lobby-name'))) === name);
    await press(inside, 'control-leave');
    await shows(inside, 'left');
    await press(page, 'lobby-join');
    await roomState(page, 'joined', kPatience);
    await stage(page, false);
    assertNoProblems(inside, page);
    inside = page;
  }
  assertNoProblems(ada);
});
