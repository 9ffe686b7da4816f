import type { LoggedConnection, LogSample, Series } from '@parley/client';
import { kSeries } from '@parley/client';
import { useRef } from 'react';
import { useSize } from '../parts/use_size';
import { charts as words } from '../words/inspector';
import { moment, quantity } from './format';
import { axisFor, pathThrough, scale } from './scales';
import styles from './Charts.module.css';

interface ChartSpec {
  readonly name: 'bitrate' | 'delay' | 'loss' | 'frames' | 'height';
  readonly series: readonly Series[];
  /** The axis reaches at least so far. */
  readonly floor: number;
}

const kCharts: readonly ChartSpec[] = [
  { name: 'bitrate', series: ['videoIn', 'videoOut', 'audioIn', 'audioOut'], floor: 100_000 },
  { name: 'delay', series: ['roundTrip', 'jitter'], floor: 20 },
  { name: 'loss', series: ['lossIn', 'lossOut'], floor: 5 },
  { name: 'frames', series: ['framesIn', 'framesOut'], floor: 30 },
  { name: 'height', series: ['heightIn', 'heightOut'], floor: 360 },
];

const kHeight = 132;
const kMargin = { left: 64, right: 10, top: 8, bottom: 20 };
/** So many of the newest values stand in a table: those of the last minute or two. */
const kTableRows = 60;

/** The statistics over time, a chart for each unit. */
export function Charts({ peer }: { readonly peer: LoggedConnection | undefined }) {
  const samples = peer?.samples ?? [];
  if (samples.length === 0) return <p>{words.empty}</p>;
  return (
    <div className={styles.charts}>
      {kCharts.map((spec) => (
        <Chart key={spec.name} spec={spec} samples={samples} />
      ))}
    </div>
  );
}

function Chart({ spec, samples }: { readonly spec: ChartSpec; readonly samples: readonly LogSample[] }) {
  const { name, series } = spec;
  const last = samples.at(-1);
  const now = (one: Series) => quantity(last?.values[one], kSeries[one].unit);
  const summary = series.map((one) => `${words[one]} ${now(one)}`).join(', ');
  return (
    <figure className={styles.chart} data-testid={`chart-${name}`}>
      <figcaption className={styles.caption}>
        <b>{words[name]}</b>
        <span className={styles.legend}>
          {series.map((one, index) => (
            <span key={one} data-line={index}>
              {words[one]} <b>{now(one)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <Plot spec={spec} samples={samples} label={words.summary(words[name], summary)} />
      <details className={styles.details}>
        <summary>{words.table}</summary>
        <Table series={series} samples={samples.slice(-kTableRows)} />
      </details>
    </figure>
  );
}

interface PlotProps {
  readonly spec: ChartSpec;
  readonly samples: readonly LogSample[];
  readonly label: string;
}

function Plot({ spec: { series, floor }, samples, label }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = Math.max(160, useSize(frame).width);
  const values = series.map((one) => samples.map((sample) => sample.values[one] ?? null));
  const axis = axisFor(values.flat(), floor);
  const unit = kSeries[series[0] ?? 'videoIn'].unit;
  const from = samples[0]?.at ?? 0;
  const to = samples.at(-1)?.at ?? 0;
  const x = (at: number) => scale(at, [from, to], [kMargin.left, width - kMargin.right]);
  const y = (value: number) => scale(value, [0, axis.max], [kHeight - kMargin.bottom, kMargin.top]);
  return (
    <div ref={frame}>
      <svg className={styles.plot} width={width} height={kHeight} role="img" aria-label={label}>
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line className={styles.grid} x1={kMargin.left} x2={width - kMargin.right} y1={y(tick)} y2={y(tick)} />
            <text className={styles.tick} x={kMargin.left - 6} y={y(tick) + 4} textAnchor="end">
              {quantity(tick, unit)}
            </text>
          </g>
        ))}
        <text className={styles.tick} x={kMargin.left} y={kHeight - 4}>
          {moment(from)}
        </text>
        <text className={styles.tick} x={width - kMargin.right} y={kHeight - 4} textAnchor="end">
          {moment(to)}
        </text>
        {values.map((line, index) => (
          <path
            key={series[index]}
            className={styles.line}
            data-line={index}
            d={pathThrough(
              line.map((value, at) => (value === null ? null : { x: x(samples[at]?.at ?? 0), y: y(value) })),
            )}
          />
        ))}
      </svg>
    </div>
  );
}

function Table({ series, samples }: { readonly series: readonly Series[]; readonly samples: readonly LogSample[] }) {
  return (
    <div className={styles.scroll}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            {series.map((one) => (
              <th key={one} scope="col">
                {words[one]} <small>{kSeries[one].w3c}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.toReversed().map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{moment(at)}</th>
              {series.map((one) => (
                <td key={one}>{quantity(values[one], kSeries[one].unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
