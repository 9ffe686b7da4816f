// The chat between two pages, through a restart of the server, and with hostile words.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, press, roomState, tileOf } from './lib/meeting.mjs';
import { by, choose, enterQuietly, messages, openPanel, reads, say, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

async function adaAndBob(t) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enterQuietly(browser, server, { name: 'Ada' });
  const bob = await enterQuietly(browser, server, { name: 'Bob' });
  await tileOf(ada, 'Bob');
  return { server, browser, ada, bob };
}

// A button of one message: in sight only when that is pointed at.
async function act(page, text, button) {
  const message = page.locator(by('chat-message')).filter({ hasText: text }).first();
  await message.hover();
  await message.locator(by(button)).click();
}

test('what one writes the other reads, answers, and knows of before the chat is open', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await say(ada, 'Good morning');
  await reads(ada, 'Good morning', ({ state, own }) => state === 'sent' && own);
  await until('a badge', () => bob.evaluate(() => document.querySelector('[data-testid="badge"]')?.textContent.startsWith('1')));
  await shows(bob, 'toast');
  await openPanel(bob, 'chat');
  await reads(bob, 'Good morning', ({ own }) => !own);
  await showsNo(bob, 'badge');

  await act(bob, 'Good morning', 'chat-reply');
  await say(bob, 'See https://example.org/notes.');
  const answer = await until('the answer', async () => (await messages(ada)).find(({ whole }) => whole.includes('notes')));
  assert.match(answer.whole, /Good morning/, 'an answer shows what it answers');
  const link = await ada.locator(by('chat-text')).locator('a').first();
  assert.deepEqual(
    [await link.getAttribute('href'), await link.getAttribute('rel')],
    ['https://example.org/notes', 'noopener noreferrer nofollow'],
  );

  await act(ada, 'Good morning', 'chat-edit');
  await say(ada, 'Good evening');
  await reads(bob, 'Good evening');
  await act(ada, 'Good evening', 'chat-delete');
  await until('it to be gone', async () => (await messages(bob))[0].whole.includes('deleted'));
  await screenshot(ada, 'chat');
  assertNoProblems(ada, bob);
});

test('what is private only the two of them read', kLong, async (t) => {
  const { server, browser, ada, bob } = await adaAndBob(t);
  const cleo = await enterQuietly(browser, server, { name: 'Cleo' });
  await tileOf(ada, 'Cleo');
  await openPanel(cleo, 'chat');
  await choose(ada, 'Bob', 'person-write');
  await say(ada, 'Between us');
  await openPanel(bob, 'chat');
  await reads(bob, 'Between us', (message) => message.private);
  await ada.selectOption(by('chat-to'), '');
  await say(ada, 'To all');
  await reads(cleo, 'To all');
  assert.deepEqual((await messages(cleo)).map(({ text }) => text), ['To all']);
});

test('the chat outlives the server, and what is written meanwhile comes after', kLong, async (t) => {
  const { server, browser, ada, bob } = await adaAndBob(t);
  await say(ada, 'Before');
  await reads(ada, 'Before', ({ state }) => state === 'sent');
  await server.restart({
    signal: 'SIGKILL',
    meanwhile: async () => {
      await roomState(ada, 'reconnecting');
      await say(ada, 'Meanwhile');
      await reads(ada, 'Meanwhile', ({ state }) => state === 'pending');
    },
  });
  await Promise.all([roomState(ada, 'joined'), roomState(bob, 'joined')]);
  await openPanel(bob, 'chat');
  await reads(bob, 'Meanwhile');
  await reads(ada, 'Meanwhile', ({ state }) => state === 'sent');
  assert.deepEqual((await messages(bob)).map(({ text }) => text), ['Before', 'Meanwhile']);

  const cleo = await enterQuietly(browser, server, { name: 'Cleo' });
  await openPanel(cleo, 'chat');
  await reads(cleo, 'Before');
});

test('who reads further up stays there, and is told of what is new', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await openPanel(bob, 'chat');
  for (let i = 1; i <= 24; ++i) {
    await say(ada, `Line ${i} of a chat that is longer than the panel is high`);
    await until('it to be sent', async () => (await messages(ada)).at(-1)?.state === 'sent');
  }
  await until('the last line', async () => (await messages(bob)).length === 24);
  const scroll = (top) => bob.$eval(by('chat-log'), (log, to) => (log.scrollTop = to), top);
  await scroll(0);
  await say(ada, 'The newest');
  await shows(bob, 'chat-jump');
  assert.equal(await bob.$eval(by('chat-log'), (log) => log.scrollTop), 0);
  await press(bob, 'chat-jump');
  await showsNo(bob, 'chat-jump');
});

test('a file goes to the other when they accept it, and can be refused', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
  await openPanel(ada, 'chat');
  await ada.setInputFiles(by('chat-file'), { name: 'notes.bin', mimeType: 'text/html', buffer: bytes });
  await shows(ada, 'file', '[data-state="offered"][data-direction="out"]');
  await press(bob, 'toast-chat');
  await press(bob, 'file-accept');
  await shows(bob, 'file', '[data-state="done"]');
  await shows(ada, 'file', '[data-state="done"]');
  await screenshot(bob, 'file');
  const [download] = await Promise.all([bob.waitForEvent('download'), press(bob, 'file-save')]);
  assert.equal(download.suggestedFilename(), 'notes.bin');
  assert.deepEqual(await readFile(await download.path()), bytes);

  await press(bob, 'file-clear');
  await ada.setInputFiles(by('chat-file'), { name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await shows(bob, 'file', '[data-state="offered"]');
  await press(bob, 'file-cancel');
  await shows(ada, 'file', '[data-state="declined"]');
  assertNoProblems(ada, bob);
});

test('hostile words in names, chat and tasks are words', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const evil = '<img src=x onerror="hacked=1"><script>hacked=1</script>';
  const ada = await enterQuietly(browser, server, { name: evil });
  const bob = await enterQuietly(browser, server, { name: 'Bob' });
  await tileOf(bob, evil);
  await say(ada, `${evil} javascript:hacked=1 https://a.example/"onmouseover="hacked=1`);
  await openPanel(bob, 'chat');
  await until('the words', async () => (await messages(bob))[0]?.whole.includes('<script>'));
  await ada.evaluate((text) => window.parley.todo.add(text), evil);
  await openPanel(bob, 'todo');
  await until('the task', () => bob.evaluate(() => document.querySelector('[data-testid="todo-item"]')?.textContent.includes('<script>')));
  await openPanel(bob, 'people');
  await shows(bob, 'person');
  for (const page of [ada, bob]) {
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    const made = await page.evaluate(() => document.querySelectorAll('#root img, #root script').length);
    assert.equal(made, 0, 'words became elements');
  }
  assertNoProblems(ada, bob);
});
