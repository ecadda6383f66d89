/**
 * `npm test`: the unit tests and eight journeys, always the same. `npm run test:all`: everything that boots no guest and installs no
 * package of ours. `npm run test:nightly`: that, and the files that try more at night. What the tests call is installed first where this user may. A file that fails is
 * run once more, alone; the last lines name those that pass then, and from the third such file on the run fails.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readAllowedSkips, skipProblems } from '../test/support/allowed-skips.ts';
import { chooseSecondTries, concludeRun, type FileResult } from '../test/support/test-results.ts';
import { installTestPackages } from './test-packages.ts';
import { longerAtNight, projects, type TestSet } from './test-sets.ts';

const root = resolve(import.meta.dirname, '..');
const {
  positionals: [given = 'short', ...words],
} = parseArgs({ allowPositionals: true });
if (!Object.hasOwn(projects, given)) {
  process.stderr.write(`scripts/test.ts knows ${Object.keys(projects).join(', ')}; not ${given}\n`);
  process.exit(2);
}
const set = given as TestSet;
if (process.getuid?.() === 0) {
  const lab = set === 'nightly' ? ['--lab'] : [];
  await execa(process.execPath, [join(root, 'src/cli.ts'), 'doctor', '--install', ...lab], {
    cwd: root,
    stdio: 'inherit',
  });
  await installTestPackages(set);
}

const place = await mkdtemp(join(tmpdir(), 'ocibench-tests-'));
let runs = 0;

/** Runs Vitest; what became of each file, and whether Vitest itself was content. */
async function runVitest(args: readonly string[]): Promise<{ results: readonly FileResult[]; ok: boolean }> {
  const path = join(place, `${runs++}.json`);
  const { exitCode } = await execa(join(root, 'node_modules/.bin/vitest'), ['run', ...args], {
    cwd: root,
    reject: false,
    stdio: 'inherit',
    env: { OCIBENCH_TEST_RESULTS: path, ...(set === 'nightly' ? { OCIBENCH_NIGHTLY: '1' } : {}) },
  });
  const text = await readFile(path, 'utf8').catch(() => '[]');
  return { results: JSON.parse(text) as FileResult[], ok: exitCode === 0 };
}

try {
  const night = set === 'nightly' && words.length === 0 ? ['test/nightly', ...longerAtNight] : [];
  const first = await runVitest([...projects[set].map((name) => `--project=${name}`), ...words, ...night]);
  const second: FileResult[] = [];
  for (const file of chooseSecondTries(first.results)) {
    process.stdout.write(`\nonce more, alone: ${file}\n`);
    second.push(...(await runVitest([file])).results);
  }
  // Elsewhere than in CI a machine may lack what a test needs.
  const ends = first.results.flatMap(({ file, tests }) => tests.map((test) => ({ file, ...test })));
  const skips = process.env.CI === undefined ? [] : readAllowedSkips(join(root, '.ci/skipped.json'));
  const { passed, lines } = concludeRun({
    first: first.results,
    second,
    problems: process.env.CI === undefined ? [] : skipProblems(skips, ends),
    vitestFailed: !first.ok,
  });
  process.stdout.write(`\n${lines.join('\n')}\n`);
  process.exitCode = passed ? 0 : 1;
} finally {
  await rm(place, { recursive: true, force: true });
}
