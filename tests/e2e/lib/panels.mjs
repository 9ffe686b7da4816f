// The panels of a meeting, as the tests use them: people, chat, to-do, and the way in by the lobby.
import { openPage } from './browsers.mjs';
import { watchPeerConnections } from './media.mjs';
import { press, roomState } from './meeting.mjs';
import { until } from './wait.mjs';

export const by = (testId) => `[data-testid="${testId}"]`;

// Enters with neither camera nor microphone: where pictures do not matter, two cores have other things to do.
export async function enterQuietly(browser, server, { room = 'x', name, ...options }) {
  const page = await openPage(browser, undefined, options);
  page.personName = name;
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
  });
  await page.goto(`${server.url}/room/${room}?name=${encodeURIComponent(name)}&join=1`, { waitUntil: 'domcontentloaded' });
  await roomState(page, 'joined', { timeout: 60_000 });
  return page;
}

// Opens the lobby for one person, and presses "join".
export async function knock(browser, server, { room = 'x', name, ...options }) {
  const page = await openPage(browser, undefined, options);
  await watchPeerConnections(page);
  page.personName = name;
  await page.goto(`${server.url}/room/${room}`, { waitUntil: 'domcontentloaded' });
  await goIn(page);
  return page;
}

// From the lobby that is there.
export async function goIn(page) {
  await page.waitForSelector(by('lobby-name'), { timeout: 30_000 });
  await page.fill(by('lobby-name'), page.personName);
  await press(page, 'lobby-join');
}

// Waits until the page shows something of that test id (and state).
export function shows(page, testId, matches = '') {
  return until(`${page.personName} to see ${testId}${matches}`, () =>
    page.evaluate((selector) => document.querySelector(selector) !== null, by(testId) + matches),
  );
}

// Waits until nothing of it is there any more.
export function showsNo(page, testId, matches = '') {
  return until(`${testId}${matches} to go from ${page.personName}'s page`, () =>
    page.evaluate((selector) => document.querySelector(selector) === null, by(testId) + matches),
  );
}

// Opens a panel, if it is not the one that is open.
export async function openPanel(page, name) {
  const shown = await page.evaluate(() => document.querySelector('[data-testid="panel"]')?.dataset.shown);
  if (shown !== name) await press(page, `control-${name}`);
  await shows(page, `${name}-panel`);
}

// Chooses from someone's menu in the list of people.
export async function choose(page, person, action) {
  await openPanel(page, 'people');
  await page.click(`${by('person')}[data-name="${person}"] ${by('person-more')}`);
  await press(page, action);
}

// A switch of the room's settings.
export async function setRoom(page, setting, on) {
  await openPanel(page, 'people');
  if (!(await page.$(by('room-settings-form')))) await press(page, 'room-settings');
  // The switch is the server's: it has changed once that said so.
  if ((await page.isChecked(by(setting))) !== on) await page.click(by(setting));
  await until(`${setting} to be ${on}`, () => page.isChecked(by(setting)).then((is) => is === on));
}

export async function closeMenus(page) {
  await page.keyboard.press('Escape');
  await until('the menu to go', () => page.evaluate(() => document.querySelector('[role="menu"]') === null));
}

// What the chat shows: the text of each message, with who wrote it and how it stands.
export function messages(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="chat-message"]')].map((message) => ({
      text: message.querySelector('[data-testid="chat-text"]')?.firstChild?.textContent ?? '',
      whole: message.textContent,
      own: message.dataset.own === 'true',
      state: message.dataset.state,
      private: message.dataset.private === 'true',
    })),
  );
}

export async function say(page, text) {
  await openPanel(page, 'chat');
  await page.fill(by('chat-input'), text);
  await page.keyboard.press('Enter');
}

// Waits for a message of that text, until `matches` holds for it too.
export function reads(page, text, matches = () => true) {
  return until(`${page.personName} to read "${text}"`, async () =>
    (await messages(page)).find((message) => message.text.trim() === text && matches(message)),
  );
}

// The to-do list in its order; `*` marks what is done.
export function tasks(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="todo-item"]')].map(
      (item) => item.querySelector('[data-testid="todo-text"]')?.textContent + (item.dataset.done === 'true' ? '*' : ''),
    ),
  );
}

export function tasksAre(page, wanted) {
  return until(`${page.personName}'s list to be ${wanted}`, async () => {
    const now = await tasks(page);
    if (JSON.stringify(now) === JSON.stringify(wanted)) return true;
    throw new Error(`it is ${JSON.stringify(now)}`);
  });
}

export async function addTask(page, text) {
  await openPanel(page, 'todo');
  await page.fill(by('todo-add'), text);
  await page.keyboard.press('Enter');
}

export const taskRow = (page, text) => page.locator(by('todo-item')).filter({ hasText: text });
