import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bounds } from '../../../src/core/model/bounds.ts';
import { type RunRecord, runRecordSchema } from '../../../src/core/model/run/run.ts';
import { runRecord, runSubject, runtimeFacts } from '../../support/records.ts';

const stored = join(import.meta.dirname, '../../contracts/stored-run/20261125-205804-e1d4');
const reader = resolve(import.meta.dirname, '../../../src/core/store/run-directory.ts');

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-bounds-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** A run with as many more runtimes, and as many more subjects. */
async function multiplied(n: number): Promise<string> {
  const path = join(place, String(n));
  await cp(stored, path, { recursive: true });
  const run = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
  for (let at = 0; at < n; at++) {
    run.runtimes.push({ ...run.runtimes[0], entry: { ...run.runtimes[0].entry, name: `r${at}` } });
    run.subjects.push({ ...run.subjects[0], params: `n=${at}` });
  }
  await writeFile(join(path, 'run.json'), JSON.stringify(run));
  return path;
}

test.each([
  [100, 'subjects', '102 × 102 are more than 10000'],
  [200, 'subjects', '202 × 202 are more than 10000'],
  [400, 'runtimes', 'holds more than 256'],
  [3000, 'runtimes', 'holds more than 256'],
])(
  'a run of %i more runtimes and subjects is refused by its reader, in little memory',
  async (n, key, said) => {
    const path = await multiplied(n);
    const program = `import { readRun } from ${JSON.stringify(reader)};
    try { await readRun(process.argv[1]); } catch ({ problems }) { console.log(JSON.stringify(problems[0])); }`;
    const { stdout } = await execa(
      process.execPath,
      ['--max-old-space-size=80', '--input-type=module', '-e', program, path],
      { extendEnv: true },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      file: join(path, 'run.json'),
      key,
      message: expect.stringContaining(said),
    });
  },
);

const many = <T>(n: number, make: (at: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
const keysOf = (n: number) => Object.fromEntries(many(n, (at) => [`k${at}`, '']));
const long = 'x'.repeat(bounds.text + 1);

test.each<readonly [string, Parameters<typeof runRecord>[0]]>([
  ['runtimes', { runtimes: many(bounds.runtimes + 1, (at) => runtimeFacts(`r${at}`)) }],
  ['subjects', { subjects: many(bounds.subjects + 1, (at) => runSubject('io/x', { params: `n=${at}` })) }],
  [
    'subjects.0.unsupported',
    { subjects: [runSubject('io/x', { unsupported: keysOf(bounds.runtimes + 1) })] },
  ],
  ['subjects.0.params', { subjects: [runSubject('io/x', { params: long })] }],
  ['runtimes.0.entry.name', { runtimes: [runtimeFacts('r'.repeat(bounds.name + 1))] }],
  ['host.hostname', { host: { ...runRecord().host, hostname: long } }],
  ['host.mitigations', { host: { ...runRecord().host, mitigations: keysOf(bounds.entries + 1) } }],
  ['config.labels', { config: { labels: keysOf(bounds.labels + 1) } }],
  ['config.labels.k', { config: { labels: { k: long } } }],
  ['config.maxBlocks', { config: { maxBlocks: bounds.blocks + 1 } }],
  ['config.profiles', { config: { profiles: many(bounds.profiles + 1, (at) => ({ name: `p${at}` })) } }],
  [
    'config.profiles',
    {
      config: {
        layers: ['docker', 'oci', 'containerd', 'podman', 'floor'],
        engines: many(bounds.engines, (at) => ({
          name: `e${at}`,
          path: [],
          containerd: [],
          env: {},
          daemonJson: {},
        })),
        profiles: many(7, (at) => ({ name: `p${at}` })),
      },
    },
  ],
  [
    'extensions',
    {
      extensions: many(bounds.entries + 1, () => ({
        fromBlock: 1,
        startedAt: '',
        cells: ['x'],
        maxTimeMs: 1,
      })),
    },
  ],
])('%s is bounded, and what is at the bound is read', (key, changes) => {
  const record = runRecord(changes) as RunRecord;
  const { error } = runRecordSchema.safeParse(record);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([key]);
  expect(runRecordSchema.safeParse(runRecord()).success).toBe(true);
});
