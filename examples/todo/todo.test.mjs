// The to-do example: its routes, its push, and its page in Chromium.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage, screenshot } from '../../tests/e2e/lib/browsers.mjs';
import { until } from '../../tests/e2e/lib/wait.mjs';
import { start } from '../../tests/interop/lib/program.mjs';

let server;
before(async () => {
  server = await start('examples/todo', '--port', '0');
});
after(() => server.stop());

const headers = { 'Content-Type': 'application/json' };
const post = (path, body) => fetch(server.url + path,
  { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const todos = async () => (await fetch(`${server.url}/todos`)).json();

test('to-dos are added, ticked off and listed', async () => {
  assert.equal((await post('/todos', { text: 'buy milk' })).status, 204);
  const [{ id, text, done, changedAt }] = await todos();
  assert.deepEqual({ text, done }, { text: 'buy milk', done: false });
  assert.ok(Math.abs(Date.now() - changedAt) < 5_000);
  assert.equal((await post(`/todos/${id}`, { done: true })).status, 204);
  assert.equal((await todos())[0].done, true);
});

test('mistakes are explained', async () => {
  for (const [path, body, status, field] of [
    ['/todos', 'no JSON', 400], ['/todos', {}, 400, 'text'], ['/todos', { text: '' }, 400, 'text'],
    ['/todos/1', { done: 'yes' }, 400, 'done'], ['/todos/999', { done: true }, 404],
  ]) {
    const response = await post(path, body);
    assert.equal(response.status, status, path);
    assert.equal((await response.json()).field, field, path);
  }
});

test('push shows a change at once and by one request, polling later and by more',
  { skip: !haveChromium && 'no Chromium' }, async (t) => {
    const browser = await launchChromium({ t });
    const [page, other] = [await openPage(browser, server.url), await openPage(browser, server.url)];
    const read = () => page.evaluate(() => Object.fromEntries(['polling', 'push'].map((id) => {
      const side = document.getElementById(id);
      const number = (name) => parseInt(side.querySelector(`.${name}`).textContent, 10);
      const items = [...side.querySelectorAll('li')].map((item) => item.textContent);
      return [id, { items, requests: number('requests'), delay: number('last') }];
    })));
    await until('both lists', async () => Object.values(await read()).every(({ items }) => items.length));
    await other.fill('input[name=text]', 'call Ada');
    await other.press('input[name=text]', 'Enter');
    await until('the push', async () => (await read()).push.items.includes('call Ada'));
    await until('the poll', async () => (await read()).polling.items.includes('call Ada'));
    const { push, polling } = await read();
    assert.equal(push.requests, 1);
    assert.ok(polling.requests > 1);
    assert.ok(push.delay < 1_000, `push took ${push.delay} ms`);
    await screenshot(page, 'example-todo');
    assert.deepEqual(page.problems, []);
  });
