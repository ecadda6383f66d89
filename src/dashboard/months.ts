import type { HeadlineLine } from '../model/history.ts';
import { type MonthData, type MonthRun, siteVersion } from './data.ts';
import { shortened } from './figure-text.ts';

/** The month that a line's file has: that of the run's start, UTC. */
const monthOf = ({ at }: Pick<HeadlineLine, 'at'>) => at.slice(0, 7);

/** Places of values in a list that grows with them. */
class Places<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();

  of(key: string, value: Value): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** Digits of a checksum that tell two programs of one version apart. */
const digits = 8;

function programOf({ provenance: { runtime } }: HeadlineLine): string {
  return [runtime.version ?? '–', runtime.sha256?.slice(0, digits)].filter(Boolean).join(' · ');
}

/** The months of the figures, each with all series, oldest first. `slugOf`: of a figure's series. */
export function monthsOf(
  headlines: readonly HeadlineLine[],
  slugOf: (line: HeadlineLine) => string | undefined,
): readonly MonthData[] {
  return [...Map.groupBy(headlines, monthOf)].map(([month, lines]) => monthData(month, lines, slugOf));
}

type Lists = { -readonly [K in keyof MonthData['series'][string]]: (number | null)[] };

function monthData(
  month: string,
  lines: readonly HeadlineLine[],
  slugOf: (line: HeadlineLine) => string | undefined,
): MonthData {
  const [runs, programs] = [new Places<MonthRun>(), new Places<string>()];
  const series: Record<string, Lists> = {};
  for (const line of lines) {
    const slug = slugOf(line);
    if (slug === undefined) continue;
    const { host, run, stage, at, night } = line;
    const { estimate, low, high } = shortened(line);
    const lists = (series[slug] ??= emptyLists());
    lists.run.push(runs.of(`${host} ${run} ${stage}`, { at, night, rerun: stage === 'confirmation' }));
    lists.estimate.push(estimate);
    lists.low.push(low);
    lists.high.push(high);
    lists.pairs.push(line.pairs);
    lists.median.push(Number(line.median.toPrecision(4)));
    lists.disturbed.push(Math.round(100 * line.disturbed));
    const program = programOf(line);
    lists.program.push(programs.of(program, program));
    lists.failures.push(line.failures);
  }
  return {
    version: siteVersion,
    month,
    runs: runs.values,
    programs: programs.values,
    series: series as unknown as MonthData['series'],
  };
}

function emptyLists(): Lists {
  return {
    ...{ run: [], estimate: [], low: [], high: [], pairs: [] },
    ...{ median: [], disturbed: [], program: [], failures: [] },
  };
}
