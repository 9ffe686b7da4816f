import { describe, expect, it } from 'vitest';
import { focusNewPage } from './page_focus';

describe('the focus on a new page', () => {
  function page(lost: boolean) {
    const looks = new Set<() => void>();
    const heading = { tabIndex: 0, focused: 0, focus: () => void (heading.focused += 1) };
    const state = { lost, drawn: false };
    const draw = () => {
      state.drawn = true;
      for (const look of [...looks]) look();
    };
    const asked = {
      isLost: () => state.lost,
      heading: () => (state.drawn ? heading : null),
      onDrawn: (look: () => void) => {
        looks.add(look);
        return () => void looks.delete(look);
      },
    };
    return { asked, heading, state, draw, looks };
  }

  it('goes to the heading, as soon as that is drawn, once', () => {
    const { asked, heading, draw, looks } = page(true);
    focusNewPage(asked);
    expect(heading.focused).toBe(0);
    draw();
    draw();
    expect(heading).toMatchObject({ focused: 1, tabIndex: -1 });
    expect(looks.size).toBe(0);
  });

  it('stays where the page put it', () => {
    const { asked, heading, draw } = page(false);
    focusNewPage(asked);
    draw();
    expect(heading.focused).toBe(0);
  });

  it('is no longer waited for once the page has gone', () => {
    const { asked, heading, draw, looks } = page(true);
    focusNewPage(asked)();
    expect(looks.size).toBe(0);
    draw();
    expect(heading.focused).toBe(0);
  });
});
