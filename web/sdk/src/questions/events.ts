import { arrayOf, boolean, nullable, number, object, oneOf, optional, string, type TypeOf } from '../schema';

/** What becomes of a question; `waiting` is one that no host has looked at. */
export const questionState = oneOf('waiting', 'open', 'answered', 'dismissed');
export type QuestionState = TypeOf<typeof questionState>;
const questionVerdict = oneOf('open', 'answered', 'dismissed');
export type QuestionVerdict = TypeOf<typeof questionVerdict>;

/** A question that was asked in the room. */
export const question = object('object', {
  id: number,
  key: string,
  sid: string,
  name: string,
  text: string,
  state: questionState,
  votes: number,
  voted: boolean,
  at: number,
});
export type QuestionRecord = Readonly<TypeOf<typeof question>>;

const nothing = object('object', {});
const theQuestion = object('object', { question });

/** The part of protocol.ts that is about questions: what a client may send, and its acknowledgements. */
export const questionRequests = {
  question: { fields: object('object', { key: string, text: string }), ack: theQuestion },
  questionState: { fields: object('object', { id: number, state: questionVerdict }), ack: theQuestion },
  questionDelete: { fields: object('object', { id: number }), ack: nothing },
  questionVote: {
    fields: object('object', { id: number, on: boolean }),
    ack: object('object', { votes: number, voted: boolean }),
  },
  questions: {
    fields: object('object', { after: optional(number), limit: optional(number) }),
    ack: object('object', { questions: arrayOf(question), next: nullable(number) }),
  },
} as const;

/** What the server may send. */
export const questionEvents = {
  questionChanged: theQuestion,
  questionGone: object('object', { id: number }),
  questionVotes: object('object', { votes: arrayOf(object('object', { id: number, votes: number })) }),
} as const;
