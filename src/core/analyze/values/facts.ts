import { external, listed } from '../../messages/compose.ts';
import type { Message } from '../../messages/message.ts';
import { recorded } from '../../messages/record.ts';
import type { Analysis, FactRow } from '../../model/analysis/analysis.ts';
import { asMessage, saidAs } from '../../model/failure/said.ts';
import type { RunRecord } from '../../model/run/run.ts';
import type { SamplerCost } from '../../model/run/sampling.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import { type Cell, cellKey, identityOf } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import type { Measurement } from '../../model/workload/metric.ts';
import { familyOf } from '../../runtimes/registry.ts';
import { type EffectiveTrial, isFailure } from './effective-trial.ts';

/** Whose network stack a runtime's containers use; null where its registration does not show it. */
export function networkMode({ family, network }: Pick<RuntimeFacts, 'family' | 'network'>): Message | null {
  return familyOf(family).networkStack(network);
}

/** The fact `network.mode` for every cell of the category network with an effective trial. */
export function networkFacts(
  run: RunRecord,
  trials: readonly Pick<EffectiveTrial, 'trial' | 'outcome'>[],
): FactRow[] {
  const modes = new Map(run.runtimes.map((runtime) => [runtime.entry.name, networkMode(runtime)]));
  const own = trials.filter(
    ({ trial, outcome }) =>
      trial.phase !== 'warmup' && outcome.status === 'ok' && trial.cell.workload.startsWith('network/'),
  );
  const cells = Map.groupBy(own, ({ trial }) => JSON.stringify(trial.cell));
  return [...cells.values()].flatMap((members) => {
    const [first] = members;
    const value = first === undefined ? null : (modes.get(first.trial.cell.runtime) ?? null);
    if (first === undefined || value === null) return [];
    const fact = { id: 'network.mode', ...recorded({ value }) };
    return [{ ...first.trial.cell, ...fact, trials: members.length, varies: false }];
  });
}

/** Warn about every family whose network figures measure another stack than its own. */
export function networkWarnings(run: RunRecord, facts: readonly FactRow[]): Analysis['warnings'] {
  const hosts = run.runtimes.filter(
    ({ entry, network }) =>
      network === 'host' && facts.some((fact) => fact.id === 'network.mode' && fact.runtime === entry.name),
  );
  return [...Map.groupBy(hosts, ({ family }) => familyOf(family))].flatMap(
    ([{ hostNetworkDoubt }, members]) =>
      hostNetworkDoubt === undefined
        ? []
        : [
            {
              code: 'host-network',
              ...recorded({ message: hostNetworkDoubt(listed(members.map(({ entry }) => entry.name))) }),
            },
          ],
  );
}

/**
 * Cost of sampling the time series of a run's trials, for the harness. Warm-up is included: the series costs the same
 * there. Null where nothing was sampled.
 */
export function samplerCost(
  trials: readonly Pick<TrialRecord, 'sampling'>[],
  periodMs: number,
): SamplerCost | null {
  const sampled = trials.flatMap(({ sampling }) => (sampling === null ? [] : [sampling]));
  const sum = (pick: (sampling: (typeof sampled)[number]) => number) =>
    sampled.reduce((total, sampling) => total + pick(sampling), 0);
  const readings = sum((sampling) => sampling.readings);
  const processScans = sum((sampling) => sampling.processScans);
  if (readings === 0) return null;
  return {
    readings,
    meanCostNs: sum((sampling) => sampling.costNs) / readings,
    maxCostNs: Math.max(...sampled.map((sampling) => sampling.maxCostNs)),
    periodMs,
    skipped: sum((sampling) => sampling.skipped),
    failed: sum((sampling) => sampling.failed),
    processScans,
    meanProcessScanNs: processScans === 0 ? null : sum((sampling) => sampling.processScanNs) / processScans,
  };
}

/** Counts of a run's measured blocks and trials. */
type Counts = Pick<Analysis, 'blocks' | 'completeBlocks' | 'trials'>;

/** Count measured blocks and trials. Interrupted and unsupported trials are neither ok nor failed. */
export function countTrials(measurements: readonly Measurement[]): Counts {
  /** Block → the cells that were measured in it. */
  const blocks = new Map<number, Set<string>>();
  const cells = new Set<string>();
  const ids = { ok: new Set<string>(), failed: new Set<string>(), warmup: new Set<string>() };
  // The values of a trial are consecutive: they count once.
  let last: Measurement | undefined;
  for (const measurement of measurements) {
    const { phase, block, trialId, cell, outcome } = measurement;
    const same = last?.trialId === trialId && last.outcome === outcome && last.phase === phase;
    last = measurement;
    if (same) continue;
    if (phase === 'warmup') {
      ids.warmup.add(trialId);
      continue;
    }
    if (outcome !== 'interrupted') {
      const key = cellKey(cell);
      cells.add(key);
      blocks.set(block, (blocks.get(block) ?? new Set()).add(key));
    }
    if (outcome === 'ok') ids.ok.add(trialId);
    else if (isFailure(outcome)) ids.failed.add(trialId);
  }
  const complete = [...blocks.values()].filter((members) => members.size === cells.size);
  return {
    blocks: blocks.size,
    completeBlocks: complete.length,
    trials: { ok: ids.ok.size, failed: ids.failed.size, warmup: ids.warmup.size },
  };
}

/** Maximum length of a fact in a result, UTF-16 units; output of a container has no limit of its own. */
const maxLength = 1000;

interface ValueCount {
  readonly value: Message;
  readonly trials: number;
}

interface FactCounts {
  readonly cell: Cell;
  readonly id: string;
  /** Value → number of trials with it, in order of first appearance. */
  readonly counts: Map<string, ValueCount>;
}

/**
 * Collect facts (not quantities) of measured trials: one row per cell and fact, in order of first appearance. Warm-up
 * trials are left out, as in all results.
 */
export function collectFacts(trials: readonly Pick<EffectiveTrial, 'trial' | 'facts'>[]): FactRow[] {
  const collected = new Map<string, FactCounts>();
  for (const { trial, facts } of trials) {
    if (trial.phase === 'warmup') continue;
    const { cell } = trial;
    for (const { id, value } of facts) {
      const key = JSON.stringify([cellKey(cell), id]);
      const entry = collected.get(key) ?? { cell, id, counts: new Map<string, ValueCount>() };
      const said = shortened(asMessage(value));
      entry.counts.set(said.text, { value: said, trials: (entry.counts.get(said.text)?.trials ?? 0) + 1 });
      collected.set(key, entry);
    }
  }
  return [...collected.values()].map(({ cell, id, counts }) => {
    const { value } = [...counts.values()].reduce((best, other) =>
      other.trials > best.trials ? other : best,
    );
    const all = [...counts.values()].reduce((sum, { trials }) => sum + trials, 0);
    const { value: text, ...messages } = saidAs('value', value);
    const varies = counts.size > 1;
    return { ...identityOf(cell), id, value: text, trials: all, varies, ...messages };
  });
}

/** A text that must be truncated becomes a quote. */
function shortened(message: Message): Message {
  const text = message.text.slice(0, maxLength).toWellFormed();
  return text === message.text ? message : external(text);
}
