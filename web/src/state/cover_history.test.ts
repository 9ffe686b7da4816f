import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coverInHistory, type Browser } from './cover_history';
import { openPanel, panel } from './panel';

/** A history of states; a step back is told of at once. */
function fakeBrowser(): Browser & { readonly states: unknown[] } {
  const states: unknown[] = [null];
  const listeners = new Set<() => void>();
  return {
    states,
    history: {
      get state(): unknown {
        return states.at(-1);
      },
      pushState: (state: unknown) => void states.push(state),
      back: () => {
        states.pop();
        for (const listener of listeners) listener();
      },
    },
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  panel.set(undefined);
});

describe('a panel that covers the meeting', () => {
  it('is closed by the back key, with its step', () => {
    const browser = fakeBrowser();
    openPanel('chat');
    const end = coverInHistory(browser);
    expect(browser.states).toHaveLength(2);
    browser.history.back();
    expect(panel.get()).toBeUndefined();
    end();
    vi.runAllTimers();
    expect(browser.states).toEqual([null]);
  });

  it('takes its step with it when it is closed otherwise', () => {
    const browser = fakeBrowser();
    coverInHistory(browser)();
    vi.runAllTimers();
    expect(browser.states).toEqual([null]);
  });

  it('leaves a page alone to which one has gone meanwhile', () => {
    const browser = fakeBrowser();
    const end = coverInHistory(browser);
    browser.history.pushState(null, '');
    end();
    vi.runAllTimers();
    expect(browser.states).toHaveLength(3);
  });

  it('keeps its step where another takes its place at once', () => {
    const browser = fakeBrowser();
    coverInHistory(browser)();
    const end = coverInHistory(browser);
    vi.runAllTimers();
    expect(browser.states).toHaveLength(2);
    end();
    vi.runAllTimers();
    expect(browser.states).toHaveLength(1);
  });
});
