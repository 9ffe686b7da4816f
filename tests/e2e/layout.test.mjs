// What a meeting looks like and how it is worked: layouts, hands, reactions, panels, the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, enter, press, roomState, tileOf, tiles } from './lib/meeting.mjs';
import { by, openPanel, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 300_000 };

async function meetingOf(t, names) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const pages = [];
  for (const [index, name] of names.entries()) {
    pages.push(await enter(browser, server, { name }));
    await roomState(pages[index], 'joined');
  }
  await tileOf(pages[0], names.at(-1));
  return { server, browser, pages };
}

// The tile that is in front, by name; undefined in the grid.
const inFront = (page) =>
  page.evaluate(() => {
    const stage = document.querySelector('[data-testid="stage"][data-layout="front"]');
    return stage?.querySelector('[data-testid="tile"]')?.dataset.name;
  });

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid);

test('pinning and the speaker’s view put one in front', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob', 'Cleo']);
  const [ada] = pages;
  assert.equal(await inFront(ada), undefined);
  const pin = ada.locator(`${by('tile')}[data-name="Cleo"] ${by('tile-pin')}`);
  await pin.focus();
  await ada.keyboard.press('Enter');
  await until('Cleo in front', async () => (await inFront(ada)) === 'Cleo');
  assert.equal((await tiles(ada)).length, 3);
  await pin.click();
  await until('the grid again', async () => (await inFront(ada)) === undefined);

  await press(ada, 'control-more');
  await press(ada, 'more-speaker');
  await until('somebody else in front', async () => ['Bob', 'Cleo'].includes(await inFront(ada)));
  await screenshot(ada, 'speaker-view');
  await press(ada, 'control-more');
  await press(ada, 'more-speaker');
  await press(ada, 'control-more');
  await press(ada, 'more-self');
  await until('only the others', async () => (await tiles(ada)).every(({ self }) => self === 'false'));
  await tileOf(pages[1], 'Ada'); // Who sees themselves or not is nobody else's concern.
  assertNoProblems(...pages);
});

test('panels open, close and give the focus back', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada] = pages;
  await ada.focus(by('control-chat'));
  await ada.keyboard.press('Enter');
  await until('the focus in the field', async () => (await focused(ada)) === 'chat-input');
  await ada.keyboard.press('Escape');
  await showsNo(ada, 'panel');
  assert.equal(await focused(ada), 'control-chat');

  await ada.keyboard.press('Control+Alt+p');
  await until('the focus on the tab', async () => (await focused(ada)) === 'tab-people');
  await ada.keyboard.press('ArrowRight');
  await shows(ada, 'chat-panel');
  await ada.focus(by('tab-chat'));
  await ada.keyboard.press('ArrowRight');
  await shows(ada, 'todo-panel');
  await ada.keyboard.press('Control+Alt+t');
  await showsNo(ada, 'panel');
});

test('the space bar opens a muted microphone while it is held', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada, bob] = pages;
  await ada.keyboard.press('Control+d');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'true' });
  await ada.evaluate(() => document.activeElement?.blur());
  await ada.keyboard.down('Space');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'false' });
  await ada.keyboard.up('Space');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'true' });

  await openPanel(ada, 'chat');
  await ada.keyboard.type('two words');
  assert.equal(await ada.inputValue(by('chat-input')), 'two words');
  assert.equal((await tileOf(bob, 'Ada')).muted, 'true');
});

test('who speaks while muted is told, and one press mends it', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada, bob] = pages;
  await press(ada, 'control-mic'); // The fake microphone goes on beeping.
  await shows(ada, 'muted-hint');
  await screenshot(ada, 'muted-hint');
  await press(ada, 'muted-hint-unmute');
  await showsNo(ada, 'muted-hint');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'false' });
});
