// Accounts over the real server: a browser's cookies by hand, programs with API tokens, and the
// operator's command line while it runs.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { binary, startServer } from '../e2e/lib/server.mjs';
import { within } from '../e2e/lib/wait.mjs';

let server;
before(async () => {
  server = await startServer();
});
after(() => server.close());

const limit = { timeout: 60_000 };
const password = 'correct horse';

// A browser as far as accounts are concerned: cookies, each sent where its path says, and an Origin.
class Browser {
  jar = new Map();

  constructor(url) {
    this.url = url;
  }

  async ask(method, path, body, headers = {}) {
    const cookies = [...this.jar].filter(([, { at }]) => path.startsWith(at));
    const response = await fetch(this.url + path, {
      method,
      headers: {
        Origin: this.url,
        ...(cookies.length && { Cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join('; ') }),
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  }

  #keep(cookie) {
    const [, name, value, at] = /^(\w+)=([^;]*); Path=([^;]*);/.exec(cookie);
    if (value === '') this.jar.delete(name);
    else this.jar.set(name, { value, at });
  }

  post(path, body, headers) {
    return this.ask('POST', path, body, headers);
  }

  async user() {
    return (await this.ask('GET', '/api/auth/me')).body.user;
  }

  clone() {
    const copy = new Browser(this.url);
    copy.jar = new Map(this.jar);
    return copy;
  }
}

async function registered(name) {
  const browser = new Browser(server.url);
  const answer = await browser.post('/api/auth/register', { name, password });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return browser;
}

async function loggedIn(name, secret = password) {
  const browser = new Browser(server.url);
  assert.equal((await browser.post('/api/auth/login', { name, password: secret })).status, 200);
  return browser;
}

// Runs `parley user ...` on the data of the running server.
async function parleyUser(args, input = '') {
  const child = spawn(binary, ['user', ...args, '--data', server.dataFolder]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  child.stdin.on('error', () => {}); // It may end before it has read.
  child.stdin.end(input);
  output.code = await within(20_000, 'parley user to end', new Promise((resolve) => child.once('close', resolve)));
  return output;
}

describe('a person', () => {
  test('registers, logs in, refreshes and logs out', limit, async () => {
    const ada = await registered('ada');
    assert.deepEqual(await ada.user(), { id: (await ada.user()).id, name: 'ada', displayName: 'ada' });
    const before = ada.jar.get('parley_refresh').value;
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    assert.notEqual(ada.jar.get('parley_refresh').value, before);
    assert.equal((await ada.user()).name, 'ada');

    const kept = ada.clone();
    assert.equal((await ada.post('/api/auth/logout')).status, 204);
    assert.equal(ada.jar.size, 0);
    assert.equal(await kept.user(), null, 'a kept access token is worth nothing');
    assert.equal((await kept.post('/api/auth/refresh')).status, 401);
  });

  test('is logged out with the thief of a refresh token', limit, async () => {
    const grace = await registered('grace');
    const thief = grace.clone();
    assert.equal((await grace.post('/api/auth/refresh')).status, 200);
    assert.equal((await thief.post('/api/auth/refresh')).status, 401);
    assert.equal(await grace.user(), null);
    assert.equal((await grace.post('/api/auth/refresh')).status, 401);
  });

  test('hears the same of a wrong name and a wrong password, and is slowed down', limit, async () => {
    await registered('joan');
    const [wrongName, wrongPassword] = [new Browser(server.url), new Browser(server.url)];
    const first = await wrongName.post('/api/auth/login', { name: 'nobody', password: 'wrong horse' });
    const second = await wrongPassword.post('/api/auth/login', { name: 'joan', password: 'wrong horse' });
    assert.deepEqual([first.status, first.body], [second.status, second.body]);
    const more = await Promise.all(Array.from({ length: 12 }, () =>
      wrongPassword.post('/api/auth/login', { name: 'joan', password: 'wrong horse' })));
    const stopped = more.filter(({ status }) => status === 429);
    assert.equal(stopped.length, 3);
    assert.ok(Number(stopped[0].headers.get('retry-after')) > 0);
  });

  test('is not acted for by another site', limit, async () => {
    const mary = await registered('mary');
    for (const Origin of ['https://evil.example', 'null']) {
      const answer = await mary.post('/api/auth/logout', undefined, { Origin });
      assert.equal(answer.status, 403);
      assert.equal(answer.body.field, 'origin');
    }
    assert.equal((await mary.user()).name, 'mary');
  });
});

describe('a program', () => {
  test('makes a room and mints a way in', limit, async () => {
    const owner = await registered('owner');
    const made = await owner.post('/api/tokens', { name: 'calendar', expiresInDays: 7 });
    assert.equal(made.status, 201);
    const program = async (method, path, body) => {
      const response = await fetch(server.url + path, {
        method,
        headers: { Authorization: `Bearer ${made.body.token}`, 'Content-Type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      return { status: response.status, body: await response.json().catch(() => undefined) };
    };
    const room = await program('POST', '/api/rooms', { name: 'Board', membersOnly: true });
    assert.equal(room.status, 201);
    assert.equal(room.body.room.name, 'board');
    const minted = await program('POST', '/api/rooms/board/join-tokens', { name: 'Guest', expiresInSeconds: 60 });
    assert.equal(minted.status, 201);
    assert.equal(minted.body.url, `${server.url}/room/board#token=${minted.body.token}`);
    const claims = JSON.parse(Buffer.from(minted.body.token.split('.')[1], 'base64url'));
    assert.deepEqual([claims.aud, claims.room, claims.name, claims.role], ['parley-join', 'board', 'Guest', 'participant']);

    assert.equal((await program('POST', '/api/tokens', { name: 'more' })).status, 403);
    assert.equal((await owner.ask('DELETE', `/api/tokens/${made.body.id}`)).status, 204);
    assert.equal((await program('GET', '/api/rooms')).status, 401);
  });
});

describe('the operator', () => {
  test('makes, lists, changes and deletes accounts while the server runs', limit, async () => {
    const made = await parleyUser(['add', 'katherine', '--display-name', 'Katherine J.'], `${password}\n`);
    assert.deepEqual(made, { code: 0, stdout: 'The account katherine is made.\n', stderr: '' });
    const there = await loggedIn('katherine');
    assert.equal((await there.user()).displayName, 'Katherine J.');
    assert.match((await parleyUser(['list'])).stdout, /^katherine\tKatherine J\.$/m);

    assert.equal((await parleyUser(['password', 'katherine'], 'battery staple\n')).code, 0);
    assert.equal(await there.user(), null);
    assert.equal((await there.post('/api/auth/refresh')).status, 401);
    const again = await loggedIn('katherine', 'battery staple');
    assert.equal((await parleyUser(['delete', 'katherine'])).code, 0);
    assert.equal(await again.user(), null);
  });

  test('is told in one sentence what is wrong', limit, async () => {
    const taken = await registered('taken');
    assert.ok(taken);
    const cases = [
      [['add', 'Ada'], password, 'The name may hold only a-z 0-9 . _ -.'],
      [['add', 'dorothy'], 'short', 'The password must be at least 8 bytes long.'],
      [['add', 'dorothy'], '', 'Standard input has no password.'],
      [['add', 'taken'], password, 'There is an account taken already.'],
      [['password', 'nobody'], password, 'There is no account nobody.'],
      [['delete', 'nobody'], '', 'There is no account nobody.'],
    ];
    for (const [args, input, sentence] of cases) {
      const { code, stderr } = await parleyUser(args, input);
      assert.deepEqual([code, stderr], [1, `parley: ${sentence}\n`]);
    }
  });

  test('closes registration', limit, async (t) => {
    const { writeFile } = await import('node:fs/promises');
    const closed = await startServer({ t });
    const file = `${closed.dataFolder}/parley.toml`;
    await writeFile(file, '[auth]\nregistration = false\nguests = false\n');
    const second = await startServer({ t, args: ['--config', file] });
    const guest = new Browser(second.url);
    assert.deepEqual((await guest.ask('GET', '/api/auth/me')).body, { user: null, guests: false, registration: false });
    assert.equal((await guest.post('/api/auth/register', { name: 'ada', password })).status, 403);
  });
});
