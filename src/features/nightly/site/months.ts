import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, number } from '../../../report/document.ts';
import { formatCount, formatInstant, formatNumberShort, formatPercent } from '../../../report/format.ts';
import { tableOf } from '../../../report/table-of.ts';
import type { HeadlineLine, NightLine } from '../history/record.ts';
import { type MonthData, type MonthRun, type MonthSeries, siteVersion } from './data.ts';
import { shortened } from './figure-text.ts';
import type { HostView } from './series-view.ts';

const words = messages('dashboard.nights', {
  began: 'began',
  status: 'status',
  figures: 'figures',
  minutes: 'minutes',
  disturbed: 'disturbed',
  why: 'why',
  measured: 'measured',
  interrupted: 'interrupted',
  skipped: 'skipped',
  failed: 'failed',
  caption: 'Nights of host {host}, newest first',
});

/** Minimum share of disturbed trials at which a night is shown as disturbed. */
const disturbedFrom = 0.2;

/** Was the host busy with something else while this night measured? */
export function isDisturbed({ disturbed }: Pick<NightLine, 'disturbed'>): boolean {
  return disturbed >= disturbedFrom;
}

/** A word for how a night ended. */
export function statusWord(status: NightLine['status'], lang: Lang): string {
  return translate(words[status], lang);
}

/** The nights of a host as a table, the newest first. */
export function nightsTable({ host, nights }: HostView, lang: Lang): Block {
  return tableOf(
    nights.toReversed(),
    [
      [words.began, ({ at }) => formatInstant(at)],
      [words.status, ({ status }) => words[status]],
      [words.figures, ({ headlines: n }) => number(formatCount(n, lang), n), 'right'],
      [words.minutes, ({ minutes: n }) => number(formatNumberShort(n, lang), n), 'right'],
      [words.disturbed, ({ disturbed: share }) => number(formatPercent(share, lang), share), 'right'],
      [words.why, ({ reason }) => reason],
    ],
    lang,
    words.caption({ host }),
  );
}

/** Month of a line: that of the run's start, UTC. */
const monthOf = ({ at }: Pick<HeadlineLine, 'at'>) => at.slice(0, 7);

/** A list of distinct values, and the index of each by its key. */
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

/** Checksum digits that distinguish programs of one version. */
const digits = 8;

function programOf({ provenance: { runtime } }: HeadlineLine): string {
  return [runtime.version ?? '–', runtime.sha256?.slice(0, digits)].filter(Boolean).join(' · ');
}

/**
 * Data of the months, oldest first, each with all series. `slugOf`: slug of a line's series; undefined: the line is skipped.
 */
export function monthsOf(
  headlines: readonly HeadlineLine[],
  slugOf: (line: HeadlineLine) => string | undefined,
): readonly MonthData[] {
  return [...Map.groupBy(headlines, monthOf)].map(([month, lines]) => monthData(month, lines, slugOf));
}

type Lists = { [K in keyof MonthSeries]: MonthSeries[K][number][] };

function monthData(
  month: string,
  lines: readonly HeadlineLine[],
  slugOf: (line: HeadlineLine) => string | undefined,
): MonthData {
  const [runs, programs] = [new Places<MonthRun>(), new Places<string>()];
  const series = new Map<string, Lists>();
  for (const line of lines) {
    const slug = slugOf(line);
    if (slug === undefined) continue;
    const { host, run, stage, at, night } = line;
    const { estimate, low, high } = shortened(line);
    const lists = series.get(slug) ?? emptyLists();
    series.set(slug, lists);
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
    series: Object.fromEntries([...series].map(([slug, lists]) => [slug, packed(lists)])),
  };
}

/** Shortens lists of equal values to one value: most months have constant blocks, failures and disturbance. */
function packed(lists: Lists): MonthSeries {
  const once = (list: readonly number[]) => (new Set(list).size === 1 ? list.slice(0, 1) : list);
  const { pairs, disturbed, program, failures } = lists;
  return {
    ...lists,
    pairs: once(pairs),
    disturbed: once(disturbed),
    program: once(program),
    failures: once(failures),
  };
}

function emptyLists(): Lists {
  return {
    run: [],
    estimate: [],
    low: [],
    high: [],
    pairs: [],
    median: [],
    disturbed: [],
    program: [],
    failures: [],
  };
}
