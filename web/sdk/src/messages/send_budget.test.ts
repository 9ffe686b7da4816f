import { describe, expect, it } from 'vitest';
import { SendBudget } from './send_budget';

const sent = (bytes: number, receivers: number) => {
  const budget = new SendBudget();
  let count = 0;
  while (budget.take(1000, bytes, receivers)) ++count;
  return count;
};

describe('SendBudget', () => {
  it('counts what goes to more than fifty as several', () => {
    expect([1, 50, 100, 200].map((receivers) => sent(1, receivers))).toEqual([300, 300, 150, 75]);
  });

  it('counts its bytes likewise, but lets one message to anybody through', () => {
    expect(sent(50 * 1024, 50)).toBe(10);
    expect(sent(50 * 1024, 100)).toBe(5);
    expect(sent(60_000, 2000)).toBe(1);
  });

  it('has as much again after a while', () => {
    const budget = new SendBudget();
    while (budget.take(1000, 1, 100));
    expect(budget.take(1010, 1, 100)).toBe(false);
    expect(budget.take(1020, 1, 100)).toBe(true);
  });
});
