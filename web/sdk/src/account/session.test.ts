import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeStorage } from '../testing/fake_storage';
import { ApiError } from './problem';
import { kAccessLife, Session } from './session';

const kAda = { id: 7, name: 'ada', displayName: 'Ada' };
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | Error;

let storage: FakeStorage;
let requests: { method: string; path: string; body: unknown; keepalive: boolean | undefined }[];
let answers: Record<string, Answer>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  storage = new FakeStorage();
  requests = [];
  answers = {};
  vi.stubGlobal('fetch', (path: string, { method, body, keepalive }: RequestInit) => {
    requests.push({
      method: method ?? '',
      path,
      body: body === undefined ? undefined : JSON.parse(body as string),
      keepalive,
    });
    const answer = answers[path] ?? { status: 404 };
    if (answer instanceof Error) return Promise.reject(answer);
    const { status = 200, headers = {} } = answer;
    return Promise.resolve(
      new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status, headers }),
    );
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const session = () => new Session('', storage);
const paths = () => requests.map(({ method, path }) => `${method} ${path}`);

describe('Session', () => {
  it('logs in and out, and tells', async () => {
    answers['/api/auth/login'] = { body: { user: kAda } };
    answers['/api/auth/logout'] = { status: 204 };
    const account = session();
    const heard: (string | undefined)[] = [];
    account.on('change', (user) => heard.push(user?.name));
    await account.login('ada', 'correct horse');
    expect([account.user, account.remembered, account.mustRefresh]).toEqual([kAda, true, false]);
    await account.logout();
    expect([account.user, account.remembered, heard]).toEqual([undefined, false, ['ada', undefined]]);
    expect(requests[0]?.body).toEqual({ name: 'ada', password: 'correct horse' });
  });

  it('asks nothing of the server for a guest who comes to a meeting', async () => {
    await session().beforeConnecting();
    expect(requests).toEqual([]);
  });

  it('renews what has run out before it connects, and only then', async () => {
    answers['/api/auth/login'] = answers['/api/auth/refresh'] = { body: { user: kAda } };
    const account = session();
    await account.login('ada', 'correct horse');
    await account.beforeConnecting();
    expect(paths()).toEqual(['POST /api/auth/login']);
    vi.setSystemTime(Date.now() + kAccessLife + 1);
    await Promise.all([account.beforeConnecting(), account.beforeConnecting()]);
    expect(paths()).toEqual(['POST /api/auth/login', 'POST /api/auth/refresh']);
    expect(requests[1]?.keepalive).toBe(true);
  });

  it('takes turns with other tabs, and does not renew what one of them just did', async () => {
    answers['/api/auth/login'] = answers['/api/auth/refresh'] = { body: { user: kAda } };
    const tabs = [session(), session()];
    let turn: Promise<unknown> = Promise.resolve();
    const request = (_name: string, action: () => Promise<void>) => (turn = turn.then(action));
    vi.stubGlobal('navigator', { locks: { request } });
    await tabs[0]?.login('ada', 'correct horse');
    vi.setSystemTime(Date.now() + kAccessLife + 1);
    await Promise.all(tabs.map((tab) => tab.beforeConnecting()));
    expect(paths().filter((path) => path.endsWith('refresh'))).toHaveLength(1);
  });

  it('knows after a refusal that one has to log in again, and never keeps a meeting from being joined', async () => {
    storage.setItem('parley.signed-in', '1');
    answers['/api/auth/refresh'] = { status: 401, body: { title: 'Unauthorized', status: 401 } };
    const account = session();
    await account.beforeConnecting();
    expect(account.remembered).toBe(false);
  });

  it('stays logged in when the network is away', async () => {
    storage.setItem('parley.signed-in', '1');
    answers['/api/auth/refresh'] = new TypeError('Failed to fetch');
    const account = session();
    await account.beforeConnecting();
    expect(account.remembered).toBe(true);
    await expect(account.refresh()).rejects.toMatchObject({ status: 0, message: 'Failed to fetch' });
  });

  it('loads who is logged in and what the server offers', async () => {
    answers['/api/auth/me'] = { body: { user: null, guests: true, registration: false } };
    expect(await session().load()).toEqual({ guests: true, registration: false });
    expect(paths()).toEqual(['GET /api/auth/me']);
  });

  it('gives problems their status, field, sentence and time to wait', async () => {
    answers['/api/auth/register'] = {
      status: 400,
      body: { title: 'Bad Request', detail: 'must be at least 8 bytes', field: 'password' },
    };
    const refused = session().register('ada', 'short');
    await expect(refused).rejects.toBeInstanceOf(ApiError);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      field: 'password',
      message: 'must be at least 8 bytes',
    });
    answers['/api/auth/login'] = { status: 429, headers: { 'Retry-After': '30' } };
    await expect(session().login('ada', 'x')).rejects.toMatchObject({ status: 429, retryAfter: 30 });
    answers['/api/rooms'] = { status: 502, body: 'not a problem' };
    await expect(session().request('GET', '/api/rooms')).rejects.toMatchObject({
      status: 502,
      message: 'The server answered 502.',
    });
  });

  it('refuses an answer that is not what was promised', async () => {
    answers['/api/auth/login'] = { body: { user: { id: 'seven' } } };
    await expect(session().login('ada', 'x')).rejects.toThrow('user.id');
  });

  it('works where storage is forbidden', async () => {
    storage.broken = true;
    answers['/api/auth/login'] = { body: { user: kAda } };
    const account = session();
    await account.login('ada', 'correct horse');
    expect(account.user).toEqual(kAda);
  });
});
