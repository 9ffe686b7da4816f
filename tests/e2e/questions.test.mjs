// Questions: asked by one, let through by a host, voted on by another; they outlive a page and the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './lib/axe.mjs';
import { launchChromium, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, press, roomState } from './lib/meeting.mjs';
import { by, enterQuietly, openPanel, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

async function hall(t, options = {}) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enterQuietly(browser, server, { name: 'Ada' }); // The host.
  const bob = await enterQuietly(browser, server, { name: 'Bob', ...options });
  const cleo = await enterQuietly(browser, server, { name: 'Cleo' });
  // Where nobody has asked anything, and no lecture is held, there is no panel.
  assert.equal(await ada.locator(by('control-questions')).count(), 0);
  await ask(ada, 'Shall we begin with questions?');
  return { server, browser, ada, bob, cleo };
}

const ask = (page, text) => page.evaluate((asked) => window.parley.questions.ask(asked), text);
const row = (page, text) => page.locator(by('question')).filter({ hasText: text });

async function write(page, text) {
  await openPanel(page, 'questions');
  await page.fill(by('question-input'), text);
  await page.keyboard.press('Enter');
}

// What the panel lists: "text votes", with `*` for an own vote.
function listed(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="question"]')].map((question) => {
      const vote = question.querySelector('[data-testid="question-vote"]');
      const text = question.querySelector('[data-testid="question-text"]').textContent;
      return vote ? `${text} ${vote.textContent}${vote.ariaPressed === 'true' ? '*' : ''}` : text;
    }),
  );
}

const lists = (page, wanted) =>
  until(`${page.personName} to see ${wanted}`, async () => {
    const now = await listed(page);
    if (JSON.stringify(now) === JSON.stringify(wanted)) return true;
    throw new Error(`it is ${JSON.stringify(now)}`);
  });

const kFirst = 'Shall we begin with questions?';

test('one asks, a host lets it through, another votes, and it is answered', kLong, async (t) => {
  const { server, browser, ada, bob, cleo } = await hall(t);
  await write(bob, 'Will there be a recording?');
  await shows(bob, 'question-state');
  await lists(bob, ['Will there be a recording?', `${kFirst} 0`]);
  await openPanel(cleo, 'questions');
  await lists(cleo, [`${kFirst} 0`]);

  await until('the host to be told', () =>
    ada.evaluate(() => document.querySelector('[data-testid="badge"]')?.textContent.startsWith('1')),
  );
  await openPanel(ada, 'questions'); // At what waits.
  await lists(ada, ['Will there be a recording?']);
  await screenshot(ada, 'questions-host');
  await ada.locator(by('question-approve')).focus();
  await ada.keyboard.press('Enter');
  await showsNo(ada, 'badge');
  await press(ada, 'questions-open');

  await row(cleo, 'recording').locator(by('question-vote')).click();
  await cleo.mouse.move(0, 0);
  await lists(cleo, ['Will there be a recording? 1*', `${kFirst} 0`]);
  await lists(bob, ['Will there be a recording? 1', `${kFirst} 0`]);
  await showsNo(bob, 'question-state');
  await screenshot(cleo, 'questions');
  await assertAccessible(ada, 'a host');
  await assertAccessible(bob, 'its author');

  await server.restart({ signal: 'SIGKILL' });
  await Promise.all([ada, bob, cleo].map((page) => roomState(page, 'joined')));
  await lists(cleo, ['Will there be a recording? 1*', `${kFirst} 0`]);
  await row(ada, 'recording').locator(by('question-answered')).click();
  await lists(cleo, [`${kFirst} 0`]);
  await press(cleo, 'questions-answered');
  await lists(cleo, ['Will there be a recording?']);

  await bob.reload({ waitUntil: 'domcontentloaded' });
  await roomState(bob, 'joined', { timeout: 60_000 });
  await openPanel(bob, 'questions');
  await lists(bob, [`${kFirst} 0`]);
  await press(bob, 'questions-answered');
  await lists(bob, ['Will there be a recording?']);
  const dora = await enterQuietly(browser, server, { name: 'Dora' });
  await openPanel(dora, 'questions');
  await lists(dora, [`${kFirst} 0`]);
  assertNoProblems(dora);
});

test('hosts put aside and delete, authors take back, and others see no trace', kLong, async (t) => {
  const { ada, bob, cleo } = await hall(t);
  for (const page of [ada, bob, cleo]) await openPanel(page, 'questions');
  await write(bob, 'Off the subject?');
  await write(bob, 'A slip of the pen');
  await lists(bob, ['Off the subject?', 'A slip of the pen', `${kFirst} 0`]);
  await row(bob, 'slip').locator(by('question-delete')).click();
  await press(bob, 'confirm');
  await lists(bob, ['Off the subject?', `${kFirst} 0`]);
  await press(ada, 'questions-waiting');
  await lists(ada, ['Off the subject?']);
  await press(ada, 'question-dismiss');
  await lists(ada, []);
  await lists(bob, [`${kFirst} 0`]);
  await press(bob, 'questions-answered');
  await lists(bob, ['Off the subject?']);
  await press(ada, 'questions-open');
  await row(ada, 'begin').locator(by('question-delete')).click();
  await press(ada, 'confirm');
  await lists(cleo, []);
  await showsNo(cleo, 'question');
  assertNoProblems(ada, bob, cleo);
});

test('on a phone and by night it is all there', kLong, async (t) => {
  const phone = { width: 390, height: 844, hasTouch: true, isMobile: true, colorScheme: 'dark' };
  const { ada, bob, cleo } = await hall(t, phone);
  await ask(bob, 'What does a thousand people in one room cost, and who pays for the line?');
  await ask(cleo, 'How long?');
  await until('the host to have both', () => ada.evaluate(() => window.parley.questions.waiting === 2));
  await ada.evaluate(() => Promise.all([2, 3].map((id) => window.parley.questions.judge(id, 'open'))));
  await press(bob, 'control-more');
  await press(bob, 'more-questions');
  await row(bob, 'How long?').locator(by('question-vote')).click();
  await until('the vote to be counted', () => ada.evaluate(() => window.parley.questions.all.some(({ votes }) => votes === 1)));
  await ask(bob, 'And who watches the chat?');
  await shows(bob, 'question-state');
  await screenshot(bob, 'questions-phone');
  await assertAccessible(bob, 'on a phone, in dark');
  assertNoProblems(ada, bob, cleo);
});
