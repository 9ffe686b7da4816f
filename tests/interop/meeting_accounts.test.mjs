// Rooms that an account keeps: who owns them, who their members are, and who comes in by a token.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';

import { startServer } from '../e2e/lib/server.mjs';
import { connect } from './lib/signalling.mjs';

const limit = { timeout: 60_000 };
let server;
before(async () => {
  server = await startServer();
});
after(() => server.close());

// Somebody who is logged in.
class Account {
  static async register(name) {
    const account = new Account();
    account.name = name;
    const response = await account.post('/api/auth/register', { name, password: 'correct horse' });
    assert.equal(response.status, 201);
    const access = response.headers.getSetCookie().find((cookie) => cookie.startsWith('parley_access='));
    account.cookie = access.slice(0, access.indexOf(';'));
    return account;
  }

  ask(method, path, body) {
    return fetch(server.url + path, {
      method,
      headers: {
        Origin: server.url, 'Content-Type': 'application/json',
        ...(this.cookie && { Cookie: this.cookie }),
      },
      body: body && JSON.stringify(body),
    });
  }

  post(path, body) {
    return this.ask('POST', path, body);
  }

  async connect(t) {
    const client = await connect(server.url, { Cookie: this.cookie });
    t.after(() => client.close());
    return client;
  }
}

async function guest(t) {
  const client = await connect(server.url);
  t.after(() => client.close());
  return client;
}

test('a kept room: its owner, its members, and nobody else', limit, async (t) => {
  const [ada, bob, cy] = await Promise.all(['ada', 'bob', 'cyd'].map((name) => Account.register(name)));
  assert.equal((await ada.post('/api/rooms', { name: 'kept', membersOnly: true })).status, 201);
  assert.equal((await ada.ask('PUT', '/api/rooms/kept/members/bob', { role: 'cohost' })).status, 200);

  assert.equal((await (await guest(t)).join('kept', 'Eve')).error.code, 'members-only');
  assert.equal((await (await cy.connect(t)).join('kept', 'Cy')).error.code, 'members-only');
  const cohost = await bob.connect(t);
  const welcome = await cohost.join('kept', 'Bob');
  assert.deepEqual([welcome.role, welcome.kept, welcome.account], ['cohost', true, 'bob']);
  const owner = await ada.connect(t);
  assert.equal((await owner.join('kept', 'Ada')).role, 'owner');
  assert.equal((await cohost.hear('joined')).participant.account, true);

  // What is changed over the HTTP API is heard in the room.
  assert.equal((await ada.ask('PATCH', '/api/rooms/kept', { membersOnly: false, waitingRoom: true })).status, 200);
  const settings = await cohost.hear('settings');
  assert.deepEqual([settings.waitingRoom, settings.by], [true, null]);
  const stranger = await guest(t);
  assert.equal((await stranger.join('kept', 'Eve')).waiting, true);
  assert.equal((await cohost.hear('waiting')).people[0].name, 'Eve');

  // Handed over, which is stored: the cohost may delete the room now.
  assert.deepEqual(await owner.ask('role', { sid: welcome.sid, role: 'owner' }), { ok: true });
  assert.equal((await ada.ask('DELETE', '/api/rooms/kept')).status, 403);
  assert.equal((await bob.ask('DELETE', '/api/rooms/kept')).status, 204);
  assert.deepEqual(await owner.hearNext('ended'), { by: null });
  assert.deepEqual(await stranger.hearNext('refused'), { reason: 'ended' });
});

test('a join token lets in past everything, as it says', limit, async (t) => {
  const dan = await Account.register('dan');
  assert.equal((await dan.post('/api/rooms', { name: 'invited', locked: true })).status, 201);
  const permissions = { microphone: true, camera: true, screen: false, chat: false, todo: true };
  const response = await dan.post('/api/rooms/invited/join-tokens',
    { name: 'Finn', permissions, expiresInSeconds: 60 });
  assert.equal(response.status, 201);
  const { token } = await response.json();
  const invited = await guest(t);
  assert.equal((await invited.join('invited', 'Mallory')).error.code, 'locked');
  assert.equal((await invited.join('invited', 'Mallory', { token: `${token}x` })).error.code, 'bad-token');
  assert.equal((await invited.join('elsewhere', 'Mallory', { token })).error.code, 'bad-token');
  const welcome = await invited.join('invited', 'Mallory', { token });
  assert.equal(welcome.name, 'Finn');
  assert.deepEqual(welcome.permissions, permissions);
  assert.equal((await invited.ask('chat', { key: 'k', text: 'x' })).error.code, 'forbidden');
});
