import type { RowDraft } from '../../../core/analyze/claims/claims.ts';
import { effectFamily } from '../../../core/analyze/claims/families.ts';
import {
  type InterimLook,
  isTested,
  type LookComparison,
  looksOf,
  ownBlocks,
} from '../../../core/analyze/claims/looks.ts';
import type { SettledReason, SettlingRule } from '../../../core/analyze/claims/settled.ts';
import { settledAfter, shiftOfValues } from '../../../core/analyze/claims/settled.ts';
import type { AnalysisPart } from '../../../core/analyze/part.ts';
import type { BaselineComparison } from '../../../core/analyze/rows/comparison.ts';
import { emptyRow } from '../../../core/analyze/rows/empty-row.ts';
import { ratioOf } from '../../../core/analyze/rows/ratio.ts';
import type { Subject } from '../../../core/analyze/rows/subjects.ts';
import { minimumPairs, pairedCentre } from '../../../core/analyze/stats/paired-centre.ts';
import { emulatedNote } from '../../../core/analyze/values/emulated-guests.ts';
import { identity, noRatio, type RowContext } from '../../../core/analyze/values/groups.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { EffectRow, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { Design } from '../../../core/model/run/design.ts';
import { cellKey } from '../../../core/model/trial/cell.ts';
import { contrastOf, effectsIn, effectsOf, type MeasuredArm, measuredArms } from '../effects/contrast.ts';
import { type EstimatedEffect, isSeparable, termName } from '../effects/separate.ts';

const text = notices('effect', {
  noArm: 'no arm with {factor}={level} has values: {reason}',
  missingArms:
    'with {missing} of its {all} arms missing, the design cannot separate this effect from others: {reason}',
  armReason: '{runtime}: {reason}',
  survivors: 'more than 10% of its trials failed',
  noBlock: 'no block holds every arm that this effect needs',
  zero: 'zero values: no ratio',
  negative: 'negative values: no ratio',
});

/** An effect before its claims are settled, and the fields of its row that claims do not have. */
interface EffectDraft {
  readonly effect: Pick<EffectRow, 'design' | 'factor' | 'level' | 'reference' | 'beside' | 'aliases'>;
  readonly draft: RowDraft;
}

/** Every effect that a design of the run estimates, in every subject with a cost: main effects first. */
function effectDrafts(subjects: readonly Subject[], context: RowContext): readonly EffectDraft[] {
  const { designs = [] } = context.run.config;
  return designs.flatMap((design) => {
    const wanted = effectsOf(design);
    // The category isolation holds facts, not costs; tools without a runtime have no options.
    const asked = subjects.filter(
      ({ category, identity: { layer }, headline }) =>
        category !== 'isolation' && layer !== 'floor' && headline !== null,
    );
    return asked.flatMap((subject) => {
      const arms = measuredArms(design, subject);
      const told = effectsIn(arms);
      return wanted.map((effect) => effectDraft({ design, subject, arms, told, effect }, context));
    });
  });
}

interface EffectContext {
  readonly design: Design;
  readonly subject: Subject;
  readonly arms: readonly MeasuredArm[];
  /** Effects that the arms with values estimate. */
  readonly told: readonly EstimatedEffect[];
  /** Effect of the full design. */
  readonly effect: EstimatedEffect;
}

function effectDraft(place: EffectContext, context: RowContext): EffectDraft {
  const { design, told, effect } = place;
  const names = design.factors.map(({ name }) => name);
  const found = told.find((each) => isSame(each, effect) && isSeparable(each));
  const [first, second] = effect.factors.map((factor, at) => ({
    factor: names[factor] ?? '',
    level: design.factors[factor]?.levels[effect.levels[at] ?? 0] ?? '',
    reference: design.factors[factor]?.levels[effect.references[at] ?? 0] ?? '',
  }));
  return {
    effect: {
      design: design.name,
      ...(first ?? { factor: '', level: '', reference: '' }),
      ...(second === undefined ? {} : { beside: second }),
      aliases: [...new Set((found ?? effect).aliases.map((alias) => termName(alias, names)))],
    },
    draft:
      found === undefined
        ? untold(place, whyUntold(place, context), context)
        : toldDraft(place, found, context),
  };
}

const isSame = (a: EstimatedEffect, b: EstimatedEffect) =>
  String([a.factors, a.levels, a.references]) === String([b.factors, b.levels, b.references]);

function toldDraft(place: EffectContext, found: EstimatedEffect, context: RowContext): RowDraft {
  const { design, subject, arms, effect } = place;
  const { run, confidence } = context;
  const contrast = contrastOf(found, arms);
  if (contrast.blocks === 0) return untold(place, text.noBlock, context);
  const logRatios = [...contrast.byBlock.values()];
  const logs = pairedCentre(logRatios, confidence);
  const looks = looksOf(run);
  const keys = arms.map(({ cell }) => cellKey(cell.cell));
  const at = (look: InterimLook): LookComparison => ({
    look,
    centre: pairedCentre([...ownBlocks(look, contrast.byBlock).values()], confidence),
  });
  const tested = looks.filter((look) => look.number === 0 || keys.every((key) => isTested(look, key)));
  const term = termName(
    effect,
    design.factors.map(({ name }) => name),
  );
  const comparison: BaselineComparison = {
    family: effectFamily(design.name, term, identity(subject, design.name)),
    ratio: { pairs: contrast.blocks, ...ratioOf(logs), logs, logRatios, notPositive: contrast.notPositive },
    difference: null,
    baselineKnown: true,
    ...(looks.length > 1 ? { looks: tested.map(at) } : {}),
    withheld: null,
  };
  const { row } = emptyDraft(place, context);
  const emulator = arms.map(({ runtime }) => context.emulated.get(runtime)).find(Boolean);
  // With fewer pairs, the claim says so itself.
  const notPositive = contrast.blocks < minimumPairs ? null : contrast.notPositive;
  return {
    row: { ...row, n: contrast.blocks, pairs: contrast.blocks },
    notes: [emulatedNote(row, emulator), notPositive === null ? null : text[notPositive]].filter(
      (note) => note !== null,
    ),
    comparison,
  };
}

/** A row without values. */
function emptyDraft({ design, subject, arms }: EffectContext, context: RowContext): RowDraft {
  const { headline } = subject;
  const { row } = emptyRow(subject, design.name, headline, context);
  const sample = arms[0]?.sample;
  return {
    row: {
      ...row,
      ...noRatio,
      ...(sample === undefined ? {} : { unit: sample.unit, better: sample.better }),
    },
    notes: [],
    comparison: null,
  };
}

function untold(place: EffectContext, reason: Message, context: RowContext): RowDraft {
  return { ...emptyDraft(place, context), notes: [reason] };
}

/** Why the arms that have values do not estimate an effect of the full design: the reason of the first missing arm. */
function whyUntold({ design, subject, arms, effect }: EffectContext, context: RowContext): Message {
  const measured = new Set(arms.map(({ runtime }) => runtime));
  const missing = design.arms.filter(({ runtime }) => !measured.has(runtime));
  const reasonOf = (runtime: string) =>
    text.armReason({ runtime, reason: whyMissing(subject, runtime, context) });
  for (const [at, place] of effect.factors.entries()) {
    const { name = '', levels = [] } = design.factors[place] ?? {};
    for (const each of [effect.levels[at] ?? 0, effect.references[at] ?? 0]) {
      const level = levels[each] ?? '';
      if (arms.some((arm) => arm.levels[place] === each)) continue;
      const own = missing.find((arm) => arm.levels[place] === level);
      return text.noArm({ factor: name, level, reason: reasonOf(own?.runtime ?? design.name) });
    }
  }
  return text.missingArms({
    missing: missing.length,
    all: design.arms.length,
    reason: listed(
      missing.slice(0, 1).map(({ runtime }) => reasonOf(runtime)),
      'semicolon',
    ),
  });
}

function whyMissing(subject: Subject, runtime: string, context: RowContext): Message {
  const cell = subject.cells.get(runtime);
  const hasValues = subject.headline !== null && cell?.samples.has(subject.headline);
  if (hasValues) return text.survivors;
  return emptyRow(subject, runtime, subject.headline, context).notes[0] ?? text.noBlock;
}

/** Converts the settled row of an effect's draft to a row of effects. */
function effectRow({ effect }: EffectDraft, settled: SummaryRow): EffectRow {
  const { profile, layer, workload, params, engine, category, metric, unit, better, pairs } = settled;
  const { ratio, ratioCiLow, ratioCiHigh, ratio90Low = null, ratio90High = null, simultaneous } = settled;
  const { p, pAdjusted, verdict, family, note, messages } = settled;
  return {
    ...effect,
    profile,
    layer,
    workload,
    params,
    ...(engine === undefined ? {} : { engine }),
    category,
    metric,
    unit,
    better,
    pairs,
    ratio,
    ratioCiLow,
    ratioCiHigh,
    ratio90Low,
    ratio90High,
    ...(simultaneous === undefined ? {} : { simultaneous }),
    p,
    pAdjusted,
    verdict,
    ...(family === undefined ? {} : { family }),
    note,
    ...(messages === undefined ? {} : { messages }),
  };
}

/**
 * Why a subject needs no more blocks for the main effects of a design: each of them is clear or precise, by the same
 * rule as a comparison. Null while one needs more. Interactions, whose intervals are twice as wide, do not prolong a
 * run. Undefined: there is no effect to wait for.
 */
function settledEffects(
  design: Design,
  subject: Subject,
  rule: SettlingRule,
): SettledReason | null | undefined {
  const arms = measuredArms(design, subject);
  const mains = effectsIn(arms).filter((effect) => effect.factors.length === 1 && isSeparable(effect));
  const contrasts = mains
    .map((effect) => contrastOf(effect, arms))
    .filter(({ notPositive }) => notPositive === null);
  if (contrasts.length === 0) return undefined;
  const found = contrasts.map(({ byBlock }) => {
    const logs = [...byBlock].toSorted(([a], [b]) => a - b).map(([, log]) => log);
    return settledAfter(logs, (n) => shiftOfValues(logs.slice(0, n), rule.confidence), rule);
  });
  if (found.includes(null)) return null;
  return found.includes('clear') ? 'clear' : 'precise';
}

/** What options of runtimes change, by the designs of a run. */
export default {
  comparisons(subjects, context) {
    if (context.run.config.designs === undefined) return null;
    const effects = effectDrafts(subjects, context);
    return {
      drafts: effects.map(({ draft }) => draft),
      fields: (rows) => ({
        effects: effects.flatMap((effect, at) => rows.slice(at, at + 1).map((row) => effectRow(effect, row))),
      }),
    };
  },
  settled: (subject, { config }, rule) =>
    (config.designs ?? []).flatMap((design) => {
      const settled = settledEffects(design, subject, rule);
      return settled === undefined ? [] : [{ runtimes: design.arms.map(({ runtime }) => runtime), settled }];
    }),
} satisfies AnalysisPart;
