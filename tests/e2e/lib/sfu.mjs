// Meetings whose media goes by the server, as the tests look at them.
import { until } from './wait.mjs';

// Small windows: what is tested is the way of the media, not how fast two cores encode.
export const kSize = { width: 640, height: 480 };
export const kPatience = { timeout: 60_000 };

// Waits until the picture of that name moves in its tile.
export function pictureMoves(page, name, { source = 'camera', ...options } = {}) {
  return until(
    `${page.personName} to see ${name} move`,
    () =>
      page.evaluate(async ([who, what]) => {
        const tile = document.querySelector(`[data-testid="tile"][data-name="${who}"][data-source="${what}"]`);
        const video = tile?.querySelector('video[data-shown]');
        if (!video || video.videoWidth === 0) return false;
        const before = video.getVideoPlaybackQuality().totalVideoFrames;
        await new Promise((resolve) => setTimeout(resolve, 400));
        return video.getVideoPlaybackQuality().totalVideoFrames > before;
      }, [name, source]),
    { ...kPatience, ...options },
  );
}

// Waits until that is the way in force.
export function topologyOf(page, wanted, options = kPatience) {
  return until(
    `${page.personName} to be told ${wanted}`,
    () => page.evaluate((topology) => window.parley?.topology === topology, wanted),
    options,
  );
}

// What the page's own log holds of its connection with the server.
export function serverLog(page) {
  return page.evaluate(() =>
    window.parley.log
      .snapshot()
      .connections.filter(({ sid }) => sid === 'server')
      .flatMap(({ entries }) => entries),
  );
}

// How many offers the page has made to the server.
export async function offersToServer(page) {
  return (await serverLog(page)).filter(({ step }) => step === 'offer-made').length;
}

// Of the encodings of its camera that the page sends to the server: how many frames each has sent, by rid.
export function framesSent(page) {
  return page.evaluate(async () => {
    const sent = {};
    for (const connection of window.parleyTestConnections ?? []) {
      if (connection.connectionState === 'closed') continue;
      for (const report of (await connection.getStats()).values()) {
        // A screen that is not shared has encodings, too, of the same names.
        if (report.type === 'outbound-rtp' && report.kind === 'video' && report.rid && report.framesSent > 0)
          sent[report.rid] = { frames: report.framesSent, width: report.frameWidth ?? 0 };
      }
    }
    return sent;
  });
}
