import { median, whenOver } from './bounded';
import type { RelayFinding } from './findings';
import type { ChannelEnds } from './relay_path';

/** As a voice is sent, twice as often: packets, milliseconds between two of them, bytes. */
const kPackets = 300;
const kSpacing = 10;
const kPacketBytes = 160;
/** How long the last of them may take, in milliseconds. */
const kTail = 700;

/** How long to send as much as gets through, in milliseconds, of which the first part does not count. */
const kFlood = 2000;
const kFloodStart = 500;
const kChunk = new ArrayBuffer(16 << 10);
const kQueued = 256 << 10;

export type Quality = Required<Pick<RelayFinding, 'loss' | 'roundTrip' | 'jitter'>>;

/** Sends small packets, evenly spaced; undefined where none arrived. */
export async function measurePackets({ near, far }: ChannelEnds, signal: AbortSignal): Promise<Quality | undefined> {
  const trips: number[] = [];
  const seen = new Set<number>();
  let allIn: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (allIn = resolve));
  far.onmessage = ({ data }) => {
    const view = new DataView(data as ArrayBuffer);
    seen.add(view.getUint32(0));
    trips.push(performance.now() - view.getFloat64(8));
    if (seen.size === kPackets) allIn();
  };
  await sendEvenly(near, signal);
  await Promise.race([arrived, whenOver(kTail, signal)]);
  far.onmessage = null;
  const roundTrip = median(trips);
  if (roundTrip === undefined) return undefined;
  return { loss: (100 * (kPackets - seen.size)) / kPackets, roundTrip, jitter: meanChange(trips) };
}

// A timer that comes late makes up for it: browsers slow down those of pages in the background.
function sendEvenly(near: RTCDataChannel, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(kPackets, Math.floor((performance.now() - start) / kSpacing) + 1);
      if (signal.aborted || near.readyState !== 'open') sent = kPackets;
      for (; sent < due; sent += 1) near.send(packet(sent));
      if (sent < kPackets) return;
      clearInterval(timer);
      resolve();
    }, kSpacing);
  });
}

function packet(number: number): ArrayBuffer {
  const bytes = new ArrayBuffer(kPacketBytes);
  const view = new DataView(bytes);
  view.setUint32(0, number);
  view.setFloat64(8, performance.now());
  return bytes;
}

function meanChange(trips: readonly number[]): number {
  const changes = trips.slice(1).map((trip, index) => Math.abs(trip - (trips[index] ?? trip)));
  return changes.reduce((sum, change) => sum + change, 0) / Math.max(1, changes.length);
}

/** Sends as much as gets through, and tells how much that is, in Mbit/s. */
export async function measureBandwidth({ near, far }: ChannelEnds, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  let [bytes, early] = [0, 0];
  let last = start;
  far.onmessage = ({ data }) => {
    last = performance.now();
    if (last < start + kFloodStart) early += (data as ArrayBuffer).byteLength;
    else bytes += (data as ArrayBuffer).byteLength;
  };
  const fill = () => {
    while (near.readyState === 'open' && near.bufferedAmount < kQueued) near.send(kChunk);
  };
  near.bufferedAmountLowThreshold = kQueued / 2;
  near.onbufferedamountlow = fill;
  fill();
  await whenOver(kFlood, signal);
  near.onbufferedamountlow = null;
  far.onmessage = null;
  const counted = bytes > 0 ? [bytes, kFlood - kFloodStart] : [early, kFloodStart];
  return ((counted[0] ?? 0) * 8) / ((counted[1] ?? 1) * 1000);
}
