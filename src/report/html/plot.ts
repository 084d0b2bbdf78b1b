import type { LatencySummary, Sample } from '../../smoke-test/result.ts';
import { formatLatency, trimmed } from '../../text/format.ts';
import { escapeMarkup, markup } from '../markup.ts';
import { count } from '../phrases.ts';
import { byOutcome, thinned } from './plot-points.ts';
import { type Axes, formatTick, latencyScale, type Scale, secondsScale } from './plot-scale.ts';

/** The requests to one deployment. */
export interface Panel {
  readonly id: string;
  /** Remote text. */
  readonly title: string;
  readonly points: readonly Sample[];
  readonly latency: LatencySummary | undefined;
  readonly limits: readonly Limit[];
  readonly caseNames: readonly string[];
}

export interface Limit {
  readonly name: string;
  readonly ms: number;
}

/** Each panel is drawn twice, since no drawing suits every screen; the style shows the one that fits. */
const SIZES = {
  narrow: { width: 360, height: 300, left: 46, right: 92, xTicks: 4 },
  wide: { width: 640, height: 340, left: 56, right: 104, xTicks: 8 },
} as const;
type SizeName = keyof typeof SIZES;

const TOP = 30;
const BOTTOM = 42;
const LABEL_HEIGHT = 15;
/** When there are more marks than this, they have no tooltips. */
const MOST_TOOLTIPS = 100;

/** Marks differ in shape, not only in colour. */
const SHAPES: Readonly<Record<Sample['outcome'], string>> = {
  passed: 'h0',
  failed: 'm-4-4l8 8m0-8l-8 8',
  unanswered: 'm0-5l5 9h-10z',
};

/** Every request of a panel over time, with a legend that counts them. */
export function plot(panel: Panel, axes: Axes): string {
  const all = byOutcome(panel.points);
  const drawn = thinned(all);
  const legend = (['passed', 'failed', 'unanswered'] as const).map(
    (outcome) =>
      `<li><svg class="${outcome}" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><path d="M7 7${SHAPES[outcome]}"/></svg> ${all[outcome].length.toLocaleString('en')} ${outcome}</li>`,
  );
  const notes = [
    ...(axes.logarithmic ? ['The latency axis is logarithmic.'] : []),
    ...(panel.limits.some(({ ms }) => ms <= axes.highestMs) ? ['Dashed: limits.'] : []),
    ...panel.limits
      .filter(({ ms }) => ms > axes.highestMs)
      .map(({ name, ms }) => `The limit of ${formatLatency(ms)} on ${name} is above the plot.`),
    ...(['passed', 'failed', 'unanswered'] as const)
      .filter((outcome) => drawn[outcome].length < all[outcome].length)
      .map(
        (outcome) =>
          `The plot shows ${drawn[outcome].length.toLocaleString('en')} of the ${count(all[outcome].length, `${outcome} request`)}, with the fastest and the slowest of each stretch of time.`,
      ),
  ];
  return `<figure>
<figcaption>${markup(panel.title, 100)}</figcaption>
<ul class="legend">${legend.join('')}</ul>
${drawing(panel, drawn, axes, 'narrow')}
${drawing(panel, drawn, axes, 'wide')}
${notes.length === 0 ? '' : `<p class="note">${escapeMarkup(notes.join(' '))}</p>\n`}</figure>`;
}

function drawing(panel: Panel, drawn: ReturnType<typeof thinned>, axes: Axes, sizeName: SizeName): string {
  const { width, height, left, right, xTicks } = SIZES[sizeName];
  const frame = { left, right: width - right, top: TOP, bottom: height - BOTTOM };
  const x = secondsScale(axes, frame.left, frame.right, xTicks);
  const y = latencyScale(axes, frame.bottom, frame.top);
  const id = `${panel.id}-${sizeName}`;
  return `<svg class="plot ${sizeName}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Latency of every request to ${markup(panel.title, 100)} over time</title>
<desc id="${id}-desc">${escapeMarkup(describe(panel))}</desc>
${grid(x, y, frame)}
${(['passed', 'failed', 'unanswered'] as const).map((outcome) => marks(drawn[outcome], outcome, x, y, panel)).join('\n')}
${lines(panel, axes, y, frame)}
</svg>`;
}

function describe({ points, latency, limits }: Panel): string {
  const { passed, failed, unanswered } = byOutcome(points);
  return [
    `${passed.length} passed, ${failed.length} failed, ${unanswered.length} unanswered.`,
    ...(latency === undefined
      ? []
      : [
          `p50 ${formatLatency(latency.p50)}, p95 ${formatLatency(latency.p95)}, max ${formatLatency(latency.max)}.`,
        ]),
    ...limits.map(({ name, ms }) => `Limit on ${name}: ${formatLatency(ms)}.`),
  ].join(' ');
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function grid(x: Scale, y: Scale, { left, right, top, bottom }: Frame): string {
  const across = y.ticks.map((tick) => {
    const at = coordinate(y.place(tick));
    return `<path class="grid" d="M${left} ${at}H${right}"/><text class="tick" x="${left - 6}" y="${at}" dy="4" text-anchor="end">${formatTick(tick)}</text>`;
  });
  const along = x.ticks.map((tick) => {
    const at = coordinate(x.place(tick));
    return `<path class="grid" d="M${at} ${bottom}v4"/><text class="tick" x="${at}" y="${bottom + 17}" text-anchor="middle">${formatTick(tick)}</text>`;
  });
  return [
    ...across,
    ...along,
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<text class="tick" x="4" y="${top - 14}">latency, ms</text>`,
    `<text class="tick" x="${right}" y="${bottom + 35}" text-anchor="end">seconds since the first request</text>`,
  ].join('\n');
}

function marks(
  points: readonly Sample[],
  outcome: Sample['outcome'],
  x: Scale,
  y: Scale,
  { caseNames }: Panel,
): string {
  const move = ({ startedAtMs, latencyMs }: Sample): string =>
    `M${coordinate(x.place(startedAtMs / 1_000))} ${coordinate(y.place(latencyMs))}${SHAPES[outcome]}`;
  if (outcome === 'passed' || points.length > MOST_TOOLTIPS) {
    const many = points.length > 1_000 ? ' many' : '';
    return points.length === 0 ? '' : `<path class="${outcome}${many}" d="${points.map(move).join('')}"/>`;
  }
  return points
    .map((point) => {
      const { caseIndex, latencyMs, status, reason = outcome } = point;
      const said = [
        lineAbout(caseNames[caseIndex]),
        formatLatency(latencyMs),
        ...(status === undefined ? [] : [`status ${status}`]),
      ].join(', ');
      return `<path class="${outcome}" d="${move(point)}"><title>${said}: ${markup(reason, 100)}</title></path>`;
    })
    .join('\n');
}

function lineAbout(caseName: string | undefined): string {
  return markup(caseName ?? '', 60);
}

/** Percentiles and limits across the plot, with labels beside it that do not touch. */
function lines({ latency, limits }: Panel, { highestMs }: Axes, y: Scale, frame: Frame): string {
  const wanted = [
    ...(latency === undefined
      ? []
      : (['p50', 'p95'] as const).map((name) => ({
          kind: 'percentile',
          ms: latency[name],
          label: `${name} ${formatLatency(latency[name])}`,
        }))),
    ...limits
      .filter(({ ms }) => ms <= highestMs)
      .map(({ name, ms }) => ({ kind: 'limit', ms, label: `${name} ≤ ${formatLatency(ms)}` })),
  ].map((line) => ({ ...line, at: y.place(line.ms) }));
  wanted.sort((a, b) => a.at - b.at);
  const places = apart(
    wanted.map(({ at }) => at),
    frame.top,
    frame.bottom,
  );
  return wanted
    .map(({ kind, at, label }, index) => {
      const line = coordinate(at);
      const place = coordinate(places[index] ?? at);
      return `<path class="${kind}" d="M${frame.left} ${line}H${frame.right}L${frame.right + 8} ${place}"/><text class="${kind}" x="${frame.right + 11}" y="${place}" dy="4">${escapeMarkup(label)}</text>`;
    })
    .join('\n');
}

/** @param wanted ascending */
function apart(wanted: readonly number[], top: number, bottom: number): readonly number[] {
  const places: number[] = [];
  for (const at of wanted) places.push(Math.max(at, (places.at(-1) ?? -LABEL_HEIGHT) + LABEL_HEIGHT, top));
  for (let index = places.length - 1, most = bottom; index >= 0; index--, most -= LABEL_HEIGHT) {
    places[index] = Math.min(places[index] ?? most, most);
  }
  return places;
}

function coordinate(value: number): string {
  return trimmed(value, 1);
}
