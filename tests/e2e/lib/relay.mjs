// A call whose only way is the server's relay, and a network in which a test can spoil UDP to it.
import dgram from 'node:dgram';

import { until } from './wait.mjs';

// To be run before the page's own scripts: of the servers that the page is given, only those that
// relay over one of `transports` (udp, tcp, tls) are used, and nothing but them.
function relayAlone({ transports, udpPort }) {
  const transportOf = (url) => (url.startsWith('turns:') ? 'tls' : /^turn:.*transport=(\w+)/.exec(url)?.[1]);
  const moved = (url) => (udpPort && transportOf(url) === 'udp' ? url.replace(/:\d+\?/, `:${udpPort}?`) : url);
  const changed = ({ iceServers = [], ...configuration } = {}) => ({
    ...configuration,
    iceTransportPolicy: 'relay',
    iceServers: iceServers
      .map((server) => ({ ...server, urls: [server.urls].flat().filter((url) => transports.includes(transportOf(url))).map(moved) }))
      .filter(({ urls }) => urls.length > 0),
  });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration) {
      super(changed(configuration));
    }
    setConfiguration(configuration) {
      super.setConfiguration(changed(configuration));
    }
  };
}

// `udpPort`: where a UdpProxy stands for the relay.
export async function useRelayAlone(page, { transports, udpPort }) {
  const options = { transports, udpPort };
  if (page.addInitScript) await page.addInitScript(relayAlone, options);
  else await page.evaluateOnNewDocument(relayAlone, options);
}

// Of the connection that carries the call: by what it reaches the relay (udp, tcp, tls), or what
// type of candidate it has where it does not.
export function pathOf(page) {
  return page.evaluate(async () => {
    const open = window.parleyTestConnections.filter((c) => c.connectionState === 'connected' && c.getSenders().length > 0);
    for (const connection of open) {
      const reports = [...(await connection.getStats()).values()];
      const named = reports.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
      const pair = reports.find((r) => r.type === 'candidate-pair' && (named ? r.id === named : r.selected));
      const local = reports.find(({ id }) => id === pair?.localCandidateId);
      if (local) return local.candidateType === 'relay' ? local.relayProtocol : local.candidateType;
    }
    return 'none';
  });
}

export function pathIs(page, wanted, options = {}) {
  const what = `${page.personName}'s path to be ${wanted}`;
  return until(what, async () => {
    const path = await pathOf(page);
    if (path === wanted) return true;
    throw new Error(path);
  }, { timeout: 60_000, ...options });
}

// Passes datagrams on to the port of the relay, as long as the test lets it: what a firewall does to
// UDP. Each client keeps a socket of its own to the relay.
export async function startUdpProxy({ t, port }) {
  const clients = new Map(); // "address:port" -> its socket to the relay
  const proxy = { blocked: false, loss: 0, passed: 0, dropped: 0 };
  const passes = () => {
    const dropped = proxy.blocked || Math.random() < proxy.loss;
    proxy[dropped ? 'dropped' : 'passed'] += 1;
    return !dropped;
  };
  const near = dgram.createSocket('udp4');
  near.on('message', (data, from) => {
    if (!passes()) return;
    const key = `${from.address}:${from.port}`;
    if (!clients.has(key)) {
      const far = dgram.createSocket('udp4');
      far.on('error', () => {});
      far.on('message', (answer) => passes() && near.send(answer, from.port, from.address));
      clients.set(key, far);
    }
    clients.get(key).send(data, port, '127.0.0.1');
  });
  near.on('error', () => {});
  await new Promise((resolve) => near.bind(0, '127.0.0.1', resolve));
  proxy.port = near.address().port;
  t.after(() => {
    near.close();
    for (const far of clients.values()) far.close();
  });
  return proxy;
}

// Where the server takes STUN and TURN.
export async function relayPort(server) {
  const answer = await (await fetch(`${server.url}/api/doctor`)).json();
  return answer.ports.stun;
}
