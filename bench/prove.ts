/**
 * `npm run prove`: checks that the method of docs/method.md keeps its promises. Simulates runs on many kinds of hosts
 * and prints the tables of that document (Markdown). Ends with 1 where a limit is broken. The numbers are the same on
 * every machine: every row has its own seed, which depends on its name only. `npm run prove -- 500` sets another number
 * of runs.
 */
import { measured, shapes } from '../test/analyze/simulated-category.ts';
import { hostile, type Scenario, scenarios } from '../test/analyze/simulated-run.ts';
import { categoryClaims, categoryLevels } from './prove/categories.ts';
import { anyFalseClaim } from './prove/families.ts';
import { type Outcome, precision, type Stopping, simulate } from './prove/trial-run.ts';

const runs = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write('usage: prove [number of runs]\n');
  process.exit(2);
}
const familyRuns = Math.ceil(runs / 20);
const broken: string[] = [];
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const print = (line: string) => process.stdout.write(`${line}\n`);

const stoppings: readonly Stopping[] = [
  { blocks: 7 },
  { blocks: 8 },
  { blocks: 10 },
  { blocks: 20 },
  { preset: 'quick' },
  { preset: 'standard' },
  { preset: 'full' },
];

function row(scenario: Scenario, stopping: Stopping, outcome: Outcome): string {
  const blocks =
    'blocks' in stopping ? `${stopping.blocks}` : `${stopping.preset}: ${outcome.blocks.toFixed(1)}`;
  return [
    '',
    scenario.name,
    blocks,
    percent(outcome.falsePositives),
    percent(outcome.falseClaims),
    percent(outcome.covered),
    ...[0.02, 0.05, 0.1].map((effect) => percent(outcome.found.get(effect) ?? 0)),
    ...[0.1, 0.5].map((effect) => percent(outcome.foundAmongMany.get(effect) ?? 0)),
    '',
  ]
    .join(' | ')
    .trim();
}

function table(hosts: readonly Scenario[], mustHold: boolean): void {
  print(
    '| host | blocks | p < 0.05 | claimed | covered | +2 % | +5 % | +10 % | +10 % of 120 | +50 % of 120 |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const scenario of hosts)
    for (const stopping of stoppings) {
      const outcome = simulate(scenario, stopping, runs);
      const line = row(scenario, stopping, outcome);
      print(line);
      // 95 % ± 1.5 %. With 8 blocks no interval lies between 93.8 and 96.1 %, and the wider one is used.
      const most = 'blocks' in stopping && stopping.blocks === 8 ? 0.976 : 0.965;
      const holds = outcome.falsePositives <= 0.06 && outcome.covered >= 0.935 && outcome.covered <= most;
      if (mustHold && !holds) broken.push(line);
    }
}

print(
  `${runs} runs a row; target half-width ${percent(precision)} where a preset's \`decide\` ends the run (mean blocks).\n`,
);
table(scenarios, true);
print('\nHosts that break an assumption:\n');
table(hostile, false);
print(`\nAny claim among 120 comparisons though nothing differs, ${familyRuns} runs:\n`);
print('| host | 8 blocks | 10 blocks | 20 blocks |');
print('| --- | --- | --- | --- |');
for (const scenario of [...scenarios, ...hostile]) {
  const shares = [8, 10, 20].map((blocks) => anyFalseClaim(scenario, blocks, familyRuns));
  const line = `| ${scenario.name} | ${shares.map(percent).join(' | ')} |`;
  print(line);
  const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / familyRuns);
  if (scenarios.includes(scenario) && shares.some((share) => share > limit)) broken.push(line);
}
print('\nCategories, by the subjects in them:\n');
print(
  '| subjects | covered | p < 0.05 | p < 0.05, subjects 20 % apart | p < 0.05, heavy tails | claimed at +10 % |',
);
print('| --- | --- | --- | --- | --- | --- |');
for (const shape of shapes) {
  const plain = categoryLevels(shape, { spread: 0, draw: 'normal' }, runs);
  const apart = categoryLevels(shape, { spread: Math.log(1.2), draw: 'normal' }, runs);
  const heavy = categoryLevels(shape, { spread: 0, draw: 'heavy tails' }, runs);
  const levels = [plain, apart, heavy].map(({ rejected }) => rejected);
  const line = `| ${shape.name} | ${[plain.covered, ...levels, plain.claimed].map(percent).join(' | ')} |`;
  print(line);
  if (levels.some((level) => level > 0.06 + 3 * Math.sqrt((0.06 * 0.94) / runs))) broken.push(line);
}
const categoryRuns = Math.ceil(runs / 2);
print(
  `\nWhole runs of three runtimes, ${categoryRuns} runs a row: what is said of one that truly differs by as much:\n`,
);
print(
  `| blocks | arms of the baseline | difference | ${measured.map(([name]) => name).join(' | ')} | any false claim |`,
);
print(`| --- | --- | --- |${' --- |'.repeat(measured.length + 1)}`);
for (const [blocks, arms] of [
  [8, 1],
  [8, 2],
  [10, 2],
  [12, 2],
] as const)
  for (const effect of [0, 0.05, 0.1, 0.2, 0.3]) {
    const { said, anyFalse } = categoryClaims({ blocks, arms, effect }, categoryRuns);
    const what = effect === 0 ? 'none: equivalent' : `+${percent(effect)}: claimed`;
    const line = `| ${blocks} | ${arms} | ${what} | ${[...said, anyFalse].map(percent).join(' | ')} |`;
    print(line);
    if (anyFalse > 0.05 + 3 * Math.sqrt((0.05 * 0.95) / categoryRuns)) broken.push(line);
  }
for (const line of broken) process.stderr.write(`limit broken: ${line}\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
