import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { coursePage } from '../../scripts/course-page/page.ts';
import { rows, sections } from '../../scripts/course-page/rows.ts';
import { parseDaemonJson } from '../../src/core/config/daemon-json.ts';
import { explainPreflight } from '../../src/core/host/preflight/explain.ts';
import type { HostFacts } from '../../src/core/model/machine/host.ts';
import { judgeDaemonJson } from '../../src/features/options/judge/judge.ts';
import type { DockerHere } from '../../src/features/options/judge/objection.ts';

/** The private machine of the nightly test: `test/nightly/explain-engine.test.ts` gives each row to a real dockerd there. */
const here: DockerHere = {
  version: '26.1.5+dfsg1',
  hasSystemd: false,
  hasJournal: false,
  hasSelinux: false,
  limits: new Map([['nofile', 20_000]]),
  dataFileSystem: 'tmpfs',
  present: new Set(['/usr/bin/crun', '/usr/bin/runsc']),
  users: new Set(['root']),
  groups: new Set(['docker']),
  subordinate: new Set(),
  devices: new Set(['lo']),
  flags: new Set(),
};

const files = rows.flatMap(({ line, file }) => (file === undefined ? [] : [{ line, ...file }]));

test.each(files)('what is said of $line is what the page says', ({ source, effect, effect28 = effect }) => {
  for (const [version, expected] of [
    [here.version, effect],
    ['28.5.2', effect28],
  ] as const) {
    const parsed = parseDaemonJson(source, 'daemon.json');
    const [worst] = parsed.ok ? judgeDaemonJson(parsed.config, { ...here, version }) : [];
    expect(parsed.ok ? (worst?.effect ?? 'ok') : 'parser').toBe(expected);
  }
});

/** Words of Docker 26.1 about a runtime whose program is not there: its path, or its shim. */
const withoutProgram = {
  path: (path: string) =>
    `failed to create task for container: failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v2.task/moby/5a33/log.json: no such file or directory): fork/exec ${path}: no such file or directory: unknown`,
  shim: (type: string) =>
    `failed to create task for container: failed to start shim: failed to resolve runtime path: runtime "${type}" binary not installed "containerd-shim-${type.split('.').slice(2).join('-')}": file does not exist: unknown`,
};

test.each(rows.filter(({ runtime }) => runtime !== undefined))(
  'a start under $line has its reason',
  (row) => {
    const [name = '', code] = row.runtime ?? [];
    const parsed = parseDaemonJson(row.file?.source ?? '', 'daemon.json');
    const entry = {
      name,
      origin: 'daemon.json' as const,
      ...(parsed.ok ? parsed.config.runtimes?.[name] : {}),
    };
    const { path = '', runtimeType = '' } = entry;
    const error = path === '' ? withoutProgram.shim(runtimeType) : withoutProgram.path(path);
    expect(explainPreflight(error, { entry, host: {} as HostFacts }).code).toBe(code);
  },
);

test('each row that is not right says what to write, and no other does', () => {
  for (const { line, right, instead } of rows) expect(instead === undefined, line).toBe(right === 'yes');
});

test('each row was tried, or says why not', () => {
  const told = rows.filter((row) => !(row.file || row.steps || row.untried)).map(({ line }) => line);
  // Of the row above it, and of the reference run.
  expect(told).toEqual([expect.stringMatching(/^docker --tlsverify/), 'gVisor: 30–50 %']);
});

test.each(['en', 'fr'] as const)(
  'the page in %s has every row, in tables that a phone can show',
  (language) => {
    const lines = coursePage(language).split('\n');
    const cells = lines
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split(/(?<!\\)\|/).length - 2);
    expect(cells).toHaveLength(rows.length + 2 * sections.length);
    expect(new Set(cells)).toEqual(new Set([3]));
    const longest = Math.max(...rows.flatMap(({ today }) => today.map((words) => words.length)));
    expect(longest).toBeLessThanOrEqual(160);
  },
);

test.each([
  ['en', 'page.md'],
  ['fr', 'page.fr.md'],
] as const)('the page in %s is in a clone as `npm run docs` writes it', (language, name) => {
  const file = join(import.meta.dirname, '../../docs/lab', name);
  expect(readFileSync(file, 'utf8')).toBe(coursePage(language));
});
