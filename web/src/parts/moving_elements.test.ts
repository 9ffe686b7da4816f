import { describe, expect, it, vi } from 'vitest';
import { MovingElements } from './moving_elements';

function elements() {
  let made = 0;
  const dispose = vi.fn();
  return { dispose, all: new MovingElements(() => ({ made: ++made }), dispose) };
}

const endOfTask = () => new Promise((resolve) => setTimeout(resolve));

describe('MovingElements', () => {
  it('gives who comes the element of who went', async () => {
    const { all, dispose } = elements();
    const element = all.take('ada');
    all.leave('ada', element);
    expect(all.take('ada')).toBe(element);
    await endOfTask();
    expect(dispose).not.toHaveBeenCalled();
  });

  it('makes another one for each place and each key', () => {
    const { all } = elements();
    const element = all.take('ada');
    expect(all.take('ada')).not.toBe(element);
    all.leave('ada', element);
    expect(all.take('bob')).not.toBe(element);
    expect(all.take('ada')).toBe(element);
  });

  it('lets go of what nobody takes', async () => {
    const { all, dispose } = elements();
    const [one, other] = [all.take('ada'), all.take('ada')];
    all.leave('ada', one);
    all.leave('ada', other);
    expect(dispose.mock.calls).toEqual([[one]]);
    await endOfTask();
    expect(dispose.mock.calls).toEqual([[one], [other]]);
    expect([one, other]).not.toContain(all.take('ada'));
  });

  it('keeps what was taken and left again until the end of the later task', async () => {
    const { all, dispose } = elements();
    const element = all.take('ada');
    all.leave('ada', element);
    all.take('ada');
    await endOfTask();
    all.leave('ada', element);
    expect(all.take('ada')).toBe(element);
    expect(dispose).not.toHaveBeenCalled();
  });
});
