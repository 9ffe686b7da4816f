import { describe, expect, it } from 'vitest';
import { readRoomInfo, whoIsThere } from './room_info';
import { isForSpeaker, nameIn, seatIn } from './seat';

const infoOf = (more: object) => readRoomInfo({ participants: [{ name: 'Ada' }], ...more });
const tokenOf = (claims: object) =>
  `e30.${btoa(JSON.stringify(claims)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')}.sig`;

describe('seatIn', () => {
  it('is on stage in a meeting, and where the server says nothing', () => {
    expect([seatIn(undefined, undefined), seatIn(infoOf({}), undefined)]).toEqual(['stage', 'stage']);
  });

  it('is in the audience of a lecture but for its hosts', () => {
    const seatAs = (you: unknown) => seatIn(infoOf({ lecture: true, audience: 3, you }), undefined);
    expect(['owner', 'cohost', 'participant', null].map(seatAs)).toEqual(['stage', 'stage', 'audience', 'audience']);
  });

  it('is on stage with a link for a speaker', () => {
    const lecture = infoOf({ lecture: true });
    const speaker = tokenOf({ role: 'participant', name: 'Zoë', permissions: { microphone: true, camera: false } });
    expect(seatIn(lecture, speaker)).toBe('stage');
    expect(seatIn(lecture, tokenOf({ role: 'participant', permissions: { microphone: false, chat: true } }))).toBe(
      'audience',
    );
  });
});

describe('isForSpeaker', () => {
  it('takes what it cannot read for no speaker’s', () => {
    for (const token of ['', 'x', 'a.b.c', 'e30.e30.x', tokenOf({ role: 'participant' }), `e30.${btoa('3')}.`]) {
      expect(isForSpeaker(token)).toBe(false);
    }
    expect(isForSpeaker(tokenOf({ role: 'cohost' }))).toBe(true);
  });
});

describe('nameIn', () => {
  it('is how the link calls its bearer', () => {
    expect(nameIn(tokenOf({ name: 'Zoe', role: 'participant' }))).toBe('Zoe');
    for (const token of ['x', 'a.b.c', tokenOf({ name: 3 }), tokenOf({ name: '' })])
      expect(nameIn(token)).toBeUndefined();
  });
});

describe('whoIsThere', () => {
  it('names the stage, and counts the audience', () => {
    const told = (more: object) => whoIsThere(infoOf(more) ?? expect.fail());
    expect(told({})).toBe('Ada is here.');
    expect(told({ lecture: true, audience: 312 })).toBe('Ada is here. 312 people watching.');
    expect(told({ lecture: true, audience: 0, participants: [] })).toBe('Nobody is on stage yet.');
  });
});
