import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sdpMeanings } from '../words/inspector_sdp';
import { compareSdp, readSdp } from './sdp';

// What Chromium and Firefox wrote for sound, a simulcast picture and a data channel.
const kFolder = new URL('../../../tests/data/sdp/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, kFolder), 'utf8');
const kFiles = readdirSync(kFolder).filter((name) => name.endsWith('.sdp'));

describe('readSdp', () => {
  it.each(kFiles)('loses no line of %s, and knows each', (name) => {
    const sections = readSdp(read(name));
    const lines = sections.flatMap(({ lines }) => lines);
    expect(lines.map(({ text }) => text)).toEqual(read(name).split(/\r?\n/).filter(Boolean));
    expect(lines.filter(({ meaning }) => !meaning).map(({ text }) => text)).toEqual([]);
    expect(sections.map(({ kind }) => kind)).toEqual(['', 'audio', 'video', 'application']);
    for (const { meaning, values, text } of lines) {
      const sentence: unknown = meaning && sdpMeanings[meaning];
      const wanted = typeof sentence === 'function' ? sentence.length : 0;
      expect(values.length, text).toBeGreaterThanOrEqual(wanted);
      expect(
        values.slice(0, wanted).every((value) => typeof value === 'string'),
        text,
      ).toBe(true);
    }
  });

  it.each(kFiles)('reads %s cut anywhere', (name) => {
    const text = read(name);
    for (let length = 0; length < text.length; length += 11) expect(() => readSdp(text.slice(0, length))).not.toThrow();
  });

  const meaningOf = (line: string) =>
    readSdp(`v=0\r\nm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\n${line}\r\n`)[1]?.lines.at(-1);

  it('explains lines by their own pieces', () => {
    expect(meaningOf('a=fmtp:111 minptime=10')).toMatchObject({ meaning: 'fmtp', values: ['111', 'opus'] });
    expect(meaningOf('a=rtcp-fb:111 nack pli')).toMatchObject({ meaning: 'feedbackPli', values: ['opus'] });
    expect(meaningOf('a=rtcp-fb:* something new')).toMatchObject({
      meaning: 'feedback',
      values: ['*', 'something new'],
    });
    expect(meaningOf('a=candidate:1 1 udp 1 192.0.2.1 50 typ relay')).toMatchObject({
      values: ['relay', 'udp', '192.0.2.1:50'],
    });
    expect(meaningOf('b=AS:500')).toMatchObject({ meaning: 'bandwidth', values: ['AS', '500'] });
  });

  it('shows what it does not know as it is', () => {
    for (const line of ['a=x-new:1', 'z=0', 'a=constructor', 'a=__proto__:1', 'nonsense', '=', 'a=']) {
      expect(meaningOf(line)).toMatchObject({ text: line, meaning: undefined });
    }
  });

  it('is not drowned by a long one', () => {
    expect(readSdp('a=x\n'.repeat(100_000))[0]?.lines.length).toBeLessThan(5000);
    expect(readSdp('')).toEqual([]);
  });
});

describe('compareSdp', () => {
  const differences = (sdp: string, other: string) =>
    compareSdp(readSdp(sdp), readSdp(other)).flatMap(({ lines }) =>
      lines.map(({ text, difference }) => `${difference} ${text}`),
    );

  it('tells what has another value from what is here alone, section by section', () => {
    const offer =
      'v=0\nm=audio 9 X 111\na=mid:0\na=setup:actpass\na=sendrecv\na=rtpmap:111 opus/48000/2\na=rtpmap:8 PCMA/8000';
    const answer = 'v=0\nm=audio 9 X 111\na=mid:0\na=setup:active\na=recvonly\na=rtpmap:111 opus/48000/2';
    expect(differences(offer, answer)).toEqual([
      ...['same v=0', 'same m=audio 9 X 111', 'same a=mid:0', 'changed a=setup:actpass', 'changed a=sendrecv'],
      ...['same a=rtpmap:111 opus/48000/2', 'only a=rtpmap:8 PCMA/8000'],
    ]);
  });

  it('finds nothing to differ while there is no answer', () => {
    expect(
      compareSdp(readSdp('v=0\na=x'), undefined)
        .flatMap(({ lines }) => lines)
        .every(({ difference }) => difference === 'same'),
    ).toBe(true);
  });

  it.each(['chromium', 'firefox'])('sees that %s answers an offer otherwise than it was asked', (browser) => {
    const answer = compareSdp(readSdp(read(`${browser}_answer.sdp`)), readSdp(read(`${browser}_offer.sdp`)));
    const changed = answer.flatMap(({ lines }) => lines).filter(({ difference }) => difference === 'changed');
    expect(changed.map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^a=setup:/), expect.stringMatching(/^a=ice-ufrag:/)]),
    );
  });
});
