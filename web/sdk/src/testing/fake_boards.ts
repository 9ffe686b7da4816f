import type { ChatRecord, ParticipantInfo, TodoChange, TodoRecord } from '../protocol';
import { Refusal, type FakeServer, type Fields } from './fake_server';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Chat and to-do list of a {@link FakeServer}. Each field of an item keeps the time of its last change. */
export class FakeBoards {
  readonly messages: Writable<ChatRecord>[] = [];
  readonly items = new Map<string, Writable<TodoRecord>>();
  readonly #times = new Map<string, number>();

  handle(server: FakeServer, self: ParticipantInfo, event: string, fields: Fields): Fields {
    switch (event) {
      case 'chat':
        return { message: this.#chat(server, self, fields) };
      case 'chatEdit':
        return { message: this.#alter(server, self, fields, { text: String(fields['text']), edited: server.clock }) };
      case 'chatDelete':
        return { message: this.#alter(server, self, fields, { text: '', deleted: true }) };
      case 'chatHistory':
        return this.#history(Number(fields['before'] ?? Infinity), Number(fields['limit'] ?? 50));
      case 'todoList':
        return { items: [...this.items.values()].filter(({ removed }) => !removed) };
      default:
        return { items: this.#todo(server, self, fields['changes'] as TodoChange[]) };
    }
  }

  /** As if someone had written so many messages. */
  fill(count: number, from: Pick<ParticipantInfo, 'sid' | 'name'>): void {
    for (let number = 1; number <= count; ++number) this.#store(from, `k-${number}`, `message ${number}`, number, {});
  }

  #chat(server: FakeServer, self: ParticipantInfo, fields: Fields): ChatRecord {
    const key = String(fields['key']);
    const known = this.messages.find((message) => message.key === key && message.sid === self.sid);
    if (known) return known;
    const to = typeof fields['to'] === 'string' ? server.seats.get(fields['to'])?.info : undefined;
    const message = this.#store(self, key, String(fields['text']), server.clock, {
      to: to ? { sid: to.sid, name: to.name } : null,
      replyTo: (fields['replyTo'] as number | undefined) ?? null,
    });
    if (to) server.tell(to.sid, 'chat', { message });
    else server.tellOthers(self.sid, 'chat', { message });
    return message;
  }

  #store(
    { sid, name }: Pick<ParticipantInfo, 'sid' | 'name'>,
    key: string,
    text: string,
    at: number,
    more: Partial<ChatRecord>,
  ): ChatRecord {
    const id = (this.messages.at(-1)?.id ?? 0) + 1;
    const message = {
      id,
      key,
      sid,
      name,
      account: null,
      text,
      to: null,
      replyTo: null,
      at,
      edited: null,
      deleted: false,
    };
    this.messages.push({ ...message, ...more });
    return { ...message, ...more };
  }

  #alter(server: FakeServer, self: ParticipantInfo, fields: Fields, change: Partial<ChatRecord>): ChatRecord {
    const message = this.messages.find(({ id }) => id === fields['id']);
    if (!message) throw new Refusal('no-such-message', 'id');
    Object.assign(message, change);
    server.tellOthers(self.sid, 'chatChanged', { message });
    return message;
  }

  #history(before: number, limit: number): Fields {
    const all = this.messages.filter(({ id }) => id < before);
    return { messages: all.slice(-limit), more: all.length > limit };
  }

  #todo(server: FakeServer, self: ParticipantInfo, changes: TodoChange[]): TodoRecord[] {
    const touched = changes.map((change) => this.#apply(server, self, change));
    server.tellOthers(self.sid, 'todo', { items: touched });
    return touched;
  }

  #apply(server: FakeServer, self: ParticipantInfo, { item: id, age, ...fields }: TodoChange): TodoRecord {
    const at = server.clock - age;
    const fresh = { id, text: '', done: false, assignee: null, position: 'V', by: self.name, at, removed: false };
    if (!this.items.has(id) && fields.text === undefined) throw new Refusal('invalid', 'text');
    const item: Writable<TodoRecord> = this.items.get(id) ?? fresh;
    this.items.set(id, item);
    for (const [field, value] of Object.entries(fields)) {
      const key = `${id}/${field}`;
      if ((this.#times.get(key) ?? -Infinity) > at) continue;
      this.#times.set(key, at);
      Object.assign(item, { [field]: value });
    }
    return { ...item };
  }
}
