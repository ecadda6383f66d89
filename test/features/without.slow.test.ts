import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copySource, type SourceCopy } from '../support/source-copy.ts';

const root = resolve(import.meta.dirname, '../..');
const features = await readdir(join(root, 'src/features'));
const storedRun = '20261125-205804-e1d4';
const dryRun = 'run --dry-run --engine embedded --workloads startup/echo --runtimes runc --blocks 3..3';

/** Words with which the commands of a feature begin. */
const commands: Readonly<Record<string, string>> = {
  capacity: 'capacity',
  fleet: 'fleet',
  lab: 'lab',
  nightly: 'nightly',
  options: 'runtimes',
  proof: 'verify',
};

let copy: SourceCopy;
let away: string;

beforeAll(async () => {
  away = await mkdtemp(join(tmpdir(), 'ocibench-without-'));
  copy = await copySource(join(away, 'copy'));
  await rm(join(copy.directory, 'test'), { recursive: true });
  const included = { include: ['src', 'workloads'], exclude: ['src/**/page'] };
  const options = { compilerOptions: { incremental: true, tsBuildInfoFile: 'types.tsbuildinfo' } };
  await writeFile(
    join(copy.directory, 'tsconfig.sources.json'),
    JSON.stringify({ extends: './tsconfig.json', ...options, ...included }),
  );
}, 120_000);
afterAll(() => rm(away, { recursive: true, force: true }));

/** Takes features out of the copy while something is done. */
async function without(names: readonly string[], act: () => Promise<void>): Promise<void> {
  const place = (name: string) => join(copy.directory, 'src/features', name);
  for (const name of names) await rename(place(name), join(away, name));
  try {
    await act();
  } finally {
    for (const name of names) await rename(join(away, name), place(name));
  }
}

const ocibench = (line: string) => copy.run('node', ['src/cli.ts', ...line.split(' ')]);

describe.each([...features.map((name) => [name]), features])('without src/features/%s', (...names) => {
  test('the sources compile, and the rest of the program works', async () => {
    await without(names, async () => {
      const types = await copy.run('tsc', ['-p', 'tsconfig.sources.json']);
      expect(types.stdout).toBe('');
      const help = await ocibench('--help');
      expect(help.exitCode, help.stderr).toBe(0);
      for (const name of names) {
        const command = commands[name];
        if (command !== undefined) expect(help.stdout).not.toMatch(new RegExp(`^ {2}${command} `, 'm'));
      }
      for (const command of ['run', 'report', 'compare', 'doctor'])
        expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
      const scheduled = await ocibench(dryRun);
      expect(scheduled.exitCode, scheduled.stderr).toBe(0);
      const results = join(copy.directory, 'results', storedRun);
      await cp(join(root, 'test/contracts/stored-run', storedRun), results, { recursive: true });
      const reported = await ocibench(`report ${storedRun}`);
      expect(reported.exitCode, reported.stderr).toBe(0);
      expect(await readdir(results)).toEqual(expect.arrayContaining(['report.html', 'summary.csv']));
      await rm(results, { recursive: true });
    });
  }, 300_000);
});
