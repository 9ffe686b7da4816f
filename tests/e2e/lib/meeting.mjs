// People in a meeting, as the tests see them: a page in the room, and what it shows of the others.
import assert from 'node:assert/strict';

import { openPage } from './browsers.mjs';
import { watchPeerConnections } from './media.mjs';
import { until } from './wait.mjs';

// Opens the room for one person, straight in. `query` adds to the address; `prepare` comes before the page's own scripts.
export async function enter(browser, server, { room = 'x', name, query = '', prepare = async () => {}, ...options }) {
  const page = await openPage(browser, undefined, options);
  await watchPeerConnections(page);
  await prepare(page);
  const url = `${server.url}/room/${room}?name=${encodeURIComponent(name)}&join=1${query}`;
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 30_000 });
  page.personName = name;
  return page;
}

// Every tile that the page shows, as its data-* attributes.
export function tiles(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="tile"]')].map((tile) => ({ ...tile.dataset })),
  );
}

// Waits for the tile of that name (and source), until `matches` holds for it too.
export function tileOf(page, name, { source = 'camera', matches = () => true, timeout = 30_000 } = {}) {
  return until(
    `${page.personName} to see ${name}'s ${source}`,
    async () =>
      (await tiles(page)).find((tile) => tile.name === name && tile.source === source && matches(tile)),
    { timeout },
  );
}

export function tileIsGone(page, name, { source, timeout = 30_000 } = {}) {
  const isIt = (tile) => tile.name === name && (!source || tile.source === source);
  return until(`${name}'s tile to go`, async () => !(await tiles(page)).some(isIt), { timeout });
}

export async function press(page, control) {
  const selector = `[data-testid="${control}"]`;
  await page.waitForSelector(selector, { timeout: 30_000 });
  await page.click(selector);
}

// Waits until `count` peer connections of the page are connected, and no others are left open.
export function connected(page, count, options = {}) {
  return until(
    `${page.personName} to be connected with ${count}`,
    () =>
      page.evaluate((wanted) => {
        const spare = (c) => c.signalingState === 'stable' && !c.localDescription; // Warmed up for the next.
        const isOpen = (c) => c.connectionState !== 'closed' && !spare(c);
        const open = window.parleyTestConnections.filter(isOpen);
        const states = open.map((c) => c.connectionState);
        return states.length === wanted && states.every((state) => state === 'connected');
      }, count),
    { timeout: 30_000, ...options },
  );
}

// The page's own state of the room: joined, reconnecting ...
export function roomState(page, wanted, options = {}) {
  return until(
    `${page.personName} to be ${wanted}`,
    () => page.evaluate((state) => window.parley?.state === state, wanted),
    { timeout: 30_000, ...options },
  );
}

export function participantId(page) {
  return page.evaluate(() => window.parley.sid);
}

export function assertNoProblems(...pages) {
  for (const page of pages) assert.deepEqual(page.problems, [], `${page.personName}'s console`);
}
