import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Knocks } from './knocks';
import { closePanel, openPanel } from './panel';
import { toasts } from './toasts';

const person = (sid: string) => ({ sid, name: sid, account: false, since: 0 });
const [ada, bob, cleo] = [person('Ada'), person('Bob'), person('Cleo')];
const shown = () => toasts.get().find(({ key }) => key === 'knock');

describe('Knocks', () => {
  const keeper = { admit: vi.fn(), refuse: vi.fn() };
  let knocks: Knocks;
  beforeEach(() => {
    vi.clearAllMocks();
    knocks = new Knocks(keeper);
  });
  afterEach(() => knocks.update([]));

  it('tells of one by name, and gives them both answers', () => {
    knocks.update([ada]);
    expect(shown()?.text).toBe('Ada wants to come in.');
    for (const action of shown()?.actions ?? []) action.run();
    expect(keeper.admit).toHaveBeenCalledWith(['Ada']);
    expect(keeper.refuse).toHaveBeenCalledWith(['Ada']);
  });

  it('tells of several together', () => {
    knocks.update([ada, bob, cleo]);
    expect(shown()?.text).toBe('Ada and 2 others want to come in.');
    shown()?.actions[0]?.run();
    expect(keeper.admit).toHaveBeenCalledWith(['Ada', 'Bob', 'Cleo']);
  });

  it('goes when nobody waits any more, and says who is left before that', () => {
    knocks.update([ada, bob]);
    knocks.update([bob]);
    expect(shown()?.text).toBe('Bob wants to come in.');
    knocks.update([]);
    expect(shown()).toBeUndefined();
  });

  it('leaves it to the list of people where that is open', () => {
    knocks.update([ada]);
    openPanel('people');
    expect(shown()).toBeUndefined();
    knocks.update([ada, bob]);
    expect(shown()).toBeUndefined();
    closePanel();
  });

  it('says nothing anew while the same people wait', () => {
    knocks.update([ada]);
    const { id } = shown() ?? {};
    knocks.update([ada]);
    expect(shown()?.id).toBe(id);
  });
});
