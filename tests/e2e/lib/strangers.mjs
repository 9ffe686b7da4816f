// Whose picture is in whose tile.
import { kColours } from './one_stream.mjs';

// Looks each time that the page is drawn whether a tile shows the colour of somebody else.
export function watchStrangers(page) {
  return page.evaluate((colours) => {
    const context = new OffscreenCanvas(32, 18).getContext('2d', { willReadFrequently: true });
    const isNear = (data, at, colour) => colour.every((value, i) => Math.abs(data[at + i] - value) < 60);
    // Of the picture, which shares have the colours of others.
    const strangersIn = (video, name) => {
      context.drawImage(video, 0, 0, 32, 18);
      const { data } = context.getImageData(0, 0, 32, 18);
      return Object.entries(colours).flatMap(([other, colour]) => {
        let count = 0;
        for (let at = 0; at < data.length; at += 4) count += isNear(data, at, colour) ? 1 : 0;
        return other !== name && count > 32 ? [`${Math.round((100 * count) / (32 * 18))}% ${other}`] : [];
      });
    };
    const seen = { looks: 0, strangers: [] };
    const look = () => {
      requestAnimationFrame(look);
      // The one picture lies on top of the tiles, once it is there.
      if (document.querySelector('[data-testid="one-stream"][data-shown]')) return;
      for (const video of document.querySelectorAll('[data-testid="tile"][data-self="false"] video[data-shown]')) {
        const { name } = video.closest('[data-testid="tile"]').dataset;
        seen.looks += 1;
        const strangers = strangersIn(video, name);
        if (strangers.length > 0) seen.strangers.push(`${Math.round(performance.now())} ms (${window.parley.oneStream.state}): ${name} as ${strangers}`);
      }
    };
    requestAnimationFrame(look);
    window.parleyTestStrangers = seen;
  }, kColours);
}

// How often a tile was looked at, and what was wrong in it.
export const strangers = (page) => page.evaluate(() => window.parleyTestStrangers);
