import { seededRandom } from '../../src/core/model/prng.ts';
import { conclude, isFalse, isRight, type Judged } from './conclusion.ts';
import { asMeasured } from './host.ts';
import { measure } from './measure.ts';
import { type Page, type Part, percent, shareOf } from './page.ts';
import { type Policy, policies, today } from './policy.ts';
import { quick } from './reference-shape.ts';
import { type Shape, withArms } from './shape.ts';
import { crunCosts, crunStarts, type Truth } from './truth.ts';
import { emptyRun } from './whole-run.ts';

/** Version 0.1 of `quick` had other limits than `standard`. */
function within(policy: Policy, shape: Shape): Policy {
  return policy.maxBlocks === 20 && shape.name === quick.name
    ? { ...policy, minBlocks: 7, maxBlocks: 12 }
    : policy;
}

function row(page: Page, shape: Shape, truth: Truth, policy: Policy, noise: number, runs: number): void {
  const random = seededRandom(`prove allocation ${shape.name} ${truth.name} ${noise}`);
  const own = withArms(truth.of(shape), (arm) => ({ ...arm, noise: noise * arm.noise }));
  const part = { policy: within(policy, shape), budgetMs: shape.budgetMs, only: null };
  const all: Judged[] = [];
  let [spent, blocks, wrong] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const end = measure(emptyRun(own), part, asMeasured, random);
    const { comparisons } = conclude(end);
    all.push(...comparisons);
    spent += end.spentMs / 1000 / runs;
    blocks += end.blocks / runs;
    if (comparisons.some(isFalse)) wrong++;
  }
  const ofCrun = all.filter(({ runtime }) => runtime === 'crun');
  const gvisor = all.filter(({ runtime }) => runtime !== 'crun');
  page.row([
    policy.name,
    percent(shareOf(ofCrun, isRight)),
    ...['startup', 'syscall', 'io', 'memory'].map((category) =>
      percent(
        shareOf(
          ofCrun.filter((each) => each.category === category),
          isRight,
        ),
      ),
    ),
    percent(shareOf(gvisor, isRight)),
    percent(shareOf(ofCrun, ({ covered }) => covered === true)),
    percent(wrong / runs),
    spent.toFixed(0),
    blocks.toFixed(1),
  ]);
}

const head = [
  'policy',
  'crun right',
  'startup',
  'syscall',
  'io',
  'memory',
  'gVisor right',
  'crun covered',
  'runs with a false claim',
  's',
  'blocks',
];

function table(page: Page, shape: Shape, truth: Truth, noise: number, runs: number): void {
  page.text(
    `${shape.name}, ${truth.name}, noise ×${noise}: ${shape.subjects.length} subjects, ${shape.budgetMs / 1000} s, ${runs} runs a row:`,
  );
  page.table(head);
  for (const policy of policies) row(page, shape, truth, policy, noise, runs);
}

/** What more time than a preset has would decide. */
function budgets(page: Page, truth: Truth, runs: number): void {
  page.text(`${quick.name}, ${truth.name}, today’s policy with other limits of time, ${runs} runs a row:`);
  page.table(['limit', ...head.slice(1)]);
  for (const seconds of [90, 135, 180, 240, 360, 480]) {
    const shape = { ...quick, budgetMs: seconds * 1000 };
    row(page, shape, truth, { ...today, name: `${seconds} s` }, 1, runs);
  }
}

/** Which policy gives the most right verdicts in the same wall time? Compared, and no limit is set. */
export const allocation: Part = {
  name: 'allocation',
  runs: 1000,
  write: (page, runs) => {
    for (const truth of [crunStarts(0.85), crunCosts(1), crunCosts(1.1)]) table(page, quick, truth, 1, runs);
    table(page, quick, crunStarts(0.85), 0.5, runs);
    for (const truth of [crunStarts(0.85), crunCosts(1)]) budgets(page, truth, runs);
  },
};
