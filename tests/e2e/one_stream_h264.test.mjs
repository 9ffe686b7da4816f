// A browser that decodes no VP8: what the others send it cannot show, but the one picture is there in H.264 as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { codecsReceived } from './lib/media.mjs';
import { assertNoProblems, enter, roomState } from './lib/meeting.mjs';
import { kColours, oneStreamShown, readPicture, sendColour } from './lib/one_stream.mjs';
import { kOneStream, startServer } from './lib/server.mjs';
import { kSize, topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kPatience = { timeout: 120_000 };

// As a browser that takes H.264 and nothing else.
const onlyH264 = (page) =>
  page.addInitScript(() => {
    const prefer = RTCRtpTransceiver.prototype.setCodecPreferences;
    RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      const isPicture = this.direction === 'recvonly' && this.receiver.track.kind === 'video';
      prefer.call(this, isPicture ? codecs.filter(({ mimeType }) => /H264|rtx/.test(mimeType)) : codecs);
    };
  });

test('who decodes no VP8 sees everyone in H.264', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t, args: kOneStream });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada', query: '&topology=sfu', bypassCSP: true, ...kSize });
  await roomState(ada, 'joined', kPatience);
  await sendColour(ada, kColours.Ada);
  const bob = await enter(browser, server, { name: 'Bob', query: '&topology=mcu', bypassCSP: true, prepare: onlyH264, ...kSize });
  await roomState(bob, 'joined', kPatience);
  await sendColour(bob, kColours.Bob);
  for (const page of [ada, bob]) await topologyOf(page, 'sfu', kPatience);
  await oneStreamShown(bob, kPatience);
  const { shares } = await until(
    'both in the picture',
    async () => {
      const read = await readPicture(bob);
      return read.shares.Ada > 3 && read.shares.Bob > 3 && read;
    },
    kPatience,
  );
  await screenshot(bob, 'one-stream-h264');
  const formats = (await codecsReceived(bob)).filter((format) => format.startsWith('video'));
  t.diagnostic(`${JSON.stringify(shares)}: ${formats}`);
  assert.deepEqual(formats, ['video/H264']);
  assertNoProblems(ada, bob);
});
