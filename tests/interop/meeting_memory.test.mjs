// What the server keeps: chat, the to-do list, roles and settings, over a restart and a kill -9.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { startServer } from '../e2e/lib/server.mjs';
import { connect } from './lib/signalling.mjs';

async function start(t) {
  const server = await startServer({ t });
  const open = async () => {
    const client = await connect(server.url);
    t.after(() => client.close());
    return client;
  };
  return { server, open };
}

const texts = ({ messages }) => messages.map(({ text }) => text);

test('chat: history, private messages, replies, edits and deletions', async (t) => {
  const { server, open } = await start(t);
  const [ada, bob, cy] = [await open(), await open(), await open()];
  const { sid: a, resume } = await ada.join('chat', 'Ada');
  const { sid: b, resume: bobResume } = await bob.join('chat', 'Bob');
  await cy.join('chat', '<b>Cy</b>');

  const hostile = '<script>alert("x")</script> & \'"\n🎉';
  const { message: first } = await ada.ask('chat', { key: 'k1', text: hostile });
  assert.equal(first.text, hostile);
  assert.deepEqual((await bob.hearNext('chat')).message, first);
  assert.deepEqual(await ada.ask('chat', { key: 'k1', text: hostile }), { ok: true, message: first });

  const { message: reply } = await bob.ask('chat', { key: 'k1', text: 'Yes', replyTo: first.id });
  assert.ok(reply.id > first.id);
  assert.equal((await ada.hearNext('chat')).message.replyTo, first.id);

  const { message: secret } = await ada.ask('chat', { key: 'k2', text: 'psst', to: b });
  assert.deepEqual(secret.to, { sid: b, name: 'Bob' });
  assert.deepEqual((await bob.hearNext('chat')).message, secret);
  assert.deepEqual(texts(await cy.ask('chatHistory')), [hostile, 'Yes']);

  const { message: edited } = await bob.ask('chatEdit', { id: reply.id, text: 'No' });
  assert.ok(edited.edited >= edited.at);
  assert.equal((await ada.hearNext('chatChanged')).message.text, 'No');
  assert.equal((await cy.ask('chatEdit', { id: reply.id, text: 'x' })).error.code, 'forbidden');
  assert.equal((await cy.ask('chatDelete', { id: secret.id })).error.code, 'no-such-message');
  assert.equal((await ada.ask('chatDelete', { id: reply.id })).message.deleted, true);
  assert.equal((await cy.hearNext('chatChanged')).message.text, 'No');
  assert.equal((await cy.hearNext('chatChanged')).message.deleted, true);

  await server.restart({ signal: 'SIGKILL' });
  const [again, back, late] = [await open(), await open(), await open()];
  assert.equal((await again.join('chat', 'Ada', { resume })).sid, a);
  await back.join('chat', 'Bob', { resume: bobResume });
  await late.join('chat', 'Late');
  assert.deepEqual(texts(await late.ask('chatHistory')), [hostile, '']);
  assert.deepEqual(texts(await back.ask('chatHistory')), [hostile, '', 'psst']);
  const page = await again.ask('chatHistory', { limit: 1 });
  assert.deepEqual([texts(page), page.more], [['psst'], true]);
  assert.deepEqual(await again.ask('chat', { key: 'k1', text: hostile }), { ok: true, message: first });
});

test('the to-do list merges field by field, and outlives a restart', async (t) => {
  const { server, open } = await start(t);
  const [ada, bob] = [await open(), await open()];
  const { resume } = await ada.join('todo', 'Ada');
  await bob.join('todo', 'Bob');
  const { items: [item] } = await ada.ask('todo',
    { changes: [{ item: 'tea-00000001', age: 60_000, text: 'Tea', position: 'V' }] });
  assert.deepEqual((await bob.hearNext('todo')).items, [item]);
  await ada.ask('todo', { changes: [{ item: item.id, age: 0, text: 'Green tea' }] });
  const { items: [merged] } = await bob.ask('todo',
    { changes: [{ item: item.id, age: 30_000, text: 'Black tea', done: true, assignee: 'Ada' }] });
  assert.deepEqual(merged, { ...item, text: 'Green tea', done: true, assignee: 'Ada' });
  assert.equal((await bob.ask('todo', { changes: [{ item: 'unknown-item', age: 0, done: true }] }))
    .error.field, 'changes[0].text');

  await server.restart();
  const again = await open();
  await again.join('todo', 'Ada', { resume });
  assert.deepEqual(await again.ask('todoList'), { ok: true, items: [merged] });
  await again.ask('todo', { changes: [{ item: item.id, age: 0, removed: true }] });
  assert.deepEqual(await again.ask('todoList'), { ok: true, items: [] });
  await again.ask('todo', { changes: [{ item: item.id, age: 0, text: 'Tea again' }] });
  assert.deepEqual(await again.ask('todoList'), { ok: true, items: [] });
});

test('a locked meeting of guests goes on after a restart, under the same hosts', async (t) => {
  const { server, open } = await start(t);
  const [ada, bob] = [await open(), await open()];
  const first = await ada.join('roles', 'Ada');
  const { sid: b } = await bob.join('roles', 'Bob');
  await ada.ask('role', { sid: b, role: 'cohost' });
  const { resume: bobResume } = await bob.hearNext('resume');
  await ada.ask('settings', { locked: true });

  await server.restart({ signal: 'SIGKILL' });
  const [back, stranger, again] = [await open(), await open(), await open()];
  assert.equal((await stranger.join('roles', 'Eve')).error.code, 'locked');
  const cohost = await back.join('roles', 'Bob', { resume: bobResume });
  assert.equal(cohost.role, 'cohost');
  assert.equal(cohost.settings.locked, true);
  const owner = await again.join('roles', 'Ada', { resume: first.resume });
  assert.equal(owner.role, 'owner');
  assert.equal(owner.startedAt, first.startedAt); // It is the same meeting.
});
