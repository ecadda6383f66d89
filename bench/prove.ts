/**
 * `npm run prove`: checks that the method of docs/method.md keeps its promises. Simulates runs on many kinds of hosts
 * and prints tables (Markdown). Ends with 1 where a limit is broken. The numbers are the same on
 * every machine: every row has its own seed, which depends on its name only.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allocation } from './prove/allocation.ts';
import { categories } from './prove/categories.ts';
import { effects } from './prove/effects.ts';
import { fleet } from './prove/fleet.ts';
import { levels } from './prove/levels.ts';
import { type Excess, markdownPage, type Part } from './prove/page.ts';
import { pairs } from './prove/pairs.ts';
import { power } from './prove/power.ts';
import { inputsFrom } from './prove/recorded-inputs.ts';
import { wholeRuns } from './prove/runs.ts';
import { sessions } from './prove/sessions.ts';

const parts: readonly Part[] = [
  levels,
  pairs,
  categories,
  effects,
  wholeRuns,
  power,
  fleet,
  sessions,
  allocation,
];
const usage = `usage: prove [PART…] [--runs N] [--save]

Parts: ${parts.map(({ name, runs }) => `${name} (${runs} runs a row)`).join(', ')}; all but ${allocation.name} where none is named.
--runs N, or N alone: simulate N runs a row.
--save: write bench/prove/results/PART.md as well ("npm run format" aligns it).
`;

/** What was asked for; null where it is no part and no number. */
function asked() {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string' }, save: { type: 'boolean', default: false } },
    allowPositionals: true,
    strict: true,
  });
  const numbers = [...(values.runs === undefined ? [] : [values.runs]), ...positionals.filter(isNumber)];
  const names = positionals.filter((word) => !isNumber(word));
  const runs = numbers.length === 0 ? null : Number(numbers[0]);
  const known = names.every((name) => parts.some((part) => part.name === name));
  if (!known || numbers.length > 1 || (runs !== null && !(Number.isInteger(runs) && runs > 0))) return null;
  const chosen = parts.filter((part) =>
    names.length === 0 ? part !== allocation : names.includes(part.name),
  );
  return { chosen, runs, save: values.save };
}

function isNumber(word: string): boolean {
  return /^\d+$/.test(word);
}

function git(...words: readonly string[]): string {
  return execFileSync('git', words, { encoding: 'utf8' }).trim();
}

/** Has the tree changes that no commit names? */
const isChanged = () =>
  git('status', '--porcelain', '--', 'src', 'bench', 'test', 'workloads', ':!bench/prove/results') !== '';

/** Which sources, when, and how to do it again. */
function origin({ name }: Part, runs: number): string {
  const day = new Date().toISOString().slice(0, 10);
  return `\`npm run prove -- ${name} --runs ${runs}\` at ${git('rev-parse', '--short', 'HEAD')}, ${day}, with tests and presets of that program, costs and noise of ${inputsFrom}. Each row is seeded by its own name.`;
}

const wordOf: Readonly<Record<Excess, string>> = {
  none: 'holds',
  error: 'beyond a limit by no more than chance',
  broken: 'limit broken',
};

async function prove(part: Part, runs: number, save: boolean): Promise<number> {
  const lines = [`# Proof: ${part.name}`, '', ...(save ? [origin(part, runs)] : [])];
  const page = markdownPage((line) => {
    process.stdout.write(`${line}\n`);
    lines.push(...line.split('\n'));
  });
  await part.write(page, runs);
  const broken = [...page.beyond].filter(([, excess]) => excess === 'broken').map(([row]) => row);
  const close = page.beyond.size - broken.length;
  page.text(
    `Rows beyond a limit: ${broken.length}; beyond it by no more than three standard errors of their runs: ${close}.`,
  );
  for (const [row, excess] of page.beyond) process.stderr.write(`${wordOf[excess]}: ${row}\n`);
  if (save) {
    mkdirSync('bench/prove/results', { recursive: true });
    writeFileSync(`bench/prove/results/${part.name}.md`, `${lines.join('\n').trimEnd()}\n`);
  }
  return broken.length;
}

let wanted: ReturnType<typeof asked> = null;
try {
  wanted = asked();
} catch (error) {
  // An option that there is not.
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
}
if (wanted === null) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const { chosen, runs, save } = wanted;
  if (save && isChanged()) {
    process.stderr.write(
      '--save: the tree has changes; commit them first: the page names the commit that it is of\n',
    );
    process.exitCode = 2;
  } else {
    let broken = 0;
    for (const part of chosen) broken += await prove(part, runs ?? part.runs, save);
    process.exitCode = broken > 0 ? 1 : 0;
  }
}
