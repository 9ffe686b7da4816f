// The account's pages, from making one to deleting it, in two browsers and with a program's token.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { press, roomState } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 300_000 };
const kPassword = 'correct horse battery';
const field = (name) => `[data-testid="${name}"]`;

const stateIs = (page, wanted) => page.waitForSelector(`${field('account')}[data-state="${wanted}"]`, { timeout: 30_000 });
const toastSays = (page, text) =>
  until(`a toast about ${text}`, () =>
    page.evaluate((wanted) => [...document.querySelectorAll('[data-testid="toast"]')].some((one) => new RegExp(wanted).test(one.textContent)), text),
  );

async function openAccount(browser, server, options) {
  const page = await openPage(browser, `${server.url}/account`, options);
  await stateIs(page, 'known');
  return page;
}

async function register(page, name, displayName) {
  await press(page, 'way-register');
  await page.fill(field('register-display-name'), displayName);
  await page.fill(field('register-name'), name);
  await page.fill(field('register-password'), kPassword);
  await press(page, 'register-submit');
  await stateIs(page, 'user');
}

async function logIn(page, name, password) {
  await page.fill(field('login-name'), name);
  await page.fill(field('login-password'), password);
  await press(page, 'login-submit');
}

test('an account is made, told apart from others, logged out of and into again', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const page = await openAccount(browser, server);
  await press(page, 'way-register');
  await press(page, 'register-submit');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'register-display-name');
  await register(page, 'ada', 'Ada Lovelace');
  await page.goto(server.url);
  await until('the home page to know who is there', async () => /Ada Lovelace/.test(await page.textContent(field('account-chip'))));

  const other = await openAccount(browser, server);
  await press(other, 'way-register');
  await other.fill(field('register-display-name'), 'Another Ada');
  await other.fill(field('register-name'), 'ada');
  await other.fill(field('register-password'), kPassword);
  await press(other, 'register-submit');
  await other.waitForSelector(`${field('register-name')}[aria-invalid="true"]`);
  assert.match(await other.textContent('#way-panel'), /taken/);

  await page.goto(`${server.url}/account`);
  await press(page, 'account-logout');
  await stateIs(page, 'known');
  await logIn(page, 'ada', 'not the password');
  await page.waitForSelector(field('trouble'));
  assert.match(await page.textContent(field('trouble')), /Name or password is wrong/);
  await page.fill(field('login-password'), kPassword);
  await press(page, 'login-submit');
  await stateIs(page, 'user');
});

test('a room is made, set, shared with a member, and deleted', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const bob = await openAccount(browser, server);
  await register(bob, 'bob', 'Bob');
  const ada = await openAccount(browser, server);
  await register(ada, 'ada', 'Ada');
  await ada.fill(field('room-name'), 'Daily stand-up');
  await press(ada, 'room-submit');
  await ada.waitForSelector('[data-room="daily-stand-up"]');
  await press(ada, 'room-settings');
  await ada.check(field('room-waitingRoom'));
  await ada.uncheck(field('room-may-screen'));
  await until('the server to have it', async () => {
    const room = await (await fetch(`${server.url}/api/rooms/daily-stand-up`)).json();
    return room.waitingRoom === true && room.kept === true;
  });
  await ada.fill(field('member-name'), 'nobody-here');
  await press(ada, 'member-add');
  await ada.waitForSelector(`${field('member-name')}[aria-invalid="true"]`);
  await ada.fill(field('member-name'), 'bob');
  await press(ada, 'member-add');
  await ada.waitForSelector('[data-testid="member"][data-user="bob"]');
  await ada.selectOption('[data-user="bob"] [data-testid="member-role"]', 'cohost');
  await screenshot(ada, 'account-rooms');

  await bob.reload();
  const row = await bob.waitForSelector('[data-room="daily-stand-up"]');
  await until('Bob to be a co-host', async () => /co-host/.test(await row.textContent()));
  await press(bob, 'room-open');
  await bob.waitForSelector(field('lobby-join'));
  assert.equal(await bob.inputValue(field('lobby-name')), 'Bob');
  await press(bob, 'lobby-join');
  await roomState(bob, 'joined');

  await press(ada, 'room-delete');
  await press(ada, 'room-delete-sure');
  await ada.waitForSelector('[data-room="daily-stand-up"]', { state: 'detached' });
});

test('a password is changed, and logs out every other device', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const page = await openAccount(browser, server);
  await register(page, 'ada', 'Ada');
  const phone = await openAccount(browser, server, { width: 390, height: 844 });
  await logIn(phone, 'ada', kPassword);
  await stateIs(phone, 'user');

  await press(page, 'account-sessions');
  await until('two sessions', async () => (await page.$$(field('session'))).length === 2);
  await screenshot(page, 'account-sessions');
  await press(page, 'session-end');
  await until('one session', async () => (await page.$$(field('session'))).length === 1);
  await phone.reload();
  await stateIs(phone, 'known');

  await press(page, 'account-profile');
  await page.fill(field('password-current'), 'not this one');
  await page.fill(field('password-new'), 'another long one');
  await page.fill(field('password-again'), 'another long 0ne');
  await press(page, 'password-submit');
  await page.waitForSelector(`${field('password-again')}[aria-invalid="true"]`);
  await page.fill(field('password-again'), 'another long one');
  await press(page, 'password-submit');
  await page.waitForSelector(`${field('password-current')}[aria-invalid="true"]`);
  await page.fill(field('password-current'), kPassword);
  await press(page, 'password-submit');
  await toastSays(page, 'password is changed');

  await page.fill(field('profile-name'), 'Countess Ada');
  await press(page, 'profile-submit');
  await until('the new name', async () => /Countess Ada/.test(await page.textContent('h1')));
  await press(page, 'removal-ask');
  await page.fill(field('removal-password'), 'another long one');
  await press(page, 'removal-submit');
  await stateIs(page, 'known');
});

test('an API token is shown once, works for a program, and is revoked', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openAccount(await launchChromium({ t }), server);
  await register(page, 'ada', 'Ada');
  await press(page, 'account-tokens');
  await page.fill(field('token-name'), 'Calendar');
  await press(page, 'token-submit');
  const token = await (await page.waitForSelector(field('token-secret'))).textContent();
  assert.match(token, /^parley_/);
  await screenshot(page, 'account-tokens');
  const ask = () => fetch(`${server.url}/api/rooms`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await ask()).status, 200);
  await page.reload();
  await page.waitForSelector(field('token'));
  assert.equal(await page.$(field('token-secret')), null);
  await press(page, 'token-revoke');
  await page.waitForSelector(field('token'), { state: 'detached' });
  assert.equal((await ask()).status, 401);
});

test('who tries too often is told how long to wait', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openAccount(await launchChromium({ t }), server);
  await register(page, 'ada', 'Ada');
  await press(page, 'account-logout');
  await stateIs(page, 'known');
  await until('the server to slow us down', async () => {
    await logIn(page, 'ada', 'wrong password');
    await until('an answer', () => page.evaluate(() => !document.querySelector('[data-testid="login-submit"]').disabled));
    return /Try again in \d+ second/.test((await page.textContent(field('trouble'))) ?? '');
  }, { timeout: 120_000 });
});

test('a server closed to guests and to new accounts says so', kLong, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-config-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const config = path.join(folder, 'parley.toml');
  await writeFile(config, '[auth]\nguests = false\nregistration = false\n');
  const server = await startServer({ t, args: ['--config', config] });
  const browser = await launchChromium({ t });
  const home = await openPage(browser, server.url);
  await home.waitForSelector(field('home-closed'));
  await press(home, 'home-login');
  await stateIs(home, 'known');
  assert.equal(await home.$(field('way-register')), null);
  assert.match(await home.textContent('main'), /takes no new accounts/);
});
