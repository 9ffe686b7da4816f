// The program in a meeting with a browser: both see and hear each other, and a message is answered.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { haveChromium, haveFirefox, launchChromium, launchFirefox } from '../../tests/e2e/lib/browsers.mjs';
import { picturesArrive, soundArrives } from '../../tests/e2e/lib/media.mjs';
import { assertNoProblems, connected, enter, roomState, tileIsGone, tileOf } from '../../tests/e2e/lib/meeting.mjs';
import { startServer } from '../../tests/e2e/lib/server.mjs';
import { until, within } from '../../tests/e2e/lib/wait.mjs';
import { build } from '../../tests/interop/lib/program.mjs';

const run = promisify(execFile);

// A folder of the test's own, with a clip of four seconds in it.
async function makeClip(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-native-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [picture, sound] = [path.join(folder, 'clip.ivf'), path.join(folder, 'clip.ogg')];
  await run('ffmpeg', ['-v', 'error',
    '-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25:duration=4', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=4',
    '-map', '0:v', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k', '-g', '50', '-pix_fmt', 'yuv420p', picture,
    '-map', '1:a', '-c:a', 'libopus', '-ac', '2', sound]);
  return { folder, picture, sound };
}

// Starts the program; resolves once it is in the room.
async function joinNatively(t, server, ...options) {
  const child = spawn(path.join(build, 'examples/native_call'), [`${server.url}/room/x`, '--name', 'Clip', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until('the program to join', () => lines.some((line) => line.startsWith('joined')));
  // The exit code.
  const leave = () => {
    child.kill('SIGTERM');
    return within(10_000, 'the program to end', ended);
  };
  return { lines, leave };
}

// What the program answers to a message on a new data channel.
function ask(page, text) {
  return within(20_000, 'an answer on the data channel', page.evaluate((message) => new Promise((resolve, reject) => {
    const connection = window.parleyTestConnections.find(({ connectionState }) => connectionState === 'connected');
    const channel = connection.createDataChannel('questions');
    channel.onopen = () => channel.send(message);
    channel.onmessage = ({ data }) => resolve(data);
    channel.onerror = ({ error }) => reject(error);
  }), text));
}

// The whole frames that a decoder finds in a file; any fault of the file is an error.
async function decodedFrames(file) {
  const { stdout, stderr } = await run('ffprobe',
    ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'json', file]);
  assert.equal(stderr, '', file);
  const [{ codec_name: codec, nb_read_frames: frames }] = JSON.parse(stdout).streams;
  return { codec, frames: Number(frames) };
}

async function assertSaved(folder) {
  const files = (await readdir(folder)).map((name) => path.join(folder, name));
  const picture = await decodedFrames(files.find((name) => name.endsWith('-camera.ivf')));
  assert.equal(picture.codec, 'vp8');
  assert.ok(picture.frames > 20, `${picture.frames} pictures`);
  const sound = await decodedFrames(files.find((name) => name.endsWith('-microphone.ogg')));
  assert.equal(sound.codec, 'opus');
  assert.ok(sound.frames > 50, `${sound.frames} packets of sound`);
}

async function talk(t, browser, { nativeFirst }) {
  const server = await startServer({ t });
  const { folder, picture, sound } = await makeClip(t);
  const options = ['--picture', picture, '--sound', sound, '--save', folder];
  let program = nativeFirst && await joinNatively(t, server, ...options);
  const page = await enter(browser, server, { name: 'Ada' });
  await roomState(page, 'joined');
  program ||= await joinNatively(t, server, ...options);

  await connected(page, 1);
  await tileOf(page, 'Clip');
  await picturesArrive(page, 50);
  await soundArrives(page);
  assert.equal(await ask(page, 'hello'), 'You said: hello');
  await picturesArrive(page, 25); // The new section has not disturbed the others.

  assert.equal(await program.leave(), 0);
  await tileIsGone(page, 'Clip');
  await assertSaved(folder);
  assertNoProblems(page);
}

test('it calls a Chromium that is there', { skip: !haveChromium && 'no Chromium' }, async (t) => {
  await talk(t, await launchChromium({ t }), { nativeFirst: false });
});

test('a Chromium that comes later calls it', { skip: !haveChromium && 'no Chromium' }, async (t) => {
  await talk(t, await launchChromium({ t }), { nativeFirst: true });
});

test('it calls a Firefox that is there', { skip: !haveFirefox && 'no Firefox' }, async (t) => {
  await talk(t, await launchFirefox({ t }), { nativeFirst: false });
});

for (const nativeFirst of [false, true]) {
  test(`without files it listens, ${nativeFirst ? 'called' : 'calling'}`, { skip: !haveChromium && 'no Chromium' }, async (t) => {
    const server = await startServer({ t });
    let program = nativeFirst && await joinNatively(t, server);
    const page = await enter(await launchChromium({ t }), server, { name: 'Ada' });
    await roomState(page, 'joined');
    program ||= await joinNatively(t, server);
    await connected(page, 1);
    assert.equal(await ask(page, 'hello'), 'You said: hello');
    const kinds = await page.evaluate(() => window.parleyTestConnections.find((c) => c.connectionState === 'connected')
      .getTransceivers().map(({ receiver, currentDirection }) => `${receiver.track.kind} ${currentDirection}`));
    const used = nativeFirst ? kinds : kinds.filter((kind) => !kind.endsWith('inactive'));
    assert.deepEqual(used.sort(), ['audio sendonly', 'video sendonly']);
    assert.equal(await program.leave(), 0);
    assertNoProblems(page);
  });
}

test('what it cannot do, it says', async (t) => {
  const fails = (args, message) => assert.rejects(run(path.join(build, 'examples/native_call'), args),
    ({ code, stderr }) => code === 1 && message.test(stderr));
  const server = await startServer({ t });
  await fails(['https://localhost/room/x'], /is no http:\/\/HOST\/room\/NAME/);
  await fails([`${server.url}/room/x`, '--picture', '/nowhere.ivf'], /\/nowhere\.ivf: cannot be read/);
  await fails([`${server.url}/room/!`], /cannot join: /);
  await server.stop();
  await fails([`${server.url}/room/x`], /has ended: reset/);
});
