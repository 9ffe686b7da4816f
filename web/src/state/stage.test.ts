import { afterEach, describe, expect, it } from 'vitest';
import type { RoomView, TileView } from './room_view';
import {
  arrange,
  changeStage,
  nextSpeaker,
  pageOfTiles,
  stage,
  tilesOnPage,
  togglePin,
  toggleSpeakerView,
} from './stage';
import type { StageChoice } from './stage';
import { tileView } from './testing/views';

const kGrid: StageChoice = { layout: 'grid', pinned: undefined, ownPicture: true };
const kSpeaker: StageChoice = { ...kGrid, layout: 'speaker' };

const self = tileView('self', { self: true });
const [ada, bob] = [tileView('ada'), tileView('bob')];
const screen = tileView('ada/screen', { source: 'screen' });

function view(people: TileView[], more: Partial<Pick<RoomView, 'screens' | 'speaker'>> = {}) {
  return { people, screens: [], speaker: undefined, ...more } as unknown as RoomView;
}

const ids = (view: RoomView, choice: StageChoice) => {
  const { front, strip } = arrange(view, choice);
  return [front.map(({ id }) => id).join(' '), strip.map(({ id }) => id).join(' ')];
};

describe('arrange', () => {
  it('makes all equal in the grid', () => {
    expect(ids(view([self, ada, bob]), kGrid)).toEqual(['self ada bob', '']);
  });

  it('puts the last speaker in front, and someone else than us before anyone spoke', () => {
    expect(ids(view([self, ada, bob], { speaker: 'bob' }), kSpeaker)).toEqual(['bob', 'self ada']);
    expect(ids(view([self, ada, bob]), kSpeaker)).toEqual(['ada', 'self bob']);
    expect(ids(view([self, ada, bob], { speaker: 'self' }), kSpeaker)).toEqual(['ada', 'self bob']);
  });

  it('keeps the grid while one is alone', () => {
    expect(ids(view([self]), kSpeaker)).toEqual(['self', '']);
  });

  it('puts screens before people, and what is pinned before all', () => {
    const shared = view([self, ada, bob], { screens: [screen], speaker: 'bob' });
    expect(ids(shared, kSpeaker)).toEqual(['ada/screen', 'self ada bob']);
    expect(ids(shared, { ...kGrid, pinned: 'bob' })).toEqual(['bob', 'ada/screen self ada']);
  });

  it('forgets a pin whose tile is gone', () => {
    expect(ids(view([self, ada]), { ...kGrid, pinned: 'bob' })).toEqual(['self ada', '']);
  });

  it('leaves out our own picture where it is not wanted and others are there', () => {
    expect(ids(view([self, ada]), { ...kGrid, ownPicture: false })).toEqual(['ada', '']);
    expect(ids(view([self]), { ...kGrid, ownPicture: false })).toEqual(['self', '']);
  });
});

describe('pins', () => {
  afterEach(() => changeStage({ pinned: undefined }));

  it('go on and off by the same button', () => {
    togglePin('ada');
    expect(stage.get().pinned).toBe('ada');
    togglePin('bob');
    expect(stage.get().pinned).toBe('bob');
    togglePin('bob');
    expect(stage.get().pinned).toBeUndefined();
  });
});

describe('tilesOnPage', () => {
  it('makes room for what turns the pages only where there are several', () => {
    expect(tilesOnPage(6, 16, 366, 390)).toBe(6);
    expect(tilesOnPage(7, 16, 366, 390)).toBe(4);
  });

  it('shows a full page before it knows the size', () => {
    expect(tilesOnPage(40, 16, 0, 0)).toBe(16);
  });
});

describe('pageOfTiles', () => {
  it('cuts pages, and has one even of nothing', () => {
    expect(pageOfTiles([1, 2, 3], 0, 2)).toEqual({ shown: [1, 2], page: 0, pages: 2 });
    expect(pageOfTiles([1, 2, 3], 1, 2)).toEqual({ shown: [3], page: 1, pages: 2 });
    expect(pageOfTiles([], 0, 2)).toEqual({ shown: [], page: 0, pages: 1 });
  });

  it('shows the last page where the one looked at is gone', () => {
    expect(pageOfTiles([1, 2], 5, 2)).toEqual({ shown: [1, 2], page: 0, pages: 1 });
    expect(pageOfTiles([1, 2, 3], -1, 2).page).toBe(0);
  });
});

describe('nextSpeaker', () => {
  it('stays with who speaks, and with who spoke last', () => {
    expect(nextSpeaker(undefined, [])).toBeUndefined();
    expect(nextSpeaker(undefined, ['ada', 'bob'])).toBe('ada');
    expect(nextSpeaker('bob', ['ada', 'bob'])).toBe('bob');
    expect(nextSpeaker('bob', ['ada'])).toBe('ada');
    expect(nextSpeaker('bob', [])).toBe('bob');
  });
});

describe('the speaker’s view', () => {
  afterEach(() => stage.set(kGrid));
  it('comes and goes by one key, and lets go what is pinned', () => {
    togglePin('ada');
    toggleSpeakerView();
    expect(stage.get()).toEqual(kSpeaker);
    toggleSpeakerView();
    expect(stage.get()).toEqual(kGrid);
  });
});
