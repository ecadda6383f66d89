import { appendFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendByMonth } from '../../../../../src/app/append-by-month.ts';
import { readHistory, unreadFiles } from '../../../../../src/features/nightly/app/history/on-disk.ts';
import { countedLines } from '../../../../../src/features/nightly/history/recorded-series.ts';
import { headlineLine, nightLine } from '../../../../support/history-lines.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-history-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const month = () => join(place, '2026-11.ndjson');
const night = (day: string) => [headlineLine(day), nightLine(day)];

test('what is appended is read again, by month, and nothing that was there changes', async () => {
  await appendByMonth(place, night('2026-11-29'));
  const before = await readFile(month(), 'utf8');
  await appendByMonth(place, [...night('2026-11-30'), ...night('2026-12-01')]);
  expect((await readdir(place)).toSorted()).toEqual(['2026-11.ndjson', '2026-12.ndjson']);
  expect((await readFile(month(), 'utf8')).startsWith(before)).toBe(true);
  const { lines, damaged } = await readHistory(place);
  expect(damaged).toEqual([]);
  expect(lines).toEqual([...night('2026-11-29'), ...night('2026-11-30'), ...night('2026-12-01')]);
});

test('every line is JSON by itself, as DuckDB reads it', async () => {
  await appendByMonth(place, night('2026-11-29'));
  const lines = (await readFile(month(), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['headline', 'night']);
});

test('a line that a crash cut off stays where it is, and is named', async () => {
  await appendByMonth(place, night('2026-11-28'));
  await appendFile(month(), '{"kind":"headline","schema":1,"nig');
  expect((await readHistory(place)).damaged).toMatchObject([
    { file: '2026-11.ndjson', line: 3, why: { text: 'it is truncated' } },
  ]);
  const torn = await readFile(month(), 'utf8');
  await appendByMonth(place, night('2026-11-29'));
  expect((await readFile(month(), 'utf8')).startsWith(`${torn}\n`)).toBe(true);
  const { lines, damaged } = await readHistory(place);
  expect(lines).toHaveLength(4);
  expect(damaged).toMatchObject([{ line: 3, why: { text: 'it is not JSON' } }]);
});

test.each([
  ['{"schema":2,"kind":"headline"}', 'it has version 2, and this ocibench reads up to 1'],
  ['{"schema":1,"kind":"other"}', 'kind: '],
  [JSON.stringify({ ...nightLine('2026-11-29'), disturbed: 7 }), 'disturbed: '],
  ['"a text"', ': '],
  ['<<<<<<< HEAD', 'it is not JSON'],
])('%s is set aside, and the rest counts', async (line, why) => {
  await writeFile(month(), `${line}\n`);
  await appendByMonth(place, night('2026-11-29'));
  const { lines, damaged } = await readHistory(place);
  expect(lines).toHaveLength(2);
  expect(damaged).toHaveLength(1);
  expect(damaged[0]?.why.text).toContain(why);
});

test('other files of the directory are not read, and no link is followed', async () => {
  await writeFile(join(place, 'notes.ndjson'), 'x\n');
  expect(await readHistory(place)).toEqual({ lines: [], damaged: [] });
  await symlink('/etc/passwd', month());
  await expect(readHistory(place)).rejects.toMatchObject({ exitCode: 2 });
  await expect(appendByMonth(place, night('2026-11-29'))).rejects.toThrow();
  expect(await readHistory(join(place, 'missing'))).toEqual({ lines: [], damaged: [] });
});

test('a line with bytes that are no text is set aside: it would name another series', async () => {
  await appendByMonth(place, night('2026-11-29'));
  await appendFile(month(), Buffer.from(`${JSON.stringify(headlineLine('2026-11-30'))}\n`, 'latin1'));
  const { lines, damaged } = await readHistory(place);
  expect(lines).toHaveLength(2);
  expect(damaged).toMatchObject([{ line: 3, why: { text: 'it is not UTF-8' } }]);
});

test('what programs that copy and pack leave beside the months is known', async () => {
  const left = [
    '2026-11 (copy).ndjson',
    '2026-11.ndjson.gz',
    '2026-11.ndjson~',
    '2026-11.sync-conflict-20261126-1.ndjson',
  ];
  for (const name of [...left, '2026-11.ndjson', '.2026-11.ndjson.Xy', 'notes.ndjson', 'site'])
    await writeFile(join(place, name), '');
  expect(await unreadFiles(place)).toEqual(left.map((file) => ({ file, month: '2026-11.ndjson' })));
  expect(await unreadFiles(join(place, 'missing'))).toEqual([]);
});

test('headlines without the night that closes them do not count, and a run that was written twice counts once', async () => {
  const cutOff = headlineLine('2026-11-27');
  await appendByMonth(place, [cutOff, ...night('2026-11-28'), ...night('2026-11-28')]);
  const history = countedLines((await readHistory(place)).lines);
  expect(history.headlines).toEqual([headlineLine('2026-11-28')]);
  expect(history.nights).toHaveLength(1);
});

test('two hosts in one history stay two', () => {
  const other = (line: object) => ({ ...line, host: 'h2' });
  const history = countedLines([...night('2026-11-28'), ...night('2026-11-28').map(other)] as never);
  expect(history.headlines.map(({ host }) => host)).toEqual(['h1', 'h2']);
});
