import { describe, expect, it } from 'vitest';
import { kLooksToEnter, kLooksToLeave, OneStreamRule, type OneStreamAdvice, type OneStreamLook } from './advice';

const kFine: OneStreamLook = { oneStream: false, pictures: 6, estimate: 2_000_000, lineLimits: false, busy: false };
const kWeak: OneStreamLook = { ...kFine, estimate: 250_000, lineLimits: true };
const kInside: OneStreamLook = { ...kFine, oneStream: true, pictures: 0 };

/** What the rule says to so many looks, the last of which may say something. */
function looks(rule: OneStreamRule, look: OneStreamLook, count: number): OneStreamAdvice | undefined {
  for (let i = 1; i < count; ++i) expect(rule.look(look)).toBeUndefined();
  return rule.look(look);
}

describe('OneStreamRule', () => {
  it('says nothing while all is well', () => {
    expect(looks(new OneStreamRule(), kFine, 100)).toBeUndefined();
  });

  it('advises it for a weak line with many pictures, after some looks', () => {
    expect(looks(new OneStreamRule(), kWeak, kLooksToEnter)).toEqual({ oneStream: true, because: 'downlink' });
  });

  it.each([
    ['few pictures', { pictures: 3 }],
    ['a line that carries enough', { estimate: 300_000 }],
    ['a line that is hardly used', { lineLimits: false }],
    ['a line of which the server says nothing', { estimate: undefined }],
  ])('does not for %s', (_what, change) => {
    expect(looks(new OneStreamRule(), { ...kWeak, ...change }, 20)).toBeUndefined();
  });

  it('begins anew at a look that says otherwise', () => {
    const rule = new OneStreamRule();
    looks(rule, kWeak, kLooksToEnter - 1);
    rule.look(kFine);
    expect(looks(rule, kWeak, kLooksToEnter)).toMatchObject({ oneStream: true });
  });

  it('advises it for a computer that cannot decode what comes, if that is more than one picture', () => {
    const busy = { ...kFine, busy: true };
    expect(looks(new OneStreamRule(), { ...busy, pictures: 1 }, 20)).toBeUndefined();
    const rule = new OneStreamRule();
    expect(looks(rule, { ...busy, pictures: 2 }, kLooksToEnter)).toEqual({ oneStream: true, because: 'processor' });
    expect(looks(rule, kInside, 100)).toBeUndefined(); // In tiles it would be as before.
  });

  it('goes back once the line is good for long, and may come again', () => {
    const rule = new OneStreamRule();
    looks(rule, kWeak, kLooksToEnter);
    expect(looks(rule, { ...kInside, estimate: 500_000 }, 100)).toBeUndefined();
    looks(rule, kInside, kLooksToLeave - 1);
    rule.look({ ...kInside, estimate: 400_000 });
    expect(looks(rule, kInside, kLooksToLeave)).toEqual({ oneStream: false });
    expect(looks(rule, kWeak, kLooksToEnter)).toMatchObject({ oneStream: true });
  });

  it('leaves whoever chose it in it', () => {
    expect(looks(new OneStreamRule(), kInside, 100)).toBeUndefined();
  });

  it('asks nobody again who went back', () => {
    const rule = new OneStreamRule();
    looks(rule, kWeak, kLooksToEnter);
    rule.look({ ...kInside, estimate: 250_000 });
    expect(looks(rule, kWeak, 100)).toBeUndefined();
  });

  it('never goes to and fro on a line that varies around the border', () => {
    const rule = new OneStreamRule();
    let oneStream = false;
    let changes = 0;
    for (let look = 0; look < 1000; ++look) {
      const estimate = 300_000 + 200_000 * Math.sin(look / 5);
      const advice = rule.look({ ...kFine, oneStream, estimate, lineLimits: estimate < 400_000 });
      if (advice) {
        oneStream = advice.oneStream;
        changes += 1;
      }
    }
    expect(changes).toBe(1);
  });
});
