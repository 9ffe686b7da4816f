// The real server, killed again and again while people chat, tick to-dos, ask and vote: what it
// acknowledged must be there afterwards, once, and as it was acknowledged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';

import { startServer } from '../e2e/lib/server.mjs';

const kills = 20;
const rooms = ['kill-1', 'kill-2', 'kill-3'];
const peopleInARoom = 3;
const inFlight = 4; // Messages of one person that are not acknowledged yet.

// One event after the other on /ws, each with the answer it gets; none once the connection breaks.
class Connection {
  #answers = new Map();
  #last = 0;

  constructor(url) {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`);
    this.socket.on('error', () => {});
    this.opened = new Promise((resolve) => this.socket.once('open', resolve));
    this.broken = new Promise((resolve) => this.socket.once('close', () => resolve(undefined)));
    this.socket.on('message', (text) => {
      const [event, id, body] = JSON.parse(text);
      if (event === 'ack') this.#answers.get(id)(body);
    });
  }

  ask(event, body) {
    const id = ++this.#last;
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    this.socket.send(JSON.stringify([event, body, id]));
    return Promise.race([answer, this.broken]);
  }
}

// Killed, or shutting down: nothing was acknowledged, and nothing else may be refused.
function isGone(answer) {
  if (answer?.ok) return false;
  assert.equal(answer?.error.code ?? 'closing', 'closing', JSON.stringify(answer));
  return true;
}

// Someone who outlives the server: repeats what was not acknowledged, and remembers what was.
class Person {
  resume;
  said = 0;
  ticks = 0;
  waiting = []; // Messages without an acknowledgement, to be sent again.
  acknowledged = new Map(); // By key: the message as the server has it.
  item; // The to-do item as it was acknowledged last.
  voted = false; // Whether a vote for the room's question was acknowledged last, or that it is taken back.
  voting = false; // What the latest of them asked for, acknowledged or not.

  constructor(room, name) {
    this.room = room;
    this.name = name;
    this.itemId = `item-${name}`;
  }

  async connect(url) {
    this.connection = new Connection(url);
    await this.connection.opened;
    const welcome = await this.connection.ask('join', { room: this.room, name: this.name, micinf: false, vidinf: false, resume: this.resume });
    assert.ok(welcome?.ok, JSON.stringify(welcome));
    if (this.resume) assert.equal(welcome.sid, this.sid);
    Object.assign(this, { resume: welcome.resume, sid: welcome.sid });
  }

  // Until the server is gone. `onAcknowledged` is called for each answer.
  async live(onAcknowledged) {
    const talking = Array.from({ length: inFlight }, () => this.#talk(onAcknowledged));
    await Promise.all([...talking, this.#tick(onAcknowledged), this.#vote(onAcknowledged)]);
  }

  async #talk(onAcknowledged) {
    for (;;) {
      const message = this.waiting.shift() ?? { key: `${this.name}-${++this.said}`, text: `message ${this.said} of ${this.name}` };
      const answer = await this.connection.ask('chat', message);
      if (isGone(answer)) return this.waiting.push(message);
      this.acknowledged.set(message.key, answer.message);
      onAcknowledged();
    }
  }

  async #tick(onAcknowledged) {
    for (;;) {
      // Texts rise, since the greater wins where two changes are of the same millisecond.
      const text = `tick ${String(++this.ticks).padStart(6, '0')}`;
      const change = { item: this.itemId, age: 0, text, done: this.ticks % 2 === 1 };
      const answer = await this.connection.ask('todo', { changes: [change] });
      if (isGone(answer)) return;
      [this.item] = answer.items;
      onAcknowledged();
    }
  }

  // Votes for the room's question, and takes it back, by turns.
  async #vote(onAcknowledged) {
    for (;;) {
      this.voting = !this.voting;
      const answer = await this.connection.ask('questionVote', { id: 1, on: this.voting });
      if (isGone(answer)) return;
      assert.equal(answer.voted, this.voting);
      this.voted = answer.voted;
      onAcknowledged();
    }
  }
}

async function history(connection) {
  let messages = [];
  for (let more = true; more; ) {
    const before = messages[0]?.id;
    const page = await connection.ask('chatHistory', { limit: 100, ...(before && { before }) });
    assert.ok(page.ok, JSON.stringify(page));
    messages = [...page.messages, ...messages];
    more = page.more;
  }
  return messages;
}

test(`${kills} kills under load lose nothing that was acknowledged`, { timeout: 120_000 }, async (t) => {
  const people = rooms.flatMap((room) => Array.from({ length: peopleInARoom }, (_, i) => new Person(room, `${room}-p${i}`)));
  const server = await startServer({ t, args: ['--log-level', 'error'] });

  for (let kill = 0; kill < kills; kill++) {
    for (const person of people) await person.connect(server.url);
    // The first in each room is its host, whose question all may vote on; later it is the same by its key.
    for (const host of people.filter(({ name }) => name.endsWith('-p0'))) {
      const asked = await host.connection.ask('question', { key: 'why', text: 'Why?' });
      assert.deepEqual([asked.question.id, asked.question.state], [1, 'open']);
    }
    // Another number of acknowledgements each time, so that the kill meets another moment.
    let left = 30 + ((kill * 37) % 100);
    let ended;
    const onAcknowledged = () => {
      if (--left === 0) ended = server.stop(kill % 5 === 4 ? 'SIGTERM' : 'SIGKILL');
    };
    await Promise.all(people.map((person) => person.live(onAcknowledged)));
    await ended;
    await server.start();
  }

  const votes = new Map(rooms.map((room) => [room, 0]));
  for (const person of people) {
    await person.connect(server.url);
    const [question] = (await person.connection.ask('questions', {})).questions;
    assert.ok([person.voted, person.voting].includes(question.voted), `${person.name} has voted: ${question.voted}`);
    votes.set(person.room, votes.get(person.room) + Number(question.voted));
    person.counted = question.votes;

    const messages = await history(person.connection);
    const byKey = new Map(messages.map((message) => [message.key, message]));
    assert.equal(byKey.size, messages.length, 'a message is there twice');
    for (let i = 1; i < messages.length; i++) assert.ok(messages[i].id > messages[i - 1].id);
    for (const [key, message] of person.acknowledged) assert.deepEqual(byKey.get(key), message);

    const { items } = await person.connection.ask('todoList', {});
    const item = items.find(({ id }) => id === person.itemId);
    assert.ok(item.text >= person.item.text, `${item.text}, and ${person.item.text} was acknowledged`);
    if (item.text === person.item.text) assert.deepEqual(item, person.item);
    person.connection.socket.terminate();
  }
  for (const person of people) assert.equal(person.counted, votes.get(person.room), 'as many votes as people who voted');
});
