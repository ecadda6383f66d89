import { linearTicks, logTicks } from '../report/charts/grammar/scale.ts';
import type { PageSpec, ScaleWords } from '../report/page-data.ts';

const isObject = (value: unknown): value is PageSpec =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Copies a value, with `change` applied to every object, inner objects first. */
function mapped(node: unknown, change: (object: PageSpec) => PageSpec): unknown {
  if (Array.isArray(node)) return node.map((item) => mapped(item, change));
  if (!isObject(node)) return node;
  return change(Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapped(value, change)])));
}

/**
 * Removes runtimes from a chart: their data, and their places on nominal scales. The others keep their colours and
 * shapes. Null where nothing would be left to show.
 */
export function withoutRuntimes(spec: PageSpec, hidden: ReadonlySet<string>): PageSpec | null {
  if (hidden.size === 0) return spec;
  let left = 0;
  const shown = mapped(spec, (object) => {
    const { values, domain, range, sort } = object;
    if (Array.isArray(values) && values.some(isObject)) {
      const kept = values.filter((datum) => !isObject(datum) || !hidden.has(String(datum.runtime)));
      left += kept.filter((datum) => isObject(datum) && datum.runtime !== undefined).length;
      return { ...object, values: kept };
    }
    if (Array.isArray(domain) && domain.some((name) => hidden.has(String(name)))) {
      const keep = domain.map((name) => !hidden.has(String(name)));
      return {
        ...object,
        domain: domain.filter((_, i) => keep[i]),
        ...(Array.isArray(range) ? { range: range.filter((_, i) => keep[i]) } : {}),
      };
    }
    if (Array.isArray(sort)) return { ...object, sort: sort.filter((name) => !hidden.has(String(name))) };
    return object;
  }) as PageSpec;
  return left === 0 ? null : shown;
}

/** The ends of a scale that can be log or linear: all of it positive, and not the doublings of a count. */
function switchable(encoding: PageSpec): readonly [low: number, high: number, log: boolean] | null {
  const { scale } = encoding;
  if (!isObject(scale) || encoding.type !== 'quantitative' || scale.base !== undefined) return null;
  const { type, domain } = scale;
  if ((type !== 'log' && type !== 'linear') || !Array.isArray(domain) || domain.length !== 2) return null;
  const [low, high] = domain.map(Number);
  return low !== undefined && high !== undefined && low > 0 && high > low
    ? [low, high, type === 'log']
    : null;
}

/** Which of its switchable scales are log; null where none can be switched. */
export function scaleKind(spec: PageSpec): 'log' | 'linear' | null {
  let kind: 'log' | 'linear' | null = null;
  mapped(spec, (object) => {
    const found = switchable(object);
    if (found !== null && kind !== 'log') kind = found[2] ? 'log' : 'linear';
    return object;
  });
  return kind;
}

/** Makes the quantitative scales of a chart log or linear (from zero); titles of axes say so. */
export function withScale(spec: PageSpec, kind: 'log' | 'linear', words: ScaleWords): PageSpec {
  return mapped(spec, (object) => {
    const found = switchable(object);
    if (found === null || found[2] === (kind === 'log')) return object;
    const [low, high] = found;
    const domain = kind === 'log' ? [low, high] : [0, high];
    const ticks = kind === 'log' ? logTicks(low, high) : linearTicks(0, high);
    const { axis } = object;
    return {
      ...object,
      scale: { type: kind, domain, nice: false, ...(kind === 'log' ? {} : { zero: false }) },
      ...(isObject(axis)
        ? { axis: { ...axis, values: ticks, title: retitled(axis.title, kind, words) } }
        : {}),
    };
  }) as PageSpec;
}

function retitled(title: unknown, kind: 'log' | 'linear', words: ScaleWords): unknown {
  if (typeof title !== 'string') return title;
  if (kind === 'linear') return title.replace(words.log, words.linear);
  return title.includes(words.linear) ? title.replace(words.linear, words.log) : `${title} (${words.log})`;
}
