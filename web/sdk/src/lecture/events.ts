import { arrayOf, boolean, nullable, number, object, optional, recordOf, string, type TypeOf } from '../schema';

/** Someone in the audience of a lecture, as the server tells it. */
export const audienceMember = object('AudienceMember', {
  sid: string,
  name: string,
  account: boolean,
  hand: nullable(number),
  away: boolean,
  joinedAt: number,
});
export type AudienceMember = Readonly<TypeOf<typeof audienceMember>>;

const size = { count: number, hands: number };
/** How large the audience is, and how many there have a hand up. */
export const audienceSize = object('object', size);

/** The part of protocol.ts that is about lectures: what a client may send, and its acknowledgements. */
export const lectureRequests = {
  stage: { fields: object('object', { sid: optional(string), on: boolean }), ack: object('object', {}) },
  roster: {
    fields: object('object', { after: optional(number), limit: optional(number), search: optional(string) }),
    ack: object('object', { people: arrayOf(audienceMember), count: number, next: nullable(number) }),
  },
} as const;

/** What the server may send. */
export const lectureEvents = {
  audience: object('object', { ...size, raised: optional(arrayOf(audienceMember)) }),
  reactions: object('object', { counts: recordOf(number) }),
  stage: object('object', { onStage: boolean, by: nullable(string) }),
} as const;
