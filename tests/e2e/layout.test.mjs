// What a meeting looks like and how it is worked: layouts, hands, reactions, panels, the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { watchPeerConnections } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, roomState, tileOf, tiles } from './lib/meeting.mjs';
import { by, messages, openPanel, reads, say, shows, showsNo, addTask, tasksAre } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 300_000 };
const kPhone = { width: 390, height: 844, hasTouch: true, isMobile: true };

async function meetingOf(t, names, options = {}) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const pages = [];
  for (const [index, name] of names.entries()) {
    pages.push(await enter(browser, server, { name, ...(index === 0 && options) }));
    await roomState(pages[index], 'joined');
  }
  await tileOf(pages[0], names.at(-1));
  return { server, browser, pages };
}

// The tile that is in front, by name; undefined in the grid.
const inFront = (page) =>
  page.evaluate(() => {
    const stage = document.querySelector('[data-testid="stage"][data-layout="front"]');
    return stage?.querySelector('[data-testid="tile"]')?.dataset.name;
  });

// The text of the heading, where that has the focus.
const onHeading = (page) =>
  page.evaluate(() => (document.activeElement?.tagName === 'H1' ? document.activeElement.textContent : ''));

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.testid);

test('pinning and the speaker’s view put one in front', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob', 'Cleo']);
  const [ada] = pages;
  assert.equal(await inFront(ada), undefined);
  const pin = ada.locator(`${by('tile')}[data-name="Cleo"] ${by('tile-pin')}`);
  const picture = await ada.waitForSelector(`${by('tile')}[data-name="Cleo"] video[data-shown]`);
  const goesOn = () => picture.evaluate((video) => video.isConnected && video.dataset.shown === 'true' && !video.paused);
  await pin.focus();
  await ada.keyboard.press('Enter');
  await until('Cleo in front', async () => (await inFront(ada)) === 'Cleo');
  assert.ok(await goesOn(), 'the picture went along, and stood still for no moment');
  assert.equal((await tiles(ada)).length, 3);
  await pin.click();
  await until('the grid again', async () => (await inFront(ada)) === undefined);
  assert.ok(await goesOn());

  await press(ada, 'control-more');
  await press(ada, 'more-speaker');
  await until('somebody else in front', async () => ['Bob', 'Cleo'].includes(await inFront(ada)));
  await screenshot(ada, 'speaker-view');
  await ada.keyboard.press('Control+Alt+n'); // As the overview of the keys has it for a meeting.
  await until('the grid once more', async () => (await inFront(ada)) === undefined);
  await press(ada, 'control-more');
  await press(ada, 'more-self');
  await until('only the others', async () => (await tiles(ada)).every(({ self }) => self === 'false'));
  await tileOf(pages[1], 'Ada'); // Who sees themselves or not is nobody else's concern.
  assertNoProblems(...pages);
});

test('a raised hand waits in its place, and reactions rise', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob', 'Cleo']);
  const [ada, bob, cleo] = pages;
  await press(cleo, 'control-hand');
  await tileOf(ada, 'Cleo', { matches: ({ hand }) => hand === '1' });
  await press(bob, 'control-hand');
  await tileOf(ada, 'Bob', { matches: ({ hand }) => hand === '2' });
  await openPanel(ada, 'people');
  const order = () => ada.$$eval(by('person'), (rows) => rows.map((row) => row.dataset.name));
  assert.deepEqual(await order(), ['Cleo', 'Bob', 'Ada']);
  await press(cleo, 'control-hand');
  await tileOf(ada, 'Bob', { matches: ({ hand }) => hand === '1' });

  await press(bob, 'control-react');
  await bob.click(`${by('reaction')}[data-emoji="🎉"]`);
  await Promise.all([ada, bob, cleo].map((page) => shows(page, 'floating-reaction', '[data-emoji="🎉"]')));
  await screenshot(ada, 'hands-and-reactions');
  await bob.keyboard.press('Escape');
  await showsNo(bob, 'reactions');
  assert.equal(await focused(bob), 'control-react');
});

test('panels open, close and give the focus back', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada] = pages;
  await ada.focus(by('control-chat'));
  await ada.keyboard.press('Enter');
  await until('the focus in the field', async () => (await focused(ada)) === 'chat-input');
  await ada.keyboard.press('Escape');
  await showsNo(ada, 'panel');
  assert.equal(await focused(ada), 'control-chat');

  await ada.keyboard.press('Control+Alt+p');
  await until('the focus on the tab', async () => (await focused(ada)) === 'tab-people');
  await ada.keyboard.press('ArrowRight');
  await shows(ada, 'chat-panel');
  await ada.focus(by('tab-chat'));
  await ada.keyboard.press('ArrowRight');
  await shows(ada, 'todo-panel');
  await ada.keyboard.press('Control+Alt+t');
  await showsNo(ada, 'panel');
});

test('a tile’s buttons take no tap before they are in sight', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob', 'Cleo'], kPhone);
  const [ada] = pages;
  const pin = `${by('tile')}[data-name="Cleo"] ${by('tile-pin')}`;
  const box = await ada.locator(pin).boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const isHit = () =>
    ada.evaluate(([selector, at]) => document.elementFromPoint(...at)?.closest('button') === document.querySelector(selector), [pin, [x, y]]);
  assert.equal(await isHit(), false, 'an invisible button is hit');
  await ada.touchscreen.tap(x, y);
  await until('the button to be in sight', async () => (await isHit()) && ada.$eval(pin, (button) => getComputedStyle(button).opacity === '1'));
  assert.equal(await inFront(ada), undefined, 'the first tap pinned');
  await ada.touchscreen.tap(x, y);
  await until('Cleo in front', async () => (await inFront(ada)) === 'Cleo');
});

test('hints come by keyboard, lie on the page, and go by Escape', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada] = pages;
  const hint = () =>
    ada.evaluate(() => {
      const button = document.querySelector('[data-hint-shown]');
      if (!button) return undefined;
      const { left, width } = button.getBoundingClientRect();
      const size = parseFloat(getComputedStyle(button, '::after').width);
      const middle = left + width / 2 + parseFloat(button.style.getPropertyValue('--hint-shift'));
      return { of: button.dataset.testid, left: middle - size / 2, right: middle + size / 2 };
    });
  await ada.focus(by('control-chat'));
  await ada.keyboard.press('Tab');
  await until('the hint', async () => (await hint())?.of === 'control-todo');
  const { left, right } = await hint();
  assert.ok(left >= 0 && right <= 1280, `the hint reaches from ${left} to ${right}`);
  await ada.keyboard.press('Escape');
  assert.equal(await hint(), undefined);
  assert.equal(await focused(ada), 'control-todo');
});

test('tiles lie on whole pixels, within the stage', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob', 'Cleo'], { width: 1277, height: 793 });
  const boxes = () =>
    pages[0].evaluate(() => {
      const edges = (element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { left, top, right, bottom };
      };
      const stage = edges(document.querySelector('[data-testid="stage"]'));
      return { stage, tiles: [...document.querySelectorAll('[data-testid="tile"]')].map(edges) };
    });
  await until('the tiles to stand still', async () => {
    const before = JSON.stringify(await boxes());
    return before === JSON.stringify(await boxes()) && !(await pages[0].evaluate(() => document.querySelector('[data-arrives]')?.getAnimations().length));
  });
  const { stage, tiles: shown } = await boxes();
  assert.equal(shown.length, 3);
  for (const { left, top, right, bottom } of shown) {
    for (const edge of [left, top, right, bottom]) assert.equal(edge, Math.round(edge), 'an edge between pixels');
    assert.ok(left >= stage.left && top >= stage.top && right <= stage.right && bottom <= stage.bottom, 'a tile is cut');
  }
});

test('the space bar opens a muted microphone while it is held', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada, bob] = pages;
  await ada.keyboard.press('Control+d');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'true' });
  await ada.evaluate(() => document.activeElement?.blur());
  await ada.keyboard.down('Space');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'false' });
  await ada.keyboard.up('Space');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'true' });

  await openPanel(ada, 'chat');
  await ada.keyboard.type('two words');
  assert.equal(await ada.inputValue(by('chat-input')), 'two words');
  assert.equal((await tileOf(bob, 'Ada')).muted, 'true');
});

test('who speaks while muted is told, and one press mends it', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob']);
  const [ada, bob] = pages;
  await press(ada, 'control-mic'); // The fake microphone goes on beeping.
  await shows(ada, 'muted-hint');
  await screenshot(ada, 'muted-hint');
  await press(ada, 'muted-hint-unmute');
  await showsNo(ada, 'muted-hint');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'false' });
});

test('on a phone everything is within reach, the field above the keyboard too', kLong, async (t) => {
  const { pages } = await meetingOf(t, ['Ada', 'Bob'], kPhone);
  const [ada, bob] = pages;
  await press(ada, 'control-more');
  await shows(ada, 'more-chat');
  assert.equal(await ada.evaluate(() => document.querySelector('[data-hint-shown]')), null, 'a hint under a finger');
  await screenshot(ada, 'phone-more');
  await press(ada, 'more-chat');
  await shows(ada, 'chat-input');
  await say(bob, 'Hello, phone');
  await reads(ada, 'Hello, phone');
  await ada.setViewportSize({ width: 390, height: 460 }); // What a keyboard leaves.
  const below = await ada.$eval(by('chat-send'), (button) => button.getBoundingClientRect().bottom);
  assert.ok(below <= 460, `the button to send is at ${below}`);
  await screenshot(ada, 'phone-keyboard');
  await ada.setViewportSize({ width: 390, height: 844 });
  await press(ada, 'panel-close');
  await showsNo(ada, 'panel');
  const bars = await ada.$$eval('[data-testid^="control-"]', (buttons) => buttons.map((button) => button.getBoundingClientRect().right));
  assert.ok(Math.max(...bars) <= 390, 'a button is beyond the edge');
});

test('a whole meeting by the keyboard alone', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const bob = await enter(browser, server, { name: 'Bob' });
  await roomState(bob, 'joined');
  const ada = await openPage(browser);
  await watchPeerConnections(ada);
  ada.personName = 'Ada';
  await ada.goto(`${server.url}/room/x`);
  await until('the focus in the name', async () => (await focused(ada)) === 'lobby-name');
  await ada.keyboard.type('Ada');
  await ada.keyboard.press('Enter');
  await roomState(ada, 'joined');
  await until('the focus on the name of the meeting', async () => (await onHeading(ada)) === 'Meeting x');
  await connected(ada, 1);

  const tabTo = async (testId) => {
    for (let i = 0; i < 60; ++i) {
      if ((await focused(ada)) === testId) return;
      await ada.keyboard.press('Tab');
    }
    assert.fail(`Tab never reached ${testId}`);
  };
  await tabTo('control-mic');
  await ada.keyboard.press('Space');
  await tileOf(bob, 'Ada', { matches: ({ muted }) => muted === 'true' });
  await ada.keyboard.press('Control+Alt+h');
  await tileOf(bob, 'Ada', { matches: ({ hand }) => hand === '1' });
  await ada.keyboard.press('Control+Alt+c');
  await until('the chat', async () => (await focused(ada)) === 'chat-input');
  await ada.keyboard.type('By keyboard');
  await ada.keyboard.press('Enter');
  await until('it to be sent', async () => (await messages(ada))[0]?.state === 'sent');
  await ada.keyboard.press('Control+Alt+t');
  await until('the list', async () => (await focused(ada)) === 'todo-add');
  await ada.keyboard.type('Buy a mouse');
  await ada.keyboard.press('Enter');
  await addTask(bob, 'Or not');
  await tasksAre(bob, ['Buy a mouse', 'Or not']);
  await ada.keyboard.press('Escape');
  await showsNo(ada, 'panel');
  await tabTo('control-leave');
  await ada.keyboard.press('Enter');
  await shows(ada, 'left');
  await until('the focus on what the page says', async () => /left the meeting/.test(await onHeading(ada)));
  assertNoProblems(ada, bob);
});

for (const colorScheme of ['light', 'dark']) {
  test(`the panels in ${colorScheme}`, kLong, async (t) => {
    const sizes = { phone: kPhone, wide: { width: 1600, height: 900 } };
    const { server, browser, pages } = await meetingOf(t, ['Grace Hopper']);
    const [grace] = pages;
    await say(grace, 'Good morning! The notes are at https://example.org/notes');
    await addTask(grace, 'Write down what we decided');
    await addTask(grace, 'Invite the new people');
    for (const [size, options] of Object.entries(sizes)) {
      const page = await enter(browser, server, { name: 'Ada Lovelace', colorScheme, ...options });
      await connected(page, 1);
      for (const panel of ['chat', 'people', 'todo']) {
        if (size === 'phone') {
          await press(page, 'control-more');
          await press(page, `more-${panel}`);
        } else {
          await press(page, `control-${panel}`);
        }
        await shows(page, `${panel}-panel`);
        if (panel === 'chat') await until('the history', async () => (await messages(page)).length > 0);
        if (panel === 'todo') await shows(page, 'todo-item');
        await screenshot(page, `${panel}-${size}-${colorScheme}`);
        await press(page, 'panel-close');
      }
      await press(page, 'control-leave');
      await shows(page, 'left');
      await screenshot(page, `left-${size}-${colorScheme}`);
      await page.close();
    }
  });
}
