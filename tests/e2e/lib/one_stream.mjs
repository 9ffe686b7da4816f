// Everyone in one picture and one sound, as a page gets it: what is in them is read from pixels and from the spectrum.
import { by } from './panels.mjs';
import { until } from './wait.mjs';

export const kColours = { Ada: [220, 40, 40], Bob: [40, 70, 220], Cleo: [230, 200, 40] };
// What the server draws around who speaks.
const kSpeaks = [70, 249, 102];

// Sends one colour in place of the camera, with something that moves, as a camera does.
export function sendColour(page, colour) {
  return page.evaluate((rgb) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const context = canvas.getContext('2d');
    let step = 0;
    setInterval(() => {
      context.fillStyle = `rgb(${rgb.join(' ')})`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = '#fff';
      context.fillRect((step = (step + 8) % 600), 170, 20, 20);
    }, 66);
    window.parley.publish('camera', canvas.captureStream(15).getVideoTracks()[0]);
  }, colour);
}

// Waits until the page shows everyone in one picture.
export function oneStreamShown(page, options = {}) {
  return until(
    `${page.personName} to see everyone in one picture`,
    () => page.$(`${by('one-stream')}[data-state="on"][data-shown]`),
    { timeout: 60_000, ...options },
  );
}

export function tilesShown(page, options = {}) {
  return until(`${page.personName} to see tiles`, async () => !(await page.$(by('one-stream'))), { timeout: 60_000, ...options });
}

// Of which tracks packets come, over so long: how many of each kind.
export function arriving(page, milliseconds = 2000) {
  return page.evaluate(async (span) => {
    const read = async () => {
      const packets = new Map();
      for (const connection of window.parleyTestConnections) {
        if (connection.connectionState === 'closed') continue;
        for (const { type, id, kind, packetsReceived } of (await connection.getStats()).values())
          if (type === 'inbound-rtp') packets.set(id, { kind, packetsReceived });
      }
      return packets;
    };
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, span));
    const counts = { audio: 0, video: 0 };
    for (const [id, { kind, packetsReceived }] of await read())
      if (packetsReceived > (before.get(id)?.packetsReceived ?? 0)) counts[kind] += 1;
    return counts;
  }, milliseconds);
}

const kPicture = '[data-testid="one-stream"] video';

// The share of the one picture that has the colour of each, in percent, and who of them has the border of who speaks.
export function readPicture(page, element = kPicture) {
  return page.evaluate(readInPage, [kColours, kSpeaks, element]);
}

// Waits until the page shows the border around that person, and tells when: on the page's clock.
export async function speakerMarked(page, name, isMarked = true) {
  return page.evaluate(async ([read, colours, who, wanted]) => {
    const readPicture = new Function(`return ${read}`)();
    for (const end = performance.now() + 60_000; performance.now() < end; ) {
      if (readPicture(colours).speaking.includes(who) === wanted) return performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${who} is ${wanted ? 'not ' : ''}marked as speaking`);
  }, [String(readInPage), [kColours, kSpeaks, kPicture], name, isMarked]);
}

function readInPage([colours, border, element]) {
  const video = document.querySelector(element);
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const isNear = (x, y, [r, g, b], reach) => {
    const at = 4 * (y * width + x);
    return Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < reach;
  };
  const shares = {};
  const speaking = [];
  for (const [name, colour] of Object.entries(colours)) {
    const box = { left: width, right: 0, top: height, bottom: 0 };
    let count = 0;
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) {
        if (!isNear(x, y, colour, 110)) continue;
        count += 1;
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
    }
    shares[name] = Math.round((1000 * count) / (width * height)) / 10;
    // Of the columns through the middle half, in how many there is a border a little above.
    let marked = 0;
    const from = Math.round(box.left + (box.right - box.left) / 4);
    const to = Math.round(box.right - (box.right - box.left) / 4);
    for (let x = from; x < to; ++x) {
      for (let y = Math.max(0, box.top - 6); y < Math.min(height, box.top + 6); ++y) {
        if (!isNear(x, y, border, 140)) continue;
        marked += 1;
        break;
      }
    }
    if (count > 0 && marked > (to - from) / 2) speaking.push(name);
  }
  return { width, height, shares, speaking };
}

// Looks each time that the page is drawn whether somebody's picture is in sight, in their tile or in the one of everyone.
export function watchSight(page, name) {
  return page.evaluate((who) => {
    const places = [`[data-testid="tile"][data-name="${who}"]`, '[data-testid="one-stream"][data-shown]'];
    const seen = { frames: 0, blank: 0 };
    const look = () => {
      const inSight = places.some((place) => document.querySelector(`${place} video[data-shown]`)?.readyState >= 2);
      seen.frames += 1;
      if (!inSight) seen.blank += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    window.parleyTestSight = seen;
  }, name);
}

// How often the page was drawn since, and how often without that picture.
export const sight = (page) => page.evaluate(() => window.parleyTestSight);

// How loud everything that the page plays is near each of these frequencies, in decibels.
export function hear(page, frequencies) {
  return page.evaluate(async (hertz) => {
    window.parleyTestEar ??= (() => {
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
      const known = new WeakSet();
      const look = () => {
        for (const { track } of window.parley.sounds) {
          if (known.has(track)) continue;
          known.add(track);
          new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(analyser);
        }
      };
      look();
      window.parley.on('change', look);
      return analyser;
    })();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const analyser = window.parleyTestEar;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    return hertz.map((one) => {
      const middle = Math.round((one * analyser.fftSize) / analyser.context.sampleRate);
      return Math.round(Math.max(...bins.subarray(middle - 2, middle + 3)));
    });
  }, frequencies);
}
