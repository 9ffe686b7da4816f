import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audienceMember } from './lecture/events';
import {
  chatMessage,
  clientEvents,
  mustWait,
  offer,
  participant,
  permissions,
  qualityLimit,
  readAcknowledgement,
  readServerEvent,
  serverEvents,
  settings,
  slot,
  source,
  tileQuality,
  todoChange,
  todoItem,
  topology,
  topologyReason,
  viewTile,
  waitingPerson,
} from './protocol';
import { question, questionState } from './questions/events';
import type { Schema, Shape } from './schema';

// The protocol's reference and its types here must say the same: this reads the one against the other.
const text = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

function section(part: string, heading: string): string {
  const begin = `\n${part}`.indexOf(`\n${heading}\n`);
  if (begin < 0) throw new Error(`docs/protocol.md has no "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const rest = part.slice(begin + heading.length + 1);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

function events(part: string): string[] {
  return [...part.matchAll(/^### ([\w-]+)/gm)].map(([, name = '']) => name);
}

/** The tables of a section, each as its rows of field, type and optionality. */
function tables(part: string): Map<string, { type: string; optional: boolean }>[] {
  return part
    .split(/^\| field \| type \|.*\n\|[-| ]+\n/m)
    .slice(1)
    .map((rest) => {
      const rows = rest
        .slice(0, rest.search(/^(?!\|)/m))
        .trim()
        .split('\n');
      return new Map(
        rows.flatMap((row) => {
          const [, fields = '', type = ''] = row.split('|').map((cell) => cell.trim());
          const names = [...fields.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
          const [plain = ''] = type.split(',');
          return names.map((name) => [name, { type: plain, optional: type.includes('optional') }] as const);
        }),
      );
    });
}

function examples(part: string): unknown[][] {
  return [...part.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split(/\n(?=\[)/).map((line) => JSON.parse(line) as unknown[]),
  );
}

/** Types are compared by their first word: a table says `string`, a schema may list the options. */
function sameType(schema: Schema<unknown>, told: string): boolean {
  const words: Record<string, RegExp> = {
    string: /^string( or null)?$|\|/,
    boolean: /^boolean$/,
    number: /^number( or null)?$/,
    object: /^object/,
    array: /^array/,
  };
  return words[/\w+/.exec(told)?.[0] ?? '']?.test(schema.type) ?? false;
}

const kNoFields = new Map<string, { type: string; optional: boolean }>();

function expectSameFields(shape: Shape, table: Map<string, { type: string; optional: boolean }>): void {
  expect(Object.keys(shape).sort()).toEqual([...table.keys()].sort());
  for (const [name, told] of table) {
    const field = shape[name];
    expect(field?.optional, `${name} is optional`).toBe(told.optional);
    expect(field && sameType(field, told.type), `${name} is ${told.type}, not ${field?.type}`).toBe(true);
  }
}

const fromClient = section(text, '## From the client');
const fromServer = section(text, '## From the server');

describe('docs/protocol.md', () => {
  it('names exactly the events that the types have', () => {
    expect(events(fromClient).sort()).toEqual(Object.keys(clientEvents).sort());
    expect(events(fromServer).sort()).toEqual(Object.keys(serverEvents).sort());
  });

  it('gives the events from the client the fields that the types have', () => {
    for (const [name, event] of Object.entries(clientEvents)) {
      const plain = `### ${name}`;
      const title = `\n${fromClient}`.includes(`\n${plain}\n`) ? plain : `${plain} (from the client)`;
      const found = tables(section(fromClient, title));
      const hasFields = Object.keys(event.fields.shape).length > 0;
      expectSameFields(event.fields.shape, (hasFields ? found.shift() : undefined) ?? kNoFields);
      expectSameFields(event.ack.shape, found.shift() ?? kNoFields);
      if (name === 'join') expectSameFields(mustWait.shape, found.shift() ?? kNoFields);
    }
  });

  it('gives the types the fields that they have', () => {
    const types = {
      Participant: participant,
      Permissions: permissions,
      Settings: settings,
      WaitingPerson: waitingPerson,
      AudienceMember: audienceMember,
      Offer: offer,
      Tile: viewTile,
      Slot: slot,
      TileQuality: tileQuality,
      ChatMessage: chatMessage,
      TodoItem: todoItem,
      TodoChange: todoChange,
      'Question (type)': question,
    };
    for (const [name, type] of Object.entries(types)) {
      const [fields] = tables(section(section(text, '## Types'), `### ${name}`));
      expectSameFields(type.shape, fields ?? kNoFields);
    }
  });

  it('has examples of events from the client that the types accept', () => {
    let event: keyof typeof clientEvents = 'join';
    for (const [name, body, answer] of examples(fromClient)) {
      if (name === 'ack') {
        const waits = (answer as { waiting?: unknown }).waiting === true;
        if (waits) mustWait.read(answer, '');
        else expect(readAcknowledgement(event, answer).ok).toBe(true); // To the one above.
      } else {
        event = name as keyof typeof clientEvents;
        expect(clientEvents[event].fields.read(body, '')).toEqual(body);
      }
    }
  });

  it('has an example of every event from the server, of which no field is unknown to the types', () => {
    const seen = examples(fromServer).map(([name, body]) => {
      expect(readServerEvent(name as keyof typeof serverEvents, body)).toEqual(body);
      return name;
    });
    expect([...new Set(seen)].sort()).toEqual(Object.keys(serverEvents).sort());
  });

  it('names no event as Socket.IO names its own', () => {
    const reserved = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'];
    const names = [...Object.keys(clientEvents), ...Object.keys(serverEvents)];
    expect(names.filter((name) => reserved.includes(name))).toEqual([]);
  });

  it('lists the sources, topologies, reasons and limits that the types list', () => {
    const options = [source, topology, topologyReason, qualityLimit, questionState]
      .map((listed) => listed.type)
      .join('|');
    for (const option of options.split('|')) expect(text).toContain(`\`${option}\``);
  });
});

describe('readServerEvent', () => {
  const ada = {
    ...{ sid: 'a', name: 'Ada', micinf: true, vidinf: true, scrinf: false, away: false, account: false, joinedAt: 1 },
    ...{ role: 'owner', hand: null },
    permissions: { microphone: true, camera: true, screen: true, chat: true, todo: true },
  };

  it('names the field at fault', () => {
    expect(() => readServerEvent('joined', { participant: { ...ada, micinf: 'yes' } })).toThrow(
      'participant.micinf: must be a boolean, not string',
    );
    expect(() => readServerEvent('left', { sid: 'a' })).toThrow(
      'reason: must be one of left, timeout, removed, audience, not missing',
    );
    expect(() => readServerEvent('away', null)).toThrow('message: must be an object, not null');
    expect(() =>
      readServerEvent('description', { sid: 'a', cname: 'Ada', type: 'offer', sdp: '', sources: { 0: 'tv' } }),
    ).toThrow('sources.0');
    expect(() => readServerEvent('candidate', { sid: 'a', cname: 'Ada', candidate: [] })).toThrow(
      'candidate: must be an object, not array',
    );
  });

  it('passes over fields that a newer server may send', () => {
    expect(readServerEvent('joined', { participant: { ...ada, mood: 'fine' }, at: 12 })).toEqual({ participant: ada });
  });
});

describe('readAcknowledgement', () => {
  it('reads a failure with its field', () => {
    const error = { code: 'invalid', message: 'name: is missing', field: 'name' };
    expect(readAcknowledgement('join', { ok: false, error })).toEqual({ ok: false, error });
    expect(readAcknowledgement('leave', { ok: false })).toMatchObject({ ok: false, error: { code: 'unknown' } });
  });

  it('refuses an acceptance that lacks what was promised', () => {
    expect(() => readAcknowledgement('join', { ok: true, sid: 'a' })).toThrow('resume: must be a string, not missing');
    expect(() => readAcknowledgement('join', 'ok')).toThrow('must be an object');
  });
});
