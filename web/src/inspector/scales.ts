/** Where values lie on a chart: pure arithmetic, so that it can be tested. */

/** A scale from nothing to a round number, with marks between. */
export interface Axis {
  readonly max: number;
  readonly ticks: readonly number[];
}

const kSteps = [1, 2, 2.5, 5, 10] as const;

/** An axis that holds every value; `floor` keeps noise near zero from looking like mountains. */
export function axisFor(values: readonly (number | null)[], floor: number, marks = 4): Axis {
  const top = values.reduce<number>(
    (most, value) => (value !== null && Number.isFinite(value) ? Math.max(most, value) : most),
    floor,
  );
  const step = roundStep(top / marks);
  const count = Math.max(1, Math.ceil(top / step - 1e-9));
  return { max: step * count, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

function roundStep(rough: number): number {
  const rank = 10 ** Math.floor(Math.log10(rough));
  return rank * (kSteps.find((step) => step * rank >= rough * (1 - 1e-9)) ?? 10);
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Maps `value` of [from, to] to [start, end]; the middle of a range without width. */
export function scale(
  value: number,
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): number {
  return to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);
}

/** An SVG path through the points; null interrupts the line. A lone point becomes a dot. */
export function pathThrough(points: readonly (Point | null)[]): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  let path = '';
  points.forEach((point, index) => {
    if (!point) return;
    const isStart = !points[index - 1];
    path += `${isStart ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`;
    if (isStart && !points[index + 1]) path += 'h0.1';
  });
  return path;
}
