// What hosts can do: who comes in, who is heard and seen, and who goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, roomState, tileIsGone, tileOf } from './lib/meeting.mjs';
import { by, choose, closeMenus, goIn, knock, openPanel, setRoom, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

async function adaHosts(t) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada' });
  await roomState(ada, 'joined');
  return { server, browser, ada };
}

async function adaAndBob(t) {
  const meeting = await adaHosts(t);
  const bob = await enter(meeting.browser, meeting.server, { name: 'Bob' });
  await Promise.all([connected(meeting.ada, 1), connected(bob, 1)]);
  return { ...meeting, bob };
}

const readsTitle = (page, text) =>
  until(`${page.personName} to read "${text}"`, () =>
    page.evaluate((wanted) => document.querySelector('[data-testid="left"] h1')?.textContent === wanted, text),
  );

test('who knocks at the waiting room is admitted or refused', kLong, async (t) => {
  const { server, browser, ada } = await adaHosts(t);
  await setRoom(ada, 'setting-waiting-room', true);
  await press(ada, 'panel-close');

  const bob = await knock(browser, server, { name: 'Bob' });
  await shows(bob, 'waiting', '[data-state="waiting"]');
  await shows(ada, 'knock-admit');
  await screenshot(bob, 'waiting');
  await screenshot(ada, 'knock');
  await press(ada, 'knock-admit');
  await roomState(bob, 'joined');
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  await picturesArrive(bob, 5);
  await showsNo(ada, 'knock-admit');

  await openPanel(ada, 'people');
  const cleo = await knock(browser, server, { name: 'Cleo' });
  await shows(cleo, 'waiting', '[data-state="waiting"]');
  await shows(ada, 'waiting-person', '[data-name="Cleo"]');
  await screenshot(ada, 'door');
  await press(ada, 'refuse');
  await readsTitle(cleo, 'You were not let in');
  await screenshot(cleo, 'left-refused');
  await showsNo(ada, 'door');
  assertNoProblems(ada, bob, cleo);
});

test('several who wait are admitted at once, and one of them has gone again', kLong, async (t) => {
  const { server, browser, ada } = await adaHosts(t);
  await setRoom(ada, 'setting-waiting-room', true);
  const [bob, cleo, dan] = [
    await knock(browser, server, { name: 'Bob' }),
    await knock(browser, server, { name: 'Cleo' }),
    await knock(browser, server, { name: 'Dan' }),
  ];
  for (const name of ['Bob', 'Cleo', 'Dan']) await shows(ada, 'waiting-person', `[data-name="${name}"]`);
  await press(dan, 'waiting-cancel');
  await shows(dan, 'lobby-join');
  await showsNo(ada, 'waiting-person', '[data-name="Dan"]');
  await press(ada, 'admit-all');
  await Promise.all([roomState(bob, 'joined'), roomState(cleo, 'joined')]);
  await showsNo(ada, 'door');
});

test('nobody new comes into a locked meeting', kLong, async (t) => {
  const { server, browser, ada } = await adaHosts(t);
  await setRoom(ada, 'setting-locked', true);
  await shows(ada, 'locked');

  const bob = await knock(browser, server, { name: 'Bob' });
  await readsTitle(bob, 'This meeting is locked');
  await screenshot(bob, 'left-locked');
  await setRoom(ada, 'setting-locked', false);
  await press(bob, 'left-lobby');
  await goIn(bob);
  await roomState(bob, 'joined');
});

test('who was removed comes back only by knocking', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await choose(ada, 'Bob', 'person-remove');
  await screenshot(ada, 'remove');
  await press(ada, 'confirm');
  await readsTitle(bob, 'You were removed from the meeting');
  await screenshot(bob, 'left-removed');
  await tileIsGone(ada, 'Bob');

  await press(bob, 'left-lobby');
  await goIn(bob);
  await shows(bob, 'waiting', '[data-state="waiting"]');
  await press(ada, 'admit');
  await roomState(bob, 'joined');
  await tileOf(ada, 'Bob');
});

test('a host mutes someone, and asks them to speak again', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await choose(ada, 'Bob', 'person-mute');
  await tileOf(ada, 'Bob', { matches: ({ muted }) => muted === 'true' });
  await tileOf(bob, 'Bob', { matches: ({ muted }) => muted === 'true' });
  await shows(bob, 'toast');

  await choose(ada, 'Bob', 'person-askMicrophone');
  await shows(bob, 'asked-yes');
  await screenshot(bob, 'asked');
  await press(bob, 'asked-yes');
  await tileOf(ada, 'Bob', { matches: ({ muted }) => muted === 'false' });

  await press(ada, 'mute-all');
  await tileOf(ada, 'Bob', { matches: ({ muted }) => muted === 'true' });
  await tileOf(ada, 'Ada', { matches: ({ muted }) => muted === 'false' });
});

test('what is forbidden while it is being sent is seen no more', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await tileOf(ada, 'Bob', { matches: ({ video }) => video === 'true' });
  await setRoom(ada, 'setting-chat', false);
  await openPanel(bob, 'chat');
  await shows(bob, 'chat-off');
  await setRoom(ada, 'setting-chat', true);
  await shows(bob, 'chat-input');

  await choose(ada, 'Bob', 'permit-camera');
  await closeMenus(ada);
  await tileOf(ada, 'Bob', { matches: ({ video }) => video === 'false' });
  await shows(bob, 'control-camera', '[aria-disabled="true"]');
  await choose(ada, 'Bob', 'permit-camera');
  await closeMenus(ada);
  await showsNo(bob, 'control-camera', '[aria-disabled="true"]');
  await press(bob, 'control-camera');
  await tileOf(ada, 'Bob', { matches: ({ video }) => video === 'true' });
});

test('a co-host lets people in and ends the meeting for all', kLong, async (t) => {
  const { server, browser, ada, bob } = await adaAndBob(t);
  await choose(ada, 'Bob', 'person-cohost');
  await openPanel(bob, 'people');
  await shows(bob, 'person', '[data-name="Bob"][data-role="cohost"]');
  await setRoom(bob, 'setting-waiting-room', true);
  const cleo = await knock(browser, server, { name: 'Cleo' });
  await shows(bob, 'waiting-person', '[data-name="Cleo"]');
  await press(bob, 'admit');
  await roomState(cleo, 'joined');
  await openPanel(cleo, 'people');
  assert.equal(await cleo.$(by('mute-all')), null, 'a participant has no tools of hosts');

  await press(bob, 'end-for-all');
  await press(bob, 'confirm');
  for (const page of [ada, bob, cleo]) await readsTitle(page, 'The meeting has ended');
  await screenshot(ada, 'left-ended');
});

test('the meeting is handed over', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await choose(ada, 'Bob', 'person-handOver');
  await press(ada, 'confirm');
  await openPanel(bob, 'people');
  await shows(bob, 'person', '[data-name="Bob"][data-role="owner"]');
  await shows(bob, 'person', '[data-name="Ada"][data-role="cohost"]');
});
