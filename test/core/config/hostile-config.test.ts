import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDaemonJson } from '../../../src/core/config/daemon-json.ts';
import { loadConfig, parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ocibench-hostile-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const problemsOf = (value: unknown) => {
  const parsed = parseBenchConfig(value, 'bench.config.ts');
  return parsed.ok ? [] : parsed.problems;
};
const shim = (options: unknown) => ({
  runtimes: [{ name: 'x', runtimeType: 'io.containerd.x.v2', options }],
});

test('values that JSON cannot hold are named, not thrown', () => {
  expect(problemsOf(5n)[0]?.message).toContain('bigint 5n');
  expect(problemsOf({ seed: 5n })).toMatchObject([{ key: 'seed', message: expect.stringContaining('5n') }]);
  expect(problemsOf({ seed: Symbol('s') })).toMatchObject([{ key: 'seed' }]);
  expect(problemsOf({ seed: Number.NaN })).toMatchObject([{ key: 'seed' }]);
});

test('options of a shim that could not be written into daemon.json are refused with their key', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const options of [
    circle,
    { a: 1n },
    { a: () => 1 },
    { a: Number.POSITIVE_INFINITY },
    { a: new Map() },
  ])
    expect(problemsOf(shim(options))).toMatchObject([{ key: 'runtimes.0.options' }]);
  expect(problemsOf(shim({ ConfigPath: '/k', deep: [{ a: null }] }))).toEqual([]);
});

test('code in the export that throws is a problem of the file', () => {
  const value = {
    get preset() {
      throw new Error('boom');
    },
  };
  expect(problemsOf(value)).toMatchObject([{ file: 'bench.config.ts', message: 'cannot be read: boom' }]);
});

test.each(['null', 'undefined', '"words"', '{ a: 1 }'])('a module that throws %s', async (what) => {
  const file = join(directory, `throws-${Buffer.from(what).toString('hex')}.ts`);
  writeFileSync(file, `throw ${what};\n`);
  await expect(loadConfig(file, directory)).rejects.toMatchObject({ exitCode: 2, problems: [{ key: '' }] });
});

test.each([
  ['['.repeat(200_000), 'line 1, column 201'],
  [`{"a":\n${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`, 'line 2, column'],
])('JSON that nests deeper than the stack is refused with its place', (text, place) => {
  const parsed = parseDaemonJson(text, 'daemon.json');
  expect(parsed).toMatchObject({ ok: false, problems: [{ file: 'daemon.json' }] });
  expect(parsed.ok ? '' : parsed.problems[0]?.message).toContain(place);
});

test('brackets inside a text are no nesting', () => {
  const text = JSON.stringify({ labels: [`a=${'[{'.repeat(5_000)}\\"`] });
  expect(parseDaemonJson(text, 'daemon.json')).toMatchObject({ ok: true });
});

test('what a hostile daemon.json holds reaches the terminal as text only', async () => {
  const evil = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202e\u009b31m';
  const file = join(directory, 'daemon.json');
  writeFileSync(file, JSON.stringify({ [evil]: 1, labels: [evil], runtimes: { [evil]: { [evil]: evil } } }));
  const cli = join(import.meta.dirname, '../../../src/cli.ts');
  const result = await execa(process.execPath, [cli, 'list', 'runtimes', '--set', `daemonJson=${file}`], {
    reject: false,
  });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('unknown key');
  expect(`${result.stdout}${result.stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test.each(['labels', 'runtimes', 'gate', 'profiles'])('a key __proto__ of %s is refused, not lost', (key) => {
  const config: unknown = JSON.parse(`{${JSON.stringify(key)}: {"__proto__": {}}}`);
  expect(problemsOf(config)).toMatchObject([{ file: 'bench.config.ts', key: `${key}.__proto__` }]);
});

test('--set labels.__proto__=x is refused, not lost', () => {
  const surroundings = { seed: 1, lang: 'en' } as const;
  const resolved = resolveFlags({ set: ['labels.__proto__=x', 'labels.constructor=y'] }, null, surroundings);
  expect(resolved).toMatchObject({ ok: false, problems: [{ file: '--set labels.__proto__=x' }] });
});
