import type { EngineShape } from '../../../core/config/engine-shape.ts';
import { recorded } from '../../../core/messages/record.ts';
import type { Analysis, FactRow, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { EngineRequest } from '../../../core/model/runtime/engine-kind.ts';
import type { Objection } from '../judge/objection.ts';
import type { ExplainedOption, Explanation, FactChange, OptionEffect } from './explanation.ts';
import type { DaemonSetting } from './settings.ts';

/** Name of the engine without any of the settings, the reference of all others. */
const plainEngine = 'plain';
/** Name of the engine with all settings. */
const wholeEngine = 'all';

/** Name of the engine with only this setting. */
function engineOfSetting({ keys: [key] }: DaemonSetting): string {
  return key === undefined ? plainEngine : key;
}

/** The settings whose cost is measured. */
export function measuredSettings(settings: readonly DaemonSetting[]): readonly DaemonSetting[] {
  return settings.filter(({ notMeasured }) => notMeasured === null);
}

/**
 * The engines that measure settings: one without them, one per setting, and one with all if there are several. If dockerd does
 * not start with a setting, the rows of its engine have dockerd's reason. `whereItActs`: several settings are each measured only
 * where they can act; the engine with all of them is measured everywhere.
 */
export function enginesFor(settings: readonly DaemonSetting[], whereItActs = true): EngineShape[] {
  const measured = measuredSettings(settings);
  const isCut = whereItActs && measured.length > 1;
  const all = Object.assign({}, ...measured.map(({ values }) => values)) as Record<string, unknown>;
  return [
    { name: plainEngine },
    ...measured.map((setting) => ({
      name: engineOfSetting(setting),
      daemonJson: { ...setting.values },
      optional: true,
      ...(isCut && setting.acts !== null ? { categories: [...setting.acts, 'isolation' as const] } : {}),
    })),
    ...(measured.length > 1 ? [{ name: wholeEngine, daemonJson: all, optional: true }] : []),
  ];
}

/** A run's measurement of the settings. */
export interface SettingsMeasurement {
  readonly runId: string;
  /** Version of Docker. */
  readonly docker: string;
  readonly analysis: Pick<Analysis, 'rows' | 'engines' | 'facts'>;
  /** The run's engines as configured. */
  readonly engines: readonly Pick<EngineRequest, 'name' | 'categories'>[];
}

/** Each setting with its cost and changed facts, from the engines of a run; `measured`: null without a run. */
export function explanationOf(
  settings: readonly DaemonSetting[],
  { file, runtime, dockerd }: Pick<Explanation, 'file' | 'runtime' | 'dockerd'>,
  measured: SettingsMeasurement | null,
  objections: readonly Objection[] = [],
): Explanation {
  const of = (engine: string) => ({
    effects: measured === null ? [] : effectsOf(measured.analysis, engine, runtime),
    facts: measured === null ? null : changesOf(measured.analysis.facts, engine, runtime),
  });
  const options = settings.map((setting): ExplainedOption => {
    const { keys, line, shown, what, usual, reach, notMeasured } = setting;
    const engine = notMeasured === null ? { engine: engineOfSetting(setting) } : {};
    const said = recorded({ what, usual, reach, ...(notMeasured === null ? {} : { notMeasured }) });
    const against = objections
      .filter(({ key }) => keys.includes(key))
      .map(({ key, effect, reason: { code, message, fix } }) => ({
        key,
        effect,
        code,
        ...recorded({ message, fix }),
      }));
    const found = notMeasured === null ? of(engineOfSetting(setting)) : { effects: [], facts: null };
    const categories = measured?.engines.find(({ name }) => name === engine.engine)?.categories;
    const costs = categories?.filter((category) => category !== 'isolation');
    const measuredIn = costs === undefined ? {} : { measuredIn: costs };
    const words = { keys: [...keys], line, setting: shown, ...said, objections: against };
    return { ...words, ...engine, ...measuredIn, ...found };
  });
  const several = settings.filter(({ notMeasured }) => notMeasured === null).length > 1;
  return {
    file,
    runtime,
    dockerd,
    options,
    docker: measured?.docker ?? null,
    runId: measured?.runId ?? null,
    together: several && measured !== null ? of(wholeEngine) : null,
  };
}

/** Headlines of an engine compared with the engine without settings; a headline without a ratio has a note. */
function effectsOf(
  { rows, engines = [] }: Pick<Analysis, 'rows' | 'engines'>,
  engine: string,
  runtime: string,
): OptionEffect[] {
  const own = (row: SummaryRow) => row.engine === engine && row.runtime === runtime && isCost(row);
  const compared = engines.filter((row) => own(row) && row.baselineEngine === plainEngine);
  const subjects = new Set(compared.map(subjectOf));
  const missing = rows.filter((row) => own(row) && !subjects.has(subjectOf(row))).map(without);
  return [...compared, ...missing].map(
    ({ workload, params, metric, unit, ratio, ratioCiLow, ratioCiHigh, verdict, pairs, note }) => ({
      workload,
      params,
      metric,
      unit,
      ratio,
      verdict,
      pairs,
      note,
      low: ratioCiLow,
      high: ratioCiHigh,
    }),
  );
}

/** A row without a counterpart in the engine without settings. */
function without(row: SummaryRow): SummaryRow {
  const nothing = { ratio: null, ratioCiLow: null, ratioCiHigh: null, pairs: 0 };
  return { ...row, ...nothing, verdict: 'unavailable' };
}

function isCost({ headline, category }: SummaryRow): boolean {
  return headline && category !== 'isolation';
}

function subjectOf({ workload, params }: SummaryRow): string {
  return `${workload}|${params}`;
}

/**
 * Facts that differ from those of the engine without settings; null if either has none. Ignores names that are unique to a
 * trial, which always differ.
 */
function changesOf(facts: readonly FactRow[], engine: string, runtime: string): FactChange[] | null {
  const of = (name: string) => facts.filter((fact) => fact.runtime === runtime && fact.engine === name);
  const [own, plain] = [of(engine), of(plainEngine)];
  if (own.length === 0 || plain.length === 0) return null;
  const before = new Map(plain.filter(({ varies }) => !varies).map(({ id, value }) => [id, value]));
  return own.flatMap(({ id, value, varies }) => {
    const from = before.get(id);
    return varies || from === undefined || from === value ? [] : [{ fact: id, from, to: value }];
  });
}
