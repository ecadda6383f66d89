import { external } from '../messages/compose.ts';
import type { Message } from '../messages/message.ts';
import type { FactRow } from '../model/analysis.ts';
import { type Cell, cellKey, identityOf } from '../model/cell.ts';
import { asMessage, saidAs } from '../model/said.ts';
import type { EffectiveTrial } from './effective-trial.ts';

/** Maximum length of a fact in a result, UTF-16 units; output of a container has no limit of its own. */
const maxLength = 1000;

interface Counted {
  readonly value: Message;
  readonly trials: number;
}

interface Collected {
  readonly cell: Cell;
  readonly id: string;
  /** Value → number of trials with it, in order of first appearance. */
  readonly counts: Map<string, Counted>;
}

/**
 * Collect facts (not quantities) of measured trials: one row per cell and fact, in order of first appearance. Warm-up
 * trials are left out, as in all results.
 */
export function collectFacts(trials: readonly Pick<EffectiveTrial, 'trial' | 'facts'>[]): FactRow[] {
  const collected = new Map<string, Collected>();
  for (const { trial, facts } of trials) {
    if (trial.phase === 'warmup') continue;
    const { cell } = trial;
    for (const { id, value } of facts) {
      const key = JSON.stringify([cellKey(cell), id]);
      const entry = collected.get(key) ?? { cell, id, counts: new Map<string, Counted>() };
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
