// What tests of a bad link share: a meeting over the small internet, and a log of what comes to a page.
import { chromium } from 'playwright-core';

import { chromiumPath, firefoxPath, launchFirefox } from '../../e2e/lib/browsers.mjs';
import { binary, startServerBy } from '../../e2e/lib/server.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { Internet, serverAddress } from './netns.mjs';
import { SfuPage } from './sfu_side.mjs';

// Runs in the page: a camera that sees noise, which costs what the encoder may spend, and a microphone that hears a tone.
function takeNoiseForCamera() {
  const [small, canvas] = [[80, 45], [640, 360]].map(([width, height]) => Object.assign(document.createElement('canvas'), { width, height }));
  const dots = small.getContext('2d').createImageData(80, 45);
  const draw = () => {
    for (let i = 0; i < dots.data.length; ++i) dots.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
    small.getContext('2d').putImageData(dots, 0, 0);
    canvas.getContext('2d').drawImage(small, 0, 0, 640, 360);
  };
  draw();
  setInterval(draw, 66);
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const sound = context.createMediaStreamDestination();
    const tone = new OscillatorNode(context);
    tone.connect(sound);
    tone.start();
    return new MediaStream([...canvas.captureStream(15).getTracks(), ...sound.stream.getTracks()]);
  };
}

// Runs in the page: notes ten times a second what arrives.
export function keepLog() {
  window.log = [];
  setInterval(async () => {
    const entry = { at: performance.now(), width: 0, frames: 0, sounds: 0, soundsLost: 0 };
    for (const one of (await window.me.pc.getStats()).values()) {
      if (one.type !== 'inbound-rtp') continue;
      if (one.kind === 'video' && one.framesDecoded > 0) Object.assign(entry, { width: one.frameWidth, frames: one.framesDecoded });
      if (one.kind === 'audio') {
        entry.sounds += one.packetsReceived;
        entry.soundsLost += one.packetsLost;
      }
    }
    window.log.push(entry);
  }, 100);
}

async function chromiumAt(t, internet, place) {
  const browser = await chromium.launch({
    executablePath: await internet.programAt(t, place, chromiumPath),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required'],
  });
  t.after(() => browser.close());
  return browser;
}

async function firefoxAt(t, internet, place) {
  return launchFirefox({
    t, executablePath: await internet.programAt(t, place, firefoxPath), acceptInsecureCerts: true, debuggingPort: await internet.forward(t, place),
  });
}

// Resolves to what opens a page of a browser of its own there.
async function openAt(t, internet, place, isFirefox) {
  const browser = await (isFirefox ? firefoxAt : chromiumAt)(t, internet, place);
  return async () => {
    const page = await browser.newPage();
    // Chromium breaks it off where it has only now noticed its network.
    await until('the page', () => page.goto(`https://${serverAddress}/healthz`), { timeout: 120_000 });
    return page;
  };
}

// A server, and Ada, who sends a picture and sound from network 1. `near` and `far` open pages in networks 1 and 2, in Chromium but
// for `farFirefox`.
export async function adaSends(t, { room, args = [], red = false, farFirefox = false }) {
  const internet = new Internet(t);
  await startServerBy(await internet.programAt(t, 'server', binary), {
    t, listen: `${serverAddress}:80`,
    args: ['--https', `${serverAddress}:443`, '--media', `${serverAddress}:0`, ...args],
  });
  const [near, far] = [await openAt(t, internet, 'lan1'), await openAt(t, internet, 'lan2', farFirefox)];
  const ada = await near();
  await ada.evaluate(takeNoiseForCamera);
  await SfuPage.join(ada, { room, name: 'Ada', red });
  return { internet, ada, near, far };
}

export const logOf = ({ page }) => page.evaluate(() => window.log);

// The longest time without a new frame.
export function longestFreeze(log) {
  let [longest, last] = [0, log[0]];
  for (const entry of log) {
    if (entry.frames === last.frames) longest = Math.max(longest, entry.at - last.at);
    else last = entry;
  }
  return longest;
}
