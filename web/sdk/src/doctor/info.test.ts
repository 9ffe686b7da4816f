import { describe, expect, it } from 'vitest';
import { parseServerUrl, readInfo, relayServers, stunUrl } from './info';

const kBody = {
  address: '203.0.113.9',
  port: 51234,
  scheme: 'https',
  iceServers: [
    { urls: ['stun:h:3478'] },
    { urls: ['turn:h:3478?transport=udp', 'turns:h:5349?transport=tcp'], username: 'u', credential: 'c' },
  ],
  ports: { http: 8080, https: null, stun: 3478, turnTls: 5349, media: [40000, 40001] },
  singlePort: false,
  publicAddress: null,
  warnings: ['Look.'],
};

describe('the answer of /api/doctor', () => {
  it('is read as it is', () => expect(readInfo(kBody)).toEqual(kBody));

  it('is none where something else came', () => {
    for (const body of [null, [], 'x', {}, { ports: {} }, { ports: {}, iceServers: 1 }]) {
      expect(readInfo(body)).toBeUndefined();
    }
  });

  it('loses what no browser should be given', () => {
    const odd = readInfo({
      ...kBody,
      ports: { media: [0, 70_000, '1', 5] },
      iceServers: [7, { urls: [1, 'a'] }],
      warnings: [1],
    });
    expect(odd).toMatchObject({ ports: { http: null, media: [5] }, iceServers: [{ urls: ['a'] }], warnings: [] });
  });

  it('names the servers by transport, each with its login', () => {
    const info = readInfo(kBody);
    if (!info) throw new Error('unread');
    expect(stunUrl(info)).toBe('stun:h:3478');
    expect(relayServers(info)).toEqual([
      {
        transport: 'udp',
        url: 'turn:h:3478?transport=udp',
        server: { urls: 'turn:h:3478?transport=udp', username: 'u', credential: 'c' },
      },
      {
        transport: 'tls',
        url: 'turns:h:5349?transport=tcp',
        server: { urls: 'turns:h:5349?transport=tcp', username: 'u', credential: 'c' },
      },
    ]);
  });
});

describe('a server’s URL', () => {
  it.each([
    ['stun:meet.example.org', { kind: 'stun', host: 'meet.example.org', port: 3478 }],
    ['turn:192.0.2.1:99', { kind: 'udp', host: '192.0.2.1', port: 99 }],
    ['turn:[2001:db8::1]:3478?transport=tcp', { kind: 'tcp', host: '[2001:db8::1]', port: 3478 }],
    ['turns:h', { kind: 'tls', host: 'h', port: 5349 }],
    ['TURNS:h:443?transport=tcp', { kind: 'tls', host: 'h', port: 443 }],
    ['http://h', undefined],
    ['turn:', undefined],
    ['', undefined],
  ])('%s', (url, read) => expect(parseServerUrl(url)).toEqual(read));
});
