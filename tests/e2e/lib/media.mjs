// What a page's media really does. Everything is read in the page, so it is the same in Chromium
// and Firefox.
import { until } from './wait.mjs';

// To be installed before the page's own scripts (watchPeerConnections): remembers every
// RTCPeerConnection that the page makes.
function rememberPeerConnections() {
  const made = [];
  const Native = window.RTCPeerConnection;
  window.parleyTestConnections = made;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      made.push(this);
    }
  };
}

// Before the page's own scripts.
const runFirst = (page, script) => (page.addInitScript ? page.addInitScript(script) : page.evaluateOnNewDocument(script));

export const watchPeerConnections = (page) => runFirst(page, rememberPeerConnections);

// Cameras are small and slow, so that one machine can encode and decode those of many.
export const slowCameras = (page) =>
  runFirst(page, () => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const small = { width: { ideal: 320 }, height: { ideal: 180 }, frameRate: { ideal: 8, max: 10 } };
    mediaDevices.getUserMedia = ({ video, ...rest }) => open({ ...rest, video: video && { ...video, ...small } });
  });

// Over all open peer connections of the page: decoded frames, and the sound's energy and packets.
export function received(page) {
  return page.evaluate(async () => {
    const sum = { connections: 0, frames: 0, audioEnergy: 0, audioPackets: 0, videoBytes: 0 };
    for (const connection of window.parleyTestConnections ?? []) {
      if (connection.connectionState === 'closed') continue;
      sum.connections += 1;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (report.kind === 'video') {
          sum.frames += report.framesDecoded ?? 0;
          sum.videoBytes += report.bytesReceived ?? 0;
        } else {
          sum.audioEnergy += report.totalAudioEnergy ?? 0;
          sum.audioPackets += report.packetsReceived ?? 0;
        }
      }
    }
    return sum;
  });
}

// The codecs of what the page decodes, as "video/VP8".
export function codecsReceived(page) {
  return page.evaluate(async () => {
    const codecs = new Set();
    for (const connection of window.parleyTestConnections ?? []) {
      const stats = await connection.getStats();
      for (const report of stats.values()) {
        if (report.type === 'inbound-rtp' && (report.framesDecoded ?? report.packetsReceived) > 0) codecs.add(stats.get(report.codecId)?.mimeType);
      }
    }
    return [...codecs];
  });
}

// Waits until `frames` more frames were decoded, and returns how they stand.
export async function picturesArrive(page, frames = 10, options = {}) {
  const before = await received(page);
  return until(
    `${frames} more decoded frames`,
    async () => {
      const now = await received(page);
      return now.frames >= before.frames + frames && now;
    },
    { timeout: 30_000, ...options },
  );
}

// Waits until sound, not only silence, has come in. The fake microphone beeps once a second.
export async function soundArrives(page, options = {}) {
  const before = await received(page);
  return until(
    'sound energy to rise',
    async () => {
      const now = await received(page);
      return now.audioEnergy > before.audioEnergy + 1e-5 && now;
    },
    { timeout: 30_000, ...options },
  );
}

// The width of each playing <video> whose picture is not black nor frozen at nothing.
export function playingVideos(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('video')]
      .filter((video) => video.readyState >= 2 && video.videoWidth > 0 && !video.paused)
      .map((video) => video.videoWidth),
  );
}
