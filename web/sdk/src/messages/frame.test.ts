import { describe, expect, it } from 'vitest';
import { contentOf, dataOf, decode, encode, type Frame } from './frame';

const frames: Frame[] = [
  { type: 'loose', content: contentOf('✋') },
  { type: 'loose', content: contentOf(Uint8Array.of()) },
  { type: 'numbered', run: 0xdeadbeef, stream: 'all', number: 7, content: contentOf(Uint8Array.of(0, 255)) },
  { type: 'numbered', run: 1, stream: 'one', number: 0, content: contentOf('') },
  { type: 'mark', run: 2, stream: 'one', number: 9 },
  { type: 'receipt', run: 3, next: { all: 0, one: undefined }, again: true },
  { type: 'receipt', run: 3, next: { all: undefined, one: 4 }, again: false },
];

describe('a message on a channel', () => {
  it('is read as it was written', () => {
    for (const frame of frames) {
      expect(decode(encode('ada', frame))).toEqual({ name: 'ada', frame });
      expect(decode(encode('', frame))).toEqual({ name: '', frame });
    }
  });

  it('has the bytes that docs/protocol.md says', () => {
    const frame: Frame = { type: 'numbered', run: 0x01020304, stream: 'one', number: 5, content: contentOf('hi') };
    expect([...encode('ada', frame)]).toEqual([0, 3, 97, 100, 97, 7, 1, 2, 3, 4, 0, 0, 0, 5, 104, 105]);
    const receipt: Frame = { type: 'receipt', run: 1, next: { all: 2, one: undefined }, again: true };
    expect([...encode('', receipt)]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 255, 255, 255, 255]);
  });

  it('is nothing where it ends too soon, or is of an unknown kind', () => {
    for (const frame of frames) {
      const whole = encode('ada', frame);
      const least = frame.type === 'loose' ? 6 : frame.type === 'receipt' ? 18 : 14;
      for (let length = 0; length < least; ++length) expect(decode(whole.slice(0, length))).toBeUndefined();
    }
    expect(decode(Uint8Array.of(2, 0, 0))).toBeUndefined();
    expect(decode(Uint8Array.of(0, 0, 16))).toBeUndefined();
  });

  it('is the text or the bytes that were sent, and nobody else can change them', () => {
    expect(dataOf(contentOf('naïve ✋'))).toBe('naïve ✋');
    const bytes = Uint8Array.of(1, 2, 3);
    const content = contentOf(bytes.subarray(1));
    bytes[1] = 9;
    expect(dataOf(content)).toEqual(Uint8Array.of(2, 3));
    expect(dataOf(contentOf(Uint8Array.of(4).buffer))).toEqual(Uint8Array.of(4));
  });
});
