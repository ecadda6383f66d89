import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { broken, brokenCsv } from './additions.ts';
import { ocibench } from './cli.ts';

/** A small run on the embedded engine: runc and crun, a start and an idle container, three blocks. Its files never change. */
const runId = '20261125-205804-e1d4';
const stored = join(import.meta.dirname, 'stored-run');
const expected = (name: string) => readFile(join(import.meta.dirname, 'expected', name), 'utf8');

let place: string;
let json: string;
/** A command in a report names the directory of the run, so that it works from any. */
const inPlace = (text: string) => text.replaceAll(place, '/PLACE');
const now = (name: string) => readFile(join(place, 'results', runId, name), 'utf8');

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'contract-'));
  await cp(stored, join(place, 'results'), { recursive: true });
  const result = await ocibench(['report', runId, '--json', '--lang', 'en'], place);
  expect(result.exitCode, result.stderr).toBe(0);
  json = result.stdout;
}, 120_000);
afterAll(() => rm(place, { recursive: true }));

describe('a stored run', () => {
  test('is analysed to the same values', async () => {
    expect(
      broken(JSON.parse(await expected('analysis.json')), JSON.parse(await now('analysis.json'))),
    ).toEqual([]);
  });

  test.each(['summary.csv', 'measurements.csv', 'facts.csv'])(
    '%s has the same columns and cells',
    async (name) => {
      expect(brokenCsv(await expected(name), await now(name))).toEqual([]);
    },
  );

  test('`report --json` prints what it printed', async () => {
    expect(broken(JSON.parse(await expected('report.json')), JSON.parse(json))).toEqual([]);
  });

  test('has the same charts, each as specification, SVG and PNG', async () => {
    const charts = await readdir(join(place, 'charts', runId));
    const names = (await expected('charts.txt')).trim().split('\n');
    expect(names.filter((name) => !charts.includes(name))).toEqual([]);
  });

  test('reads the same in English', async () => {
    expect(inPlace(await now('report.md'))).toBe(await expected('report.en.md'));
  });

  test('reads the same in French', async () => {
    const result = await ocibench(['report', runId, '--lang', 'fr'], place);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(inPlace(await now('report.md'))).toBe(await expected('report.fr.md'));
  }, 120_000);
});
