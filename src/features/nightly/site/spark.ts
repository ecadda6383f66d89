import type { SeriesView } from './series-view.ts';

const [width, height, margin] = [120, 24, 3];

/** The last nights of a series as a small line with its last figure, without axes: how it went, not how much. */
export function svgSpark({ recorded, state }: SeriesView, nights: number): string {
  const values = recorded.lines.slice(-nights).map(({ estimate }) => Math.log(estimate));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // What hardly moves is a straight line, not a mountain of noise.
  const span = Math.max(most - least, 0.02);
  const middle = (most + least) / 2;
  const x = (i: number) =>
    width - margin - (values.length - 1 - i) * ((width - 2 * margin) / Math.max(1, nights - 1));
  const y = (value: number) => height / 2 - ((value - middle) / span) * (height - 2 * margin);
  const points = values.map((value, i) => `${Math.round(x(i))} ${round(y(value))}`);
  const last = values.at(-1);
  const dot =
    last === undefined
      ? ''
      : `<circle class="${state.kind}" cx="${width - margin}" cy="${round(y(last))}" r="2.5"/>`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true"><path d="M${points.join('L')}"/>${dot}</svg>`;
}

const round = (value: number) => Math.round(10 * value) / 10;
