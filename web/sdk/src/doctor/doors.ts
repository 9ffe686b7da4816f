import { boundedSignal, median } from './bounded';
import type { DoorFinding, ServerFinding } from './findings';
import { readInfo } from './info';

/** How long the server may take to answer one request, in milliseconds. */
const kAnswer = 4000;
/** How long a way for signalling may take to open: other things are tried meanwhile. */
const kDoor = 8000;
const kSocketIo = '/socket.io/?EIO=4&transport=';
const kPings = 5;

/** What the server says of itself; asks for the round trip too. */
export async function askServer(origin: string, outer: AbortSignal): Promise<ServerFinding> {
  const { signal, end } = boundedSignal(kAnswer, outer);
  try {
    const response = await fetch(new URL('/api/doctor', origin), { cache: 'no-store', signal });
    if (response.status === 401) return { state: 'refused' };
    if (response.status === 429 || response.status >= 500) return { state: 'busy' };
    const info = response.ok ? readInfo(await response.json().catch(() => undefined)) : undefined;
    return info ? { state: 'ok', info } : { state: 'missing' };
  } catch {
    return { state: 'unreachable' };
  } finally {
    end();
  }
}

/** The round trip of a small request, in milliseconds; the first one may have to open a connection. */
export async function askRoundTrip(origin: string, outer: AbortSignal): Promise<number | undefined> {
  const { signal, end } = boundedSignal(kAnswer, outer);
  const times: number[] = [];
  try {
    for (let count = 0; count <= kPings; count += 1) {
      const start = performance.now();
      await (await fetch(new URL('/healthz', origin), { cache: 'no-store', signal })).text();
      if (count > 0) times.push(performance.now() - start);
    }
  } catch {
    // What has come so far is the answer.
  }
  end();
  return median(times);
}

/** Whether a WebSocket opens and brings the server's first message: Engine.IO's `open` packet. */
export async function tryWebSocket(origin: string, outer: AbortSignal): Promise<DoorFinding> {
  if (typeof WebSocket === 'undefined') return { works: false };
  const start = performance.now();
  const url = new URL(`${kSocketIo}websocket`, origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const { signal, end } = boundedSignal(kDoor, outer);
  const socket = new WebSocket(url);
  const works = await new Promise<boolean>((resolve) => {
    const no = () => resolve(false);
    socket.addEventListener('message', ({ data }) => resolve(isOpenPacket(data)));
    socket.addEventListener('error', no);
    socket.addEventListener('close', no);
    signal.addEventListener('abort', no);
    if (signal.aborted) no();
  });
  end();
  socket.close();
  return works ? { works, took: performance.now() - start } : { works };
}

/** Whether Socket.IO works by requests alone, as it does where no WebSocket gets through. */
export async function tryPolling(origin: string, outer: AbortSignal): Promise<DoorFinding> {
  const start = performance.now();
  const { signal, end } = boundedSignal(kDoor, outer);
  const url = new URL(`${kSocketIo}polling`, origin);
  try {
    const packet = await (await fetch(url, { cache: 'no-store', signal })).text();
    if (!isOpenPacket(packet)) return { works: false };
    const took = performance.now() - start;
    const { sid } = JSON.parse(packet.slice(1)) as { sid?: unknown };
    if (typeof sid !== 'string') return { works: false };
    url.searchParams.set('sid', sid);
    const left = await fetch(url, { method: 'POST', body: '1', signal }); // Engine.IO's `close` packet.
    return left.ok ? { works: true, took } : { works: false };
  } catch {
    return { works: false };
  } finally {
    end();
  }
}

function isOpenPacket(data: unknown): boolean {
  return typeof data === 'string' && data.startsWith('0{');
}
