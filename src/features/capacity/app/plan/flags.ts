import { randomInt } from 'node:crypto';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import { parseFraction, parseList, parseWhole } from '../../../../core/config/quantities.ts';
import { kinds } from '../../../../core/config/settings.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../../../core/model/error.ts';

const text = notices('planFlags', { unusable: 'these services cannot be planned' });
const why = reasons('planFlags', {
  budget: {
    message: "must be a percentage from 0% to 1000%, but is ''{value}''",
    fix: 'for example  --budget 10%',
  },
  draws: {
    message: "must be a whole number from {least} to {most}, but is ''{value}''",
    fix: 'for example  --draws 1000',
  },
  seed: { message: "must be a whole number, 0 or more, but is ''{value}''", fix: 'for example  --seed 1' },
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
  const parsed = <T>(
    option: string,
    value: string | undefined,
    usual: T,
    parse: (given: string) => T | null,
    reason: (given: string) => ReturnType<typeof why.seed>,
  ): T => {
    if (value === undefined) return usual;
    const found = parse(value);
    if (found === null) problems.push(problemOf({ file: option, key: '' }, reason(value)));
    return found ?? usual;
  };
  const { least, most, usual } = drawBounds;
  const asked = {
    runtimes: flags.runtimes === undefined ? null : parseList(flags.runtimes),
    seed: parsed('--seed', flags.seed, randomInt(2 ** 31), kinds.seed.parse, (value) => why.seed({ value })),
    draws: parsed(
      '--draws',
      flags.draws,
      usual,
      (given) => parseWhole(given, { least, most }),
      (value) => why.draws({ value, least, most }),
    ),
    budget: parsed('--budget', flags.budget, usualBudget, parseBudget, (value) => why.budget({ value })),
  };
  if (problems.length > 0) throw misuse(text.unusable, problems);
  return asked;
}

/** Parses a budget: `0%` allows no additional hosts, `100%` twice as many hosts. */
function parseBudget(given: string): number | null {
  const percent = /^(\d{1,4}(?:\.\d{1,3})?)%$/.exec(given.trim())?.[1];
  const budget = percent === undefined ? parseFraction(given) : Number(percent) / 100;
  return budget !== null && budget <= mostBudget ? budget : null;
}
