import { afterEach, describe, expect, it } from 'vitest';
import { closePanel, neighbourPanel, openPanel, panel, togglePanel } from './panel';

afterEach(closePanel);

describe('the panel', () => {
  it('opens and closes by the same button, and changes by another', () => {
    togglePanel('chat');
    expect(panel.get()).toBe('chat');
    togglePanel('todo');
    expect(panel.get()).toBe('todo');
    togglePanel('todo');
    expect(panel.get()).toBeUndefined();
  });

  it('stays open when opened twice', () => {
    openPanel('people');
    openPanel('people');
    expect(panel.get()).toBe('people');
  });

  it('has tabs that go round', () => {
    expect(neighbourPanel('people', -1)).toBe('inspector');
    expect(neighbourPanel('inspector', 1)).toBe('people');
    expect(neighbourPanel('todo', 1, ['people', 'chat', 'todo'])).toBe('people');
  });
});
