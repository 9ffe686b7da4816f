import type { TileView } from '../room_view';

/** Someone's tile, for tests: nothing on, nothing said. */
export function tileView(id: string, more: Partial<TileView> = {}): TileView {
  const sid = id.split('/')[0] ?? id;
  return {
    id,
    sid,
    name: sid,
    source: 'camera',
    self: false,
    muted: true,
    video: undefined,
    speaking: false,
    away: false,
    link: undefined,
    hand: undefined,
    quality: undefined,
    byServer: false,
    camera: false,
    sending: undefined,
    picture: undefined,
    ...more,
  };
}
