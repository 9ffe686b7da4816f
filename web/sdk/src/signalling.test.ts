import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kAckTimeout, kRetryDelay, Signalling } from './signalling';
import { FakeServer } from './testing/fake_server';
import { FakeSocket } from './testing/fake_socket';

const request = { room: 'Daily', name: 'Ada', micinf: true, vidinf: false };

function seat(server: FakeServer) {
  const socket = new FakeSocket(server);
  const signalling = new Signalling(socket, () => request);
  const states: string[] = [];
  const heard: string[] = [];
  signalling.on('state', (state) => states.push(state));
  signalling.on('welcome', ({ welcome, first }) => heard.push(`welcome ${welcome.sid} ${first ? 'first' : 'again'}`));
  signalling.on('recovered', () => heard.push('recovered'));
  signalling.connect();
  return { socket, signalling, states, heard };
}

const joins = (server: FakeServer) =>
  server.log.filter(({ event }) => event === 'join').map(({ fields }) => fields['resume']);
const run = (milliseconds = 10) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] }));
afterEach(() => void vi.useRealTimers());

describe('Signalling', () => {
  it('joins as soon as it is connected, and may send from the welcome on', async () => {
    const server = new FakeServer();
    const { signalling, states, heard } = seat(server);
    signalling.on('welcome', () => signalling.send('media', { micinf: true, vidinf: true, scrinf: false }));
    await run();
    expect([states, heard]).toEqual([['joined'], ['welcome sid-a first']]);
    expect(server.log.map(({ event }) => event)).toEqual(['join', 'media']);
  });

  it('comes back with its resume, as the same participant', async () => {
    const server = new FakeServer();
    const { socket, states, heard } = seat(server);
    await run();
    socket.cut();
    expect(states).toEqual(['joined', 'reconnecting']);
    socket.comeBack();
    await run();
    expect(heard).toEqual(['welcome sid-a first', 'welcome sid-a again']);
    expect(joins(server)).toEqual([undefined, 'sid-a.secret']);
    expect(states.at(-1)).toBe('joined');
  });

  it('does not join again when Socket.IO recovered the connection', async () => {
    const server = new FakeServer();
    const { socket, heard, states } = seat(server);
    await run();
    socket.cut();
    socket.comeBack('sid-a');
    await run();
    expect(joins(server)).toHaveLength(1);
    expect(heard.at(-1)).toBe('recovered');
    expect(states).toEqual(['joined', 'reconnecting', 'joined']);
  });

  it('comes in as someone new when the resume is too old', async () => {
    const server = new FakeServer();
    const { socket, heard } = seat(server);
    await run();
    socket.cut();
    server.refuse = { code: 'invalid', message: 'resume: too old', field: 'resume' };
    socket.comeBack();
    await run();
    expect(joins(server)).toEqual([undefined, 'sid-a.secret', undefined]);
    expect(heard.at(-1)).toBe('welcome sid-b first');
  });

  it.each(['room-full', 'server-full', 'invalid'])('fails for good when the server says %s', async (code) => {
    const server = new FakeServer();
    server.refuse = { code, message: 'no' };
    const { socket, signalling, states } = seat(server);
    await run(60_000);
    expect(states).toEqual(['failed']);
    expect(signalling.error?.code).toBe(code);
    expect([socket.connected, joins(server).length]).toEqual([false, 1]);
  });

  it('asks again, on a fresh connection, when the server is shutting down', async () => {
    const server = new FakeServer();
    server.refuse = { code: 'closing', message: 'restarting' };
    const { states } = seat(server);
    await run();
    expect(states).toEqual([]);
    await run(kRetryDelay + 10);
    expect(states).toEqual(['joined']);
  });

  it('asks again when the join was never answered', async () => {
    const server = new FakeServer();
    server.mute = true;
    const { states } = seat(server);
    await run(kAckTimeout);
    server.mute = false;
    await run(kRetryDelay + 10);
    expect(states).toEqual(['joined']);
  });

  it('comes back by itself when the server closed the connection', async () => {
    const server = new FakeServer();
    const { socket, states } = seat(server);
    await run();
    socket.cut('io server disconnect');
    await run(kRetryDelay + 10);
    expect(states).toEqual(['joined', 'reconnecting', 'joined']);
  });

  it('ignores the answer to a join on a connection that broke meanwhile', async () => {
    const server = new FakeServer();
    server.mute = true;
    const { socket, states } = seat(server);
    await run();
    socket.cut();
    server.mute = false;
    socket.comeBack();
    await run(kAckTimeout * 2);
    expect(states).toEqual(['joined']);
    expect(joins(server)).toHaveLength(2);
  });

  it('leaves at once, says so, and stays away', async () => {
    const server = new FakeServer();
    const { socket, signalling, states } = seat(server);
    await run();
    signalling.leave();
    expect(states).toEqual(['joined', 'left']);
    expect(socket.connected).toBe(false);
    await run(60_000);
    expect(states).toEqual(['joined', 'left']);
    await expect(signalling.request('leave', {})).rejects.toMatchObject({ code: 'offline' });
  });

  it('does not fight for its place when it was replaced', async () => {
    const server = new FakeServer();
    const { socket, signalling, states } = seat(server);
    const replaced = vi.fn();
    signalling.on('replaced', replaced);
    await run();
    socket.receive('replaced', {});
    await run(60_000);
    expect(replaced).toHaveBeenCalledOnce();
    expect(states).toEqual(['joined', 'left']);
    expect(joins(server)).toHaveLength(1);
  });

  it('sends nothing while it is not in the room: the server would not know for whom', async () => {
    const server = new FakeServer();
    const { socket, signalling } = seat(server);
    await run();
    socket.cut();
    signalling.send('media', { micinf: false, vidinf: false, scrinf: false });
    await expect(signalling.request('leave', {})).rejects.toMatchObject({ code: 'offline' });
    expect(server.log).toHaveLength(1);
  });

  it('rejects a request with the server’s error, and with a time-out when there is no answer', async () => {
    const server = new FakeServer();
    const { signalling } = seat(server);
    await run();
    const candidate = { sid: 'nobody', candidate: null };
    const refused = expect(signalling.request('candidate', candidate)).rejects.toMatchObject({
      code: 'no-such-participant',
      field: 'sid',
    });
    await run();
    await refused;
    server.mute = true;
    const late = expect(signalling.request('candidate', candidate)).rejects.toMatchObject({ code: 'timeout' });
    await run(kAckTimeout);
    await late;
  });

  it('reports what the protocol does not allow, and goes on', async () => {
    const server = new FakeServer();
    const { socket, signalling } = seat(server);
    const mismatch = vi.fn();
    const away = vi.fn();
    signalling.on('mismatch', mismatch);
    signalling.on('away', away);
    await run();
    socket.receive('away', { sid: 7 });
    socket.receive('away', { sid: 'b' });
    await run();
    expect(mismatch.mock.calls).toMatchObject([[{ event: 'away', error: { field: 'sid' } }]]);
    expect(away.mock.calls).toEqual([[{ sid: 'b' }]]);
  });
});
