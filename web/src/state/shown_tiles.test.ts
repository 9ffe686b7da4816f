import { afterEach, describe, expect, it } from 'vitest';
import { choicesFor, choosePicture, pictureChoices } from './picture_choice';
import { viewTilesOf, type ShownTile } from './shown_tiles';

const tile = (id: string, width = 320, height = 180): ShownTile => {
  const [sid = id, screen] = id.split('/');
  return { id, sid, source: screen ? 'screen' : 'camera', width, height };
};
const nobody = { pinned: undefined, speaker: undefined };
const idsOf = (tiles: ReturnType<typeof viewTilesOf>) => tiles.map(({ sid, source }) => `${sid} ${source}`);

afterEach(() => pictureChoices.set(new Map()));

describe('viewTilesOf', () => {
  it('puts first what counts: pinned, screens, who speaks, then the large', () => {
    const shown = [tile('a'), tile('b', 640, 360), tile('c'), tile('d/screen', 100, 100), tile('e')];
    expect(idsOf(viewTilesOf(shown, { pinned: 'e', speaker: 'c' }))).toEqual([
      ...['e camera', 'd screen', 'c camera', 'b camera', 'a camera'],
    ]);
  });

  it('leaves out what has no size yet', () => {
    expect(viewTilesOf([tile('a', 0, 180)], nobody)).toEqual([]);
  });

  it('follows what the person chose', () => {
    choosePicture('a', 'off');
    choosePicture('b', 'low');
    choosePicture('c', 'high');
    choosePicture('d/screen', 'high');
    choosePicture('e', 'auto');
    expect(viewTilesOf([tile('a'), tile('b'), tile('c'), tile('d/screen', 4000, 100), tile('e')], nobody)).toEqual([
      { sid: 'd', source: 'screen', width: 4000, height: 2160 },
      { sid: 'b', source: 'camera', width: 320, height: 180 },
      { sid: 'c', source: 'camera', width: 1280, height: 720 },
      { sid: 'e', source: 'camera', width: 320, height: 180 },
    ]);
  });
});

describe('choicesFor', () => {
  it('offers what has an effect', () => {
    expect(choicesFor({ self: false, byServer: true })).toEqual(['auto', 'high', 'low', 'off']);
    expect(choicesFor({ self: false, byServer: false })).toEqual(['auto', 'off']);
    expect(choicesFor({ self: true, byServer: false })).toEqual([]);
  });
});
