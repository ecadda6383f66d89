import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendByMonth } from '../../../../../src/app/append-by-month.ts';
import { main } from '../../../../../src/cli/main.ts';
import { hostIdentity } from '../../../../../src/core/host/host-identity.ts';
import { isRoot } from '../../../../../src/core/host/state-directory.ts';
import { exportFormats } from '../../../../../src/features/nightly/history/export-format.ts';
import type { HistoryLine } from '../../../../../src/features/nightly/history/record.ts';
import { captured } from '../../../../cli/support.ts';
import { alarmLine } from '../../../../support/history-lines.ts';
import { day, nights } from '../../history/exports/history.ts';

let place: string;
let history: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-export-'));
  history = join(place, 'history');
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** Lines of this host, or of another one. */
const of = (lines: readonly HistoryLine[], host = hostIdentity()) => lines.map((line) => ({ ...line, host }));
const worse = () => [...nights(20), alarmLine(day(19))];

async function exported(format: string, ...more: readonly string[]) {
  const { streams, stdout, stderr } = captured();
  const words = ['nightly', 'export', '--format', format, '--history', history, ...more];
  const exitCode = await main({ words, version: '0.0.0', streams, variables: { LC_ALL: 'C.UTF-8' } });
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

test.each(exportFormats)('%s is written into a directory, and again the same', async (format) => {
  await appendByMonth(history, of(worse()));
  const to = join(place, 'to');
  const first = await exported(format, '--to', to);
  expect(first.exitCode, first.stderr).toBe(0);
  const files = first.stdout.trim().split('\n');
  expect(files.length).toBeGreaterThan(0);
  const before = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  expect(before.every((content) => content.length > 0)).toBe(true);
  expect((await exported(format, '--to', to)).stdout).toBe(first.stdout);
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(before);
});

test.each(exportFormats)('%s on stdout is its file', async (format) => {
  await appendByMonth(history, of(worse()));
  const { exitCode, stdout, stderr } = await exported(format);
  expect(exitCode, stderr).toBe(0);
  const [file = ''] = (await exported(format, '--to', join(place, 'to'))).stdout.trim().split('\n');
  expect(stdout).toBe(await readFile(file, 'utf8'));
});

describe('what cannot be read is named by file and line in every format, and costs nothing else', () => {
  const damage = async () => {
    await appendByMonth(history, of(nights(20)));
    const file = join(history, '2026-01.ndjson');
    const whole = await readFile(file);
    const future = { ...of(nights(1))[0], schema: 2 };
    await appendFile(file, `${JSON.stringify(future)}\nnonsense\n`);
    await appendFile(file, Buffer.concat([Buffer.from('{"kind":"night\xff', 'latin1'), Buffer.from('"}\n')]));
    await appendFile(file, '{"kind":"headline","sch');
    await writeFile(join(history, '2026-01.sync-conflict-20260121-1.ndjson'), whole);
    await mkdir(join(history, 'site'));
    await writeFile(join(history, '.2026-01.ndjson.Xy'), 'x');
    return { file, whole, before: await readFile(file) };
  };

  test.each(exportFormats)('%s', async (format) => {
    await appendByMonth(history, of(nights(20)));
    const intact = await exported(format, '--to', join(place, 'intact'));
    const paths = intact.stdout.trim().split('\n');
    const contents = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    await rm(history, { recursive: true });
    const { file, before } = await damage();
    const { exitCode, stderr, stdout } = await exported(format, '--to', join(place, 'intact'));
    expect(exitCode).toBe(0);
    for (const said of [
      `${file}: line 41 is skipped: it has version 2, and this ocibench reads up to 1\n  fix: use the`,
      `${file}: line 42 is skipped: it is not JSON\n  fix: restore it`,
      `${file}: line 43 is skipped: it is not UTF-8\n  fix: restore it`,
      `${file}: line 44 is skipped: it is truncated\n  fix: restore it`,
      `${join(history, '2026-01.sync-conflict-20260121-1.ndjson')}: is not read, because it is not the file of a month`,
      'append its lines to 2026-01.ndjson',
    ])
      expect(stderr).toContain(said);
    expect(stderr).not.toContain('site');
    expect(stdout).toBe(intact.stdout);
    // Formats for people tell it, too; in all others the figures are the same.
    const now = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    if (['junit', 'github-summary'].includes(format)) expect(now.join('')).toContain('it is truncated');
    else expect(now).toEqual(contents);
    expect(await readFile(file)).toEqual(before);
  });
});

test('a history that has no night any more leaves no file of an earlier one', async () => {
  await appendByMonth(history, of(nights(1)));
  const to = join(place, 'to');
  await exported('junit', '--to', to);
  expect(await readdir(to)).toEqual(['junit.xml']);
  await rm(history, { recursive: true });
  await exported('junit', '--to', to);
  expect(await readdir(to)).toEqual([]);
});

describe('hosts', () => {
  test('of a history that was copied, the only one is told', async () => {
    await appendByMonth(history, of(nights(3), 'elsewhere'));
    expect((await exported('ndjson')).stdout).toContain('startup.total');
  });

  test('of several others one has to be named', async () => {
    await appendByMonth(history, [...of(nights(3), 'a'), ...of(nights(2), 'b')]);
    const { exitCode, stderr } = await exported('junit');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('choose one:  --host a, b');
    expect((await exported('junit', '--host', 'b')).stdout).toContain('2026-01-02T');
    expect((await exported('junit', '--host', 'c')).stderr).toContain('choose from: a, b');
  });
});

test('a day that is none is refused', async () => {
  const { exitCode, stderr } = await exported('ndjson', '--since', 'yesterday');
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--since: must be a day, but is 'yesterday'");
});

test('a history without nights says so, and writes nothing', async () => {
  const { exitCode, stdout, stderr } = await exported('junit');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toContain('this host has no night yet');
});

test.skipIf(!isRoot())('root writes nothing where others can exchange it', async () => {
  await appendByMonth(history, of(nights(1)));
  const to = join(place, 'shared');
  await mkdir(to);
  await chmod(to, 0o777);
  const { exitCode, stderr } = await exported('ndjson', '--to', to);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('can be written by every user');
  expect(await readdir(to)).toEqual([]);
});
