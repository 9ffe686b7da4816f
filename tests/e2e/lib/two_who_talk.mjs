// Two who see and hear each other, and what they notice while the way between them changes.
import { pictureGap, sendTone, soundGap, watchPicture, watchSound } from './gauges.mjs';
import { connected, enter } from './meeting.mjs';
import { kSize, pictureMoves } from './sfu.mjs';
import { until } from './wait.mjs';

const kHertz = { Ada: 700, Bob: 1900 };
const other = (page) => (page.personName === 'Ada' ? 'Bob' : 'Ada');

export async function enterTwo(browser, server, patience) {
  const pages = [];
  for (const name of ['Ada', 'Bob']) pages.push(await enter(browser, server, { name, bypassCSP: true, ...kSize }));
  for (const page of pages) {
    await connected(page, 1, patience);
    await pictureMoves(page, other(page));
    await sendTone(page, kHertz[page.personName]);
    await watchPicture(page, other(page));
    await watchSound(page, kHertz[other(page)]);
  }
  return pages;
}

// Reads the gauges of both, by name, and begins anew.
export async function gaps(pages) {
  const read = async (page) => [page.personName, { picture: await pictureGap(page, other(page)), sound: await soundGap(page) }];
  return Object.fromEntries(await Promise.all(pages.map(read)));
}

// Waits until the page has changed the way so many times.
export function handedOver(page, times, patience) {
  return until(
    `${page.personName} to have changed the way ${times} times`,
    () =>
      page.evaluate((wanted) => {
        const changes = window.parley.log.signalling.entries.filter(({ step }) => step === 'handed-over');
        return changes.length >= wanted;
      }, times),
    patience,
  );
}
