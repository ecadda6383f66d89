import { randomInt } from 'node:crypto';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { wrongFlag } from '../../../../core/config/command-line.ts';
import { parseFraction, parseList, parseWhole } from '../../../../core/config/quantities.ts';
import { kinds } from '../../../../core/config/settings.ts';
import { messages, notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { misuse, type Problem } from '../../../../core/model/failure/error.ts';

const text = notices('planFlags', { unusable: 'these services cannot be planned' });
const must = messages('planFlags', {
  budget: 'a percentage from 0% to 1000%',
  draws: 'a whole number from {least} to {most}',
});

/** Flags of `ocibench capacity plan`, as typed. */
export interface PlanFlags extends ReadFlags {
  /** The run that measured the costs of sandboxes. */
  readonly from?: string;
  readonly runtimes?: string;
  readonly seed?: string;
  readonly draws?: string;
  readonly budget?: string;
  /** Path of the HTML page. */
  readonly html?: string;
}

/** Request for a plan, from the flags. */
export interface PlanRequest {
  /** null: the runtimes of the file, or else all of the run. */
  readonly runtimes: readonly string[] | null;
  readonly seed: number;
  readonly draws: number;
  /** Allowed share of additional hosts, as a fraction. */
  readonly budget: number;
}

const drawBounds = { least: 20, most: 10_000, usual: 500 } as const;
const usualBudget = 0.1;
const mostBudget = 10;

/** Parses the flags. OcibenchError (exit 2) with every invalid flag. */
export function askedPlan(flags: PlanFlags): PlanRequest {
  const problems: Problem[] = [];
  const parsed = <T>(flag: string, value: string | undefined, usual: T, kind: FlagKind<T>): T => {
    if (value === undefined) return usual;
    const found = kind.parse(value);
    if (found === null) problems.push(wrongFlag(flag, value, kind));
    return found ?? usual;
  };
  const { least, most, usual } = drawBounds;
  const draws = {
    must: must.draws({ least, most }),
    example: '1000',
    parse: (given: string) => parseWhole(given, { least, most }),
  };
  const budget = { must: must.budget, example: '10%', parse: parseBudget };
  const asked = {
    runtimes: flags.runtimes === undefined ? null : parseList(flags.runtimes),
    seed: parsed('--seed', flags.seed, randomInt(2 ** 31), kinds.seed),
    draws: parsed('--draws', flags.draws, usual, draws),
    budget: parsed('--budget', flags.budget, usualBudget, budget),
  };
  if (problems.length > 0) throw misuse(text.unusable, problems);
  return asked;
}

interface FlagKind<T> {
  readonly must: Message;
  readonly example: string;
  readonly parse: (given: string) => T | null;
}

/** Parses a budget: `0%` allows no additional hosts, `100%` twice as many hosts. */
function parseBudget(given: string): number | null {
  const percent = /^(\d{1,4}(?:\.\d{1,3})?)%$/.exec(given.trim())?.[1];
  const budget = percent === undefined ? parseFraction(given) : Number(percent) / 100;
  return budget !== null && budget <= mostBudget ? budget : null;
}
