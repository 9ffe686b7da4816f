import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./base.css', import.meta.url), 'utf8');

/** The colours of a scheme: those of the day, and over them those of the night. */
function coloursOf(scheme: 'light' | 'dark'): Map<string, string> {
  const [light = '', , dark = ''] = css.split(/prefers-color-scheme: dark|data-scheme='dark'/);
  const all = [light, ...(scheme === 'dark' ? [dark] : [])].join('\n');
  return new Map([...all.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]));
}

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What is written on what. */
const kText: readonly [ink: string, ground: string][] = [
  ...['ink', 'ink-soft', 'ink-faint', 'primary', 'danger', 'private'].flatMap((ink): [string, string][] =>
    ['paper', 'surface'].map((ground) => [ink, ground]),
  ),
  ...['sunken', 'tile', 'primary-soft', 'amber-soft', 'danger-soft', 'private-soft'].flatMap(
    (ground): [string, string][] => ['ink', 'ink-soft'].map((ink) => [ink, ground]),
  ),
  ...['primary', 'danger', 'private'].map((name): [string, string] => [name, `${name}-soft`]),
  ...['primary', 'danger', 'amber'].map((name): [string, string] => [`on-${name}`, name]),
];

describe.each(['light', 'dark'] as const)('the colours in %s', (scheme) => {
  const colours = coloursOf(scheme);
  it.each(kText)('let one read %s on %s', (ink, ground) => {
    const [front, back] = [colours.get(ink), colours.get(ground)];
    if (!front || !back) throw new Error('there is no such colour');
    expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5);
  });
});
