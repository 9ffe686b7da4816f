import type { QualityLevel } from '@parley/client';
import { common } from '../words/common';
import { stage as stageWords } from '../words/meeting';
import { pauses, sending as sendingWords } from '../words/picture';
import { qualityText } from '../words/quality';
import { tile as words } from '../words/room';
import type { TileView } from './room_view';

/** What a tile is called. */
export function captionOf({ name, self, source }: TileView): string {
  if (source === 'screen') return self ? words.ownScreen : words.screen(name);
  return self ? common.you(name) : name;
}

/** What is wrong with it, in a word or two. */
export function statusOf({ away, link, source, picture }: TileView): string | undefined {
  if (link === 'interrupted') return words.reconnecting;
  if (picture?.paused) return pauses.short;
  if (source === 'screen') return undefined;
  return away ? words.away : link === 'connecting' ? words.connecting : undefined;
}

/** All of it, for who hears it read out. */
export function describe(tile: TileView, pinned: boolean): string {
  const parts = [captionOf(tile)];
  if (pinned) parts.push(stageWords.pinned);
  const status = statusOf(tile);
  if (tile.source === 'screen') return [...parts, ...(status ? [status] : [])].join(', ');
  parts.push(tile.muted ? words.microphoneOff : words.microphoneOn);
  if (!tile.camera) parts.push(words.cameraOff);
  if (tile.hand !== undefined) parts.push(stageWords.hand);
  if (status) parts.push(status);
  return parts.join(', ');
}

/** What is wrong with the connection of whom a tile shows. */
export interface TileBadge {
  readonly level: Exclude<QualityLevel, 'good'>;
  readonly text: string;
}

/** Ours says what keeps our picture from being better, in the words of the tile's menu; that of others, what is wrong between us. */
export function badgeOf(tile: TileView): TileBadge | undefined {
  if (tile.source !== 'camera') return undefined;
  if (tile.self) {
    const { sending = 'none' } = tile;
    return sending === 'none' || !tile.camera ? undefined : { level: 'fair', text: sendingWords[sending] };
  }
  const { level = 'good', reason } = tile.quality ?? {};
  return level === 'good' || tile.link === 'connecting' ? undefined : { level, text: qualityText(level, reason) };
}
