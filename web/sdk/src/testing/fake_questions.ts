import type { ParticipantInfo } from '../protocol';
import type { QuestionRecord } from '../questions/events';
import { Refusal, type FakeServer, type Fields } from './fake_server';

interface Kept {
  record: Omit<QuestionRecord, 'voted'>;
  readonly voters: Set<string>;
}

/** The questions of a {@link FakeServer}. Numbers of votes are told at once. */
export class FakeQuestions {
  readonly all = new Map<number, Kept>();
  #last = 0;

  handle(server: FakeServer, self: ParticipantInfo, event: string, fields: Fields): Fields {
    const id = Number(fields['id']);
    switch (event) {
      case 'question':
        return { question: this.#ask(server, self, String(fields['key']), String(fields['text'])) };
      case 'questionState':
        return { question: this.#judge(server, self, id, fields['state'] as QuestionRecord['state']) };
      case 'questionDelete':
        this.#at(id);
        this.all.delete(id);
        server.tellOthers(self.sid, 'questionGone', { id });
        return {};
      case 'questionVote':
        return this.#vote(server, self, id, fields['on'] === true);
      default:
        return this.#page(self, Number(fields['after'] ?? 0), Number(fields['limit'] ?? 50));
    }
  }

  /** As if someone had asked so many, all of them open. */
  fill(count: number, { sid, name }: Pick<ParticipantInfo, 'sid' | 'name'>): void {
    for (let number = 1; number <= count; ++number)
      this.#keep({ key: `k-${number}`, sid, name, text: `question ${number}`, state: 'open', votes: 0, at: number });
  }

  #ask(server: FakeServer, self: ParticipantInfo, key: string, text: string): QuestionRecord {
    const known = [...this.all.values()].find(({ record }) => record.key === key && record.sid === self.sid);
    const { sid, name, role } = self;
    const state = role === 'participant' ? 'waiting' : 'open';
    const kept = known ?? this.#keep({ key, sid, name, text, state, votes: 0, at: server.clock });
    if (!known) this.#tell(server, sid, kept, state);
    return seen(kept, self);
  }

  #keep(fields: Omit<QuestionRecord, 'id' | 'voted'>): Kept {
    const kept = { record: { id: ++this.#last, ...fields }, voters: new Set<string>() };
    this.all.set(kept.record.id, kept);
    return kept;
  }

  #judge(server: FakeServer, self: ParticipantInfo, id: number, state: QuestionRecord['state']): QuestionRecord {
    if (self.role === 'participant') throw new Refusal('forbidden');
    const kept = this.#at(id);
    const before = kept.record.state;
    kept.record = { ...kept.record, state };
    if (before !== state) this.#tell(server, self.sid, kept, before);
    return seen(kept, self);
  }

  #vote(server: FakeServer, { sid }: ParticipantInfo, id: number, on: boolean): Fields {
    const kept = this.#at(id);
    if (kept.record.state !== 'open') throw new Refusal('forbidden', 'id');
    if (on) kept.voters.add(sid);
    else kept.voters.delete(sid);
    kept.record = { ...kept.record, votes: kept.voters.size };
    // The answer comes first.
    queueMicrotask(() => server.tellAll('questionVotes', { votes: [{ id, votes: kept.record.votes }] }));
    return { votes: kept.record.votes, voted: on };
  }

  #page(self: ParticipantInfo, after: number, limit: number): Fields {
    const found = [...this.all.values()].filter((kept) => kept.record.id > after && maySee(self, kept.record));
    const questions = found.slice(0, limit).map((kept) => seen(kept, self));
    return { questions, next: found.length > limit ? questions.at(-1)?.id : null };
  }

  #tell(server: FakeServer, without: string, kept: Kept, before: QuestionRecord['state']): void {
    for (const { info } of server.seats.values()) {
      if (info.sid === without) continue;
      if (maySee(info, kept.record)) server.tell(info.sid, 'questionChanged', { question: seen(kept, info) });
      else if (maySee(info, { ...kept.record, state: before }))
        server.tell(info.sid, 'questionGone', { id: kept.record.id });
    }
  }

  #at(id: number): Kept {
    const kept = this.all.get(id);
    if (!kept) throw new Refusal('no-such-question');
    return kept;
  }
}

function seen({ record, voters }: Kept, { sid }: ParticipantInfo): QuestionRecord {
  return { ...record, voted: voters.has(sid) };
}

function maySee({ sid, role }: ParticipantInfo, { state, sid: author }: Kept['record']): boolean {
  return state === 'open' || state === 'answered' || role !== 'participant' || sid === author;
}
