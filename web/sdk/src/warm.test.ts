import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const made: { closed: boolean }[] = [];

class FakeConnection {
  closed = false;

  constructor() {
    made.push(this);
  }

  close(): void {
    this.closed = true;
  }
}

// What is warm is so for as long as the page lives: each test is another page.
async function openPage() {
  vi.resetModules();
  made.length = 0;
  return import('./warm');
}

beforeEach(() => void vi.stubGlobal('RTCPeerConnection', FakeConnection));
afterEach(() => void vi.unstubAllGlobals());

it('makes one connection ahead of the first of a call, which ends it', async () => {
  const { warmUp, makePeerConnection, configurationOf } = await openPage();
  warmUp();
  warmUp();
  expect(made).toHaveLength(1);
  makePeerConnection(configurationOf([]));
  expect(made.map(({ closed }) => closed)).toEqual([true, false]);
});

it('makes none where a call has one already: that would only keep it waiting', async () => {
  const { warmUp, makePeerConnection, configurationOf } = await openPage();
  makePeerConnection(configurationOf([]));
  warmUp();
  expect(made).toHaveLength(1);
});

it('does nothing where there is no WebRTC', async () => {
  const { warmUp } = await openPage();
  vi.stubGlobal('RTCPeerConnection', undefined);
  warmUp();
  expect(made).toHaveLength(0);
});
