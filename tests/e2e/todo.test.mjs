// The shared to-do list: in two pages, through a restart of the server, and after one was offline.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, press, roomState } from './lib/meeting.mjs';
import { addTask, by, enterQuietly, openPanel, shows, showsNo, taskRow, tasksAre } from './lib/panels.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

async function adaAndBob(t, { throughProxy = false } = {}) {
  const server = await startServer({ t });
  const proxy = await startProxy({ t, server });
  const browser = await launchChromium({ t });
  const ada = await enterQuietly(browser, server, { name: 'Ada' });
  const bob = await enterQuietly(browser, throughProxy ? proxy : server, { name: 'Bob' });
  for (const page of [ada, bob]) await openPanel(page, 'todo');
  return { server, proxy, browser, ada, bob };
}

const assigneeOf = (page, text) => taskRow(page, text).locator(by('todo-assign')).inputValue();

test('both see each change at once', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await addTask(ada, 'Coffee');
  await addTask(ada, 'Notes');
  await tasksAre(bob, ['Coffee', 'Notes']);
  await addTask(bob, 'Room');
  await tasksAre(ada, ['Coffee', 'Notes', 'Room']);

  await taskRow(bob, 'Coffee').locator(by('todo-assign')).selectOption('Ada');
  await until('Ada to have it', async () => (await assigneeOf(ada, 'Coffee')) === 'Ada');

  await taskRow(ada, 'Notes').locator(by('todo-text')).click();
  await ada.fill(by('todo-edit'), 'Minutes');
  await ada.keyboard.press('Enter');
  await tasksAre(bob, ['Coffee', 'Minutes', 'Room']);

  await taskRow(bob, 'Coffee').locator(by('todo-tick')).check();
  await tasksAre(ada, ['Minutes', 'Room', 'Coffee*']);
  await screenshot(ada, 'todo');
  assertNoProblems(ada, bob);
});

test('the order is changed by keyboard and by pointer', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  for (const text of ['One', 'Two', 'Three']) await addTask(ada, text);
  await tasksAre(bob, ['One', 'Two', 'Three']);
  await taskRow(ada, 'Three').locator(by('todo-grip')).focus();
  await ada.keyboard.press('ArrowUp');
  await tasksAre(bob, ['One', 'Three', 'Two']);
  assert.equal(await ada.evaluate(() => document.activeElement?.dataset.testid), 'todo-grip', 'the focus stays');

  const [from, to] = [await taskRow(ada, 'Two').locator(by('todo-grip')).boundingBox(), await taskRow(ada, 'One').boundingBox()];
  await ada.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await ada.mouse.down();
  await ada.mouse.move(from.x + from.width / 2, to.y + 4, { steps: 6 });
  await ada.mouse.up();
  await tasksAre(bob, ['Two', 'One', 'Three']);
});

test('a deletion can be taken back', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  for (const text of ['One', 'Two', 'Three']) await addTask(ada, text);
  await tasksAre(bob, ['One', 'Two', 'Three']);
  await taskRow(ada, 'Two').hover();
  await taskRow(ada, 'Two').locator(by('todo-remove')).click();
  await tasksAre(bob, ['One', 'Three']);
  await press(ada, 'todo-undo');
  await tasksAre(bob, ['One', 'Two', 'Three']);
});

test('what two changed while one was offline comes together', kLong, async (t) => {
  const { proxy, ada, bob } = await adaAndBob(t, { throughProxy: true });
  for (const text of ['Coffee', 'Notes']) await addTask(ada, text);
  await tasksAre(bob, ['Coffee', 'Notes']);

  proxy.cut();
  await roomState(bob, 'reconnecting');
  await shows(bob, 'todo-offline');
  await taskRow(bob, 'Coffee').locator(by('todo-tick')).check();
  await addTask(bob, 'From the train');
  await shows(bob, 'todo-item', '[data-pending]');
  await screenshot(bob, 'todo-offline');
  await taskRow(ada, 'Coffee').locator(by('todo-text')).click();
  await ada.fill(by('todo-edit'), 'Tea');
  await ada.keyboard.press('Enter');
  await tasksAre(ada, ['Tea', 'Notes']);

  proxy.mend();
  for (const page of [ada, bob]) await tasksAre(page, ['Notes', 'From the train', 'Tea*']);
  await showsNo(bob, 'todo-item', '[data-pending]');
});

test('the list outlives the server', kLong, async (t) => {
  const { server, browser, ada, bob } = await adaAndBob(t);
  await addTask(ada, 'Coffee');
  await tasksAre(bob, ['Coffee']);
  await server.restart({ signal: 'SIGKILL' });
  await Promise.all([roomState(ada, 'joined'), roomState(bob, 'joined')]);
  await addTask(bob, 'Notes');
  await tasksAre(ada, ['Coffee', 'Notes']);
  const cleo = await enterQuietly(browser, server, { name: 'Cleo' });
  await openPanel(cleo, 'todo');
  await tasksAre(cleo, ['Coffee', 'Notes']);
});
