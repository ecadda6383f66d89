import type { Analysis, EffectRow } from '../../model/analysis/analysis.ts';
import type { Design } from '../../model/run/design.ts';
import type { RunRecord } from '../../model/run/run.ts';
import type { EffectChange, OmittedEffect } from '../../model/run/run-comparison.ts';
import { cellKey, subjectKey } from '../../model/trial/cell.ts';
import { type IntervalSettings, type RunChange, runChange } from '../runs/run-change.ts';
import type { CellSamples } from '../values/samples.ts';
import { contrastOf, effectsIn, type MeasuredArm, measuredArms } from './contrast.ts';
import { type EstimatedEffect, isSeparable } from './separate.ts';

/** The weights by which an effect is estimated: combination of options → weight. */
type EffectWeights = ReadonlyMap<string, number>;

/** Weights that differ by less count as equal. */
const tolerance = 1e-9;

/** Key of a combination of options, independent of the names and the order in its design. */
function keyOf({ levels }: MeasuredArm, { factors }: Design): string {
  const set = factors.map(({ name, levels: values }, at) => [name, values[levels[at] ?? 0] ?? '']);
  return JSON.stringify(set.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

/** The combinations that have a weight in an effect. */
function basisOf({ weights }: EstimatedEffect, arms: readonly MeasuredArm[], design: Design): EffectWeights {
  return new Map(
    arms.flatMap((arm, at) => {
      const weight = weights?.[at] ?? 0;
      return weight === 0 ? [] : [[keyOf(arm, design), weight] as const];
    }),
  );
}

/** Do both estimate the same effect? */
function isSameBasis(a: EffectWeights, b: EffectWeights): boolean {
  return (
    a.size === b.size && [...a].every(([arm, weight]) => Math.abs((b.get(arm) ?? 0) - weight) <= tolerance)
  );
}

/** `overlay2 (root:self, none)`. */
function setting({ name, levels }: Design['factors'][number]): string {
  return `${name} (${levels.join(', ')})`;
}

/** The options not in an effect, over which it is averaged, in one order; null where there are none. */
function otherFactors({ factors }: Design, { factor, beside }: EffectRow): string | null {
  const others = factors
    .filter(({ name }) => name !== factor && name !== beside?.factor)
    .map(({ name, levels }) => setting({ name, levels: levels.toSorted() }));
  return others.length === 0 ? null : others.toSorted().join(', ');
}

/** The arms with values, and their design. */
interface DesignArms {
  readonly arms: readonly MeasuredArm[];
  readonly design: Design;
}

/** Names of the arms with values that the other run lacks; null where there are none. */
function differingArms(own: DesignArms, other: DesignArms): string | null {
  const known = new Set(other.arms.map((arm) => keyOf(arm, other.design)));
  const only = own.arms.filter((arm) => !known.has(keyOf(arm, own.design)));
  return only.length === 0 ? null : only.map(({ runtime }) => runtime).join(', ');
}

/** A run whose effects are compared, with its values by cell. */
export interface EffectsOfRun {
  readonly run: RunRecord;
  readonly analysis: Analysis;
  readonly cells: ReadonlyMap<string, CellSamples>;
}

/** The change of an effect before it is judged. */
interface EffectChangeDraft extends Pick<RunChange, 'logs' | 'p'> {
  readonly change: Omit<EffectChange, 'pAdjusted' | 'verdict'>;
}

/** The effects that two runs share, compared, and those left out. */
export interface EffectComparison {
  readonly drafts: readonly EffectChangeDraft[];
  readonly leftOut: readonly OmittedEffect[];
}

/** An effect of a run in one subject, with its ratio in each block. */
interface SubjectEffect {
  readonly row: EffectRow;
  readonly design: Design;
  readonly arms: readonly MeasuredArm[];
  readonly basis: EffectWeights;
  /** Logarithms, one a block. */
  readonly logs: readonly number[];
}

/**
 * Compare the effects that both runs estimate for the same options: each is a ratio within blocks, and the runs are
 * independent. An effect is the mean over the other options that were measured, so it is compared only where both runs
 * estimate it by the same combinations with the same weights. All others are left out with the reason.
 */
export function effectsBetween(
  before: EffectsOfRun,
  after: EffectsOfRun,
  sureness: IntervalSettings,
): EffectComparison {
  const designs = { before: before.run.config.designs ?? [], after: after.run.config.designs ?? [] };
  const names = [...new Set([...designs.before, ...designs.after].map(({ name }) => name))];
  const found = names.map((name): EffectComparison => {
    const was = designs.before.find((one) => one.name === name);
    const is = designs.after.find((one) => one.name === name);
    if (was === undefined || is === undefined || was.base !== is.base)
      return {
        drafts: [],
        leftOut: [
          {
            design: name,
            workloads: [],
            why: was === undefined || is === undefined ? 'design' : 'base',
            was: was?.base ?? null,
            is: is?.base ?? null,
          },
        ],
      };
    return ofDesign({ ...before, design: was }, { ...after, design: is }, sureness);
  });
  return {
    drafts: found.flatMap(({ drafts }) => drafts),
    leftOut: merged(found.flatMap(({ leftOut }) => leftOut)),
  };
}

interface DesignRun extends EffectsOfRun {
  readonly design: Design;
}

function ofDesign(before: DesignRun, after: DesignRun, sureness: IntervalSettings): EffectComparison {
  const was = rowsOf(before);
  const is = rowsOf(after);
  const drafts: EffectChangeDraft[] = [];
  const leftOut: OmittedEffect[] = [];
  const subjects = { was: subjectsOf(was), is: subjectsOf(is) };
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [early, late] = [was.get(key), is.get(key)];
    const row = late ?? early;
    if (row === undefined) continue;
    const left = (why: OmittedEffect['why'], values: Pick<OmittedEffect, 'was' | 'is'>) =>
      leftOut.push({ design: row.design, effect: effectOf(row), workloads: [row.workload], why, ...values });
    if (early === undefined || late === undefined) {
      // A subject of only one run is counted with the cells.
      if (!subjects.was.has(subjectKey(row)) || !subjects.is.has(subjectKey(row))) continue;
      const values = { was: asked(before.design, row), is: asked(after.design, row) };
      left('effect', values);
      continue;
    }
    // A different headline metric is reported with the cells.
    if (early.metric !== late.metric) continue;
    const [first, second] = [toldOf(early, before), toldOf(late, after)];
    if (first === null && second === null) continue;
    if (first === null || second === null) left('untold', whoTells(first, second));
    else if (isSameBasis(first.basis, second.basis)) drafts.push(draftOf(first, second, sureness));
    else left(...whyOther(first, second));
  }
  return { drafts, leftOut };
}

function whoTells(was: object | null, is: object | null) {
  return { was: was === null ? null : 'told', is: is === null ? null : 'told' };
}

function whyOther(
  was: SubjectEffect,
  is: SubjectEffect,
): [why: OmittedEffect['why'], values: Pick<OmittedEffect, 'was' | 'is'>] {
  const factors = { was: otherFactors(was.design, was.row), is: otherFactors(is.design, is.row) };
  return factors.was === factors.is
    ? ['arms', { was: differingArms(was, is), is: differingArms(is, was) }]
    : ['factors', factors];
}

function draftOf(was: SubjectEffect, is: SubjectEffect, sureness: IntervalSettings): EffectChangeDraft {
  const { row } = is;
  const { profile, layer, workload, params, engine, category, metric, unit, better } = row;
  const { figures, logs, p } = runChange(was.logs, is.logs, sureness);
  return {
    logs,
    p,
    change: {
      design: row.design,
      ...effectOf(row),
      profile,
      layer,
      workload,
      params,
      ...(engine === undefined ? {} : { engine }),
      category,
      metric: metric ?? '',
      unit: unit ?? 'count',
      better: better ?? 'neither',
      ...figures,
    },
  };
}

/** The effects of a design by subject and by effect; an interaction has one key, whatever the order of its options. */
function rowsOf({ analysis, design }: DesignRun): ReadonlyMap<string, EffectRow> {
  return new Map(
    (analysis.effects ?? [])
      .filter((row) => row.design === design.name)
      .map((row) => {
        const options = [row, ...(row.beside === undefined ? [] : [row.beside])];
        const compared = options.map(({ factor, level, reference }) => [factor, level, reference].join('\n'));
        return [JSON.stringify([subjectKey(row), compared.toSorted()]), row];
      }),
  );
}

const subjectsOf = (rows: ReadonlyMap<string, EffectRow>) =>
  new Set([...rows.values()].map((row) => subjectKey(row)));

/** An effect with its ratios; null where the run does not estimate it, or has no ratio. */
function toldOf(row: EffectRow, { cells, design }: DesignRun): SubjectEffect | null {
  const { profile, layer, workload, params, engine, metric } = row;
  const identity = { profile, layer, workload, params, ...(engine === undefined ? {} : { engine }) };
  const own = design.arms.flatMap(({ runtime }) => {
    const cell = cells.get(cellKey({ runtime, ...identity }));
    return cell === undefined ? [] : [[runtime, cell] as const];
  });
  const arms = measuredArms(design, { cells: new Map(own), headline: metric });
  const effect = effectsIn(arms).find((each) => isSeparable(each) && isOf(row, each, design));
  if (effect === undefined) return null;
  const logs = [...contrastOf(effect, arms).byBlock.values()];
  return logs.length === 0 ? null : { row, design, arms, basis: basisOf(effect, arms, design), logs };
}

function isOf(
  row: EffectRow,
  { factors, levels, references }: EstimatedEffect,
  { factors: all }: Design,
): boolean {
  const options = [row, ...(row.beside === undefined ? [] : [row.beside])];
  return (
    options.length === factors.length &&
    options.every(({ factor, level, reference }, at) => {
      const { name, levels: values } = all[factors[at] ?? 0] ?? { name: '', levels: [] };
      return (
        name === factor && values[levels[at] ?? 0] === level && values[references[at] ?? 0] === reference
      );
    })
  );
}

function effectOf({ factor, level, reference, beside }: EffectRow) {
  return { factor, level, reference, ...(beside === undefined ? {} : { beside }) };
}

/** The levels that a design has for the options of an effect: `directfs (true, false)`; null where it has none of them. */
function asked({ factors }: Design, { factor, beside }: EffectRow): string | null {
  const names = [factor, ...(beside === undefined ? [] : [beside.factor])];
  const own = factors.filter(({ name }) => names.includes(name)).map(setting);
  return own.length === 0 ? null : own.join(', ');
}

/** Entries of one reason joined, with all their workloads. */
function merged(all: readonly OmittedEffect[]): readonly OmittedEffect[] {
  const groups = Map.groupBy(all, ({ workloads: _, ...reason }) => JSON.stringify(reason));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, workloads: [...new Set([first, ...others].flatMap(({ workloads }) => workloads))] }],
  );
}
