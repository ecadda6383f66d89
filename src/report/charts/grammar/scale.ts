/** The range and the ticks of an axis. */
export interface AxisRange {
  readonly log: boolean;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

const logSteps: readonly (readonly number[])[] = [
  [1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
];

/** Readable ticks of a log axis: the densest of a few series of round numbers that has at most `max`. */
export function logTicks(low: number, high: number, max = 9): readonly number[] {
  if (high / low < 1.5) return linearTicks(low, high, max);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  for (const step of logSteps) {
    const ticks: number[] = [];
    for (let exponent = first; exponent <= last; exponent++)
      for (const digit of step) {
        const tick = Number(`${digit}e${exponent}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    if (ticks.length <= max) return ticks.length >= 2 ? ticks : linearTicks(low, high, max);
  }
  const spacing = Math.ceil((last - first + 1) / max);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter((exponent) => exponent % spacing === 0)
    .map((exponent) => Number(`1e${exponent}`))
    .filter((tick) => tick >= low && tick <= high);
}

/** Ticks at multiples of 1, 2 or 5 × 10ⁿ. */
export function linearTicks(low: number, high: number, max = 8): readonly number[] {
  // Infinite, or narrower than a double's precision: the loop would not end.
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  if (high - low < Math.max(Math.abs(low), Math.abs(high)) * 1e-9 || high - low < 1e-90) return [low];
  const raw = (high - low) / max;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toFixed(decimals)));
  return ticks;
}

/** A log axis around positive values, with a margin so that no mark touches the edge. Needs at least one value. */
export function logRange(values: readonly number[], margin = 0.05): AxisRange {
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Keeps both ends positive and finite, as ticks require.
  const pad = Math.max(1.02, Math.min(high / low, 1e300) ** margin);
  const domain = [
    Math.max(Number((low / pad).toPrecision(5)), 1e-300),
    Math.min(Number((high * pad).toPrecision(5)), 1e307),
  ] as const;
  return { log: true, domain, ticks: logTicks(domain[0], domain[1]) };
}

/** A log range if the values are positive and span more than a factor of three, else a linear range. */
export function autoRange(values: readonly number[]): AxisRange {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (low > 0 && high / low > 3) return logRange(values);
  const pad = Math.max((high - low) * 0.05, Math.abs(high) * 0.01, Number.MIN_VALUE);
  const domain = [
    Number(Math.max(low >= 0 ? 0 : low - pad, low - pad).toPrecision(5)),
    Number((high + pad).toPrecision(5)),
  ] as const;
  return { log: false, domain, ticks: linearTicks(domain[0], domain[1]) };
}

/** A range from zero to the maximum, for bars. */
export function zeroRange(greatest: number, headroom = 0.12): AxisRange {
  const domain = [0, Number((Math.max(greatest, Number.MIN_VALUE) * (1 + headroom)).toPrecision(4))] as const;
  return { log: false, domain, ticks: linearTicks(domain[0], domain[1]) };
}

/** The ticks that fit on a phone. */
export function fewTicks({ log, domain: [low, high] }: AxisRange): readonly number[] {
  return log ? logTicks(low, high, 5) : linearTicks(low, high, 4);
}

/** The `scale` of an encoding. */
export function scaleOf(range: AxisRange): Readonly<Record<string, unknown>> {
  // Vega-Lite warns of `zero` on a log scale.
  return range.log
    ? { type: 'log', domain: range.domain, nice: false }
    : { type: 'linear', domain: range.domain, nice: false, zero: false };
}
