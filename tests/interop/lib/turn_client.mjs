// A TURN client over UDP (RFC 8656, RFC 8489) that reads and writes its messages independently of our code: it
// shows the exact code of an error, and does what no finished client does.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';

import { within } from '../../e2e/lib/wait.mjs';

const kCookie = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
export const kMethod = { allocate: 0x003, refresh: 0x004, createPermission: 0x008, channelBind: 0x009 };
const kAttribute = {
  username: 0x0006, integrity: 0x0008, error: 0x0009, channel: 0x000c, lifetime: 0x000d, peer: 0x0012,
  realm: 0x0014, nonce: 0x0015, relayed: 0x0016, transport: 0x0019,
};

// An address of 4 or 16 bytes, xored with cookie and transaction id (RFC 8489, 14.2).
function xorAddress(bytes, port, transaction) {
  const mask = Buffer.concat([kCookie, transaction]);
  const value = Buffer.alloc(4 + bytes.length);
  value[1] = bytes.length === 4 ? 1 : 2;
  value.writeUInt16BE(port ^ 0x2112, 2);
  bytes.forEach((byte, i) => (value[4 + i] = byte ^ mask[i]));
  return value;
}

function attribute(type, value) {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function header(type, length, transaction) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  return Buffer.concat([bytes, kCookie, transaction]);
}

function parse(message) {
  const attributes = new Map();
  for (let at = 20; at + 4 <= message.length;) {
    const length = message.readUInt16BE(at + 2);
    attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  const error = attributes.get(kAttribute.error);
  const code = error ? error[2] * 100 + error[3] : 0;
  return { code, attributes, transaction: message.subarray(8, 20) };
}

export class TurnClient {
  #socket = dgram.createSocket('udp4');
  #answers = new Map();
  #channelData = [];
  #heard = () => {};
  #realm = '';
  #nonce = '';

  // `server`: a port of 127.0.0.1.
  constructor(server, { username, credential }) {
    this.server = server;
    this.username = username;
    this.credential = credential;
    this.#socket.on('message', (message) => this.#take(message));
  }

  #take(message) {
    if (message[0] & 0x40) {
      this.#channelData.push(message.subarray(4, 4 + message.readUInt16BE(2)));
      this.#heard();
    } else {
      this.#answers.get(message.toString('hex', 8, 20))?.(parse(message));
    }
  }

  // One request without a second try: on loopback nothing is lost.
  async #ask(method, attributes, signed) {
    const transaction = randomBytes(12);
    const all = attributes.map(([type, value]) =>
      attribute(type, typeof value === 'function' ? value(transaction) : value));
    if (signed) {
      all.push(attribute(kAttribute.username, Buffer.from(this.username)),
        attribute(kAttribute.realm, Buffer.from(this.#realm)), attribute(kAttribute.nonce, this.#nonce));
    }
    let body = Buffer.concat(all);
    if (signed) {
      const key = createHash('md5').update(`${this.username}:${this.#realm}:${this.credential}`).digest();
      const covered = Buffer.concat([header(method, body.length + 24, transaction), body]);
      const hmac = createHmac('sha1', key).update(covered).digest();
      body = Buffer.concat([body, attribute(kAttribute.integrity, hmac)]);
    }
    const answer = new Promise((resolve) => this.#answers.set(transaction.toString('hex'), resolve));
    this.#socket.send(Buffer.concat([header(method, body.length, transaction), body]), this.server, '127.0.0.1');
    const answered = await within(10_000, `an answer to TURN method ${method}`, answer);
    this.#realm = answered.attributes.get(kAttribute.realm)?.toString() ?? this.#realm;
    this.#nonce = answered.attributes.get(kAttribute.nonce) ?? this.#nonce;
    return answered;
  }

  // The first request learns realm and nonce (401), as does one with a nonce that is too old (438).
  async request(method, attributes = []) {
    if (!this.#nonce) await this.#ask(method, attributes, false);
    const answer = await this.#ask(method, attributes, true);
    return answer.code === 438 ? this.#ask(method, attributes, true) : answer;
  }

  // The code of the error, or 0.
  async allocate() {
    const answer = await this.request(kMethod.allocate, [[kAttribute.transport, Buffer.from([17, 0, 0, 0])]]);
    const relayed = answer.attributes.get(kAttribute.relayed);
    if (relayed) this.relayedPort = relayed.readUInt16BE(2) ^ 0x2112;
    return answer.code;
  }

  async refresh(seconds) {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(seconds);
    return (await this.request(kMethod.refresh, [[kAttribute.lifetime, lifetime]])).code;
  }

  // `ip`: its 4 or 16 bytes.
  async permit(ip, port = 9) {
    const peer = (transaction) => xorAddress(ip, port, transaction);
    return (await this.request(kMethod.createPermission, [[kAttribute.peer, peer]])).code;
  }

  async bind(number, ip, port) {
    const channel = Buffer.alloc(4);
    channel.writeUInt16BE(number);
    const peer = (transaction) => xorAddress(ip, port, transaction);
    return (await this.request(kMethod.channelBind, [[kAttribute.channel, channel], [kAttribute.peer, peer]])).code;
  }

  send(number, text) {
    const data = Buffer.alloc(4);
    data.writeUInt16BE(number, 0);
    data.writeUInt16BE(text.length, 2);
    this.#socket.send(Buffer.concat([data, Buffer.from(text)]), this.server, '127.0.0.1');
  }

  // The next that comes by any channel.
  async receive() {
    while (this.#channelData.length === 0) {
      await within(10_000, 'channel data', new Promise((resolve) => (this.#heard = resolve)));
    }
    return this.#channelData.shift().toString();
  }

  async close() {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

// As coturn's REST scheme makes it.
export const passwordOf = (secret, username) => createHmac('sha1', secret).update(username).digest('base64');

// Good for an hour.
export function timeLimitedLogin(secret, user) {
  const username = `${Math.floor(Date.now() / 1000) + 3600}:${user}`;
  return { username, credential: passwordOf(secret, username) };
}
