import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folders = 'imports.grit';
const clock = 'clock.grit';
const pure = 'pure.grit';
const programs = 'programs.grit';
const writes = 'writes.grit';
const globals = 'noRestrictedGlobals';
const modules = 'noRestrictedImports';

/** File and content → the rule that must refuse it, or null where it is fine. */
const planted: readonly (readonly [path: string, code: string, rule: string | null])[] = [
  ['src/core/model/a.ts', "export * from '../analyze/x.ts';", folders],
  ['src/core/messages/a.ts', "export * from '../model/x.ts';", folders],
  ['src/core/analyze/a.ts', "export type { X } from '../engine/x.ts';", folders],
  ['src/core/collect/a.ts', "export * from '../engine/x.ts';", folders],
  ['src/core/collect/cgroup/a.ts', "export * from '../../engine/x.ts';", folders],
  ['src/core/measure/schedule/a.ts', "export * from '../execute/x.ts';", folders],
  ['src/core/no-such-folder/a.ts', "export * from '../analyze/x.ts';", folders],
  ['src/core/analyze/b.ts', "export * from '../../report/x.ts';", folders],
  ['src/core/engine/a.ts', "export const x = await import('../../features/layers/x.ts');", folders],
  ['src/core/engine/docker/a.ts', "export * from '../../../features/layers/oci/x.ts';", folders],
  ['src/core/config/a.ts', "export * from '../../../workloads/lib/x.ts';", folders],
  ['src/core/model/b.ts', "export * from '../../app/x.ts';", folders],
  ['src/core/collect/b.ts', "export * from '../../cli.ts';", folders],
  ['src/features/lab/b.ts', "export * from '../../index.ts';", folders],
  ['src/core/analyze/g.ts', "export * from '../files/x.ts';", folders],
  ['src/report/h.ts', "export type { X } from '../core/analyze/x.ts';", folders],
  ['src/report/i.ts', "export const x = await import('../core/engine/x.ts');", folders],
  ['src/report/j.ts', "export type X = import('../core/analyze/x.ts').X;", folders],
  ['src/report/charts/b.ts', "export * from '../../core/analyze/x.ts';", folders],
  ['src/report/charts/deep/a.ts', "export * from '../../../core/measure/schedule/x.ts';", folders],
  ['src/report/k.ts', "export * from '../core/bundle/x.ts';", folders],
  ['src/report/page/a.ts', "export * from '../../core/model/x.ts';", folders],
  ['src/features/capacity/plan/b.ts', "export * from '../../../app/x.ts';", folders],
  ['src/features/nightly/history/a.ts', "export * from '../../../cli/x.ts';", folders],
  ['src/features/fleet/merge/a.ts', "export * from '../../../core/store/x.ts';", folders],
  ['src/features/proof/verify/b.ts', "export * from '../../../core/measure/execute/x.ts';", folders],
  ['src/features/options/sections/a.ts', "export * from '../../../core/config/x.ts';", folders],
  ['src/features/layers/oci/a.ts', "export * from '../../../app/x.ts';", folders],
  ['src/features/layers/adapters/a.ts', "export * from '../../../core/collect/x.ts';", folders],
  ['src/report/a.ts', "export * from '../app/x.ts';", folders],
  ['src/report/b.ts', "export const x = await import('../features/fleet/x.ts');", folders],
  ['src/report/charts/a.ts', "export type X = import('../../features/layers/x.ts').X;", folders],
  ['src/app/a.ts', "export * from '../cli/x.ts';", folders],
  ['src/app/measure/a.ts', "export * from '../../features/nightly/gate/x.ts';", folders],
  ['src/cli/a.ts', "export * from '../features/lab/x.ts';", folders],
  ['workloads/io/a.ts', "export * from '../../src/report/x.ts';", folders],
  ['src/features/nightly/gate/a.ts', "export * from '../../options/x.ts';", folders],
  ['src/features/proof/verify/a.ts', "export * from '../../fleet/merge/x.ts';", folders],
  ['src/features/proof/b.ts', "export * from '../capacity/x.ts';", folders],
  ['src/features/fleet/a.ts', "export * from '../nightly/x.ts';", folders],
  ['src/features/fleet/publish/a.ts', "export * from '../../proof/verify/x.ts';", folders],
  ['src/features/nightly/gate/b.ts', "export * from '../history/x.ts';", null],
  ['src/features/nightly/a.ts', "export * from '../../app/x.ts';", null],
  ['src/features/nightly/b.ts', "export * from '../../core/engine/x.ts';", null],
  ['src/features/nightly/commands/a.ts', "export * from '../../../cli/x.ts';", null],
  ['src/cli/b.ts', "export * from '../app/x.ts';", null],
  ['src/app/b.ts', "export * from '../report/x.ts';", null],
  ['src/report/c.ts', "export * from '../core/runtimes/x.ts';", null],
  ['src/report/render/a.ts', "export * from '../../core/bundle/x.ts';", null],
  ['src/report/page/b.ts', "export * from '../../core/messages/x.ts';", null],
  ['src/features/capacity/plan/c.ts', "export * from '../../../core/analyze/x.ts';", null],
  ['src/features/proof/verify/c.ts', "export * from '../../../core/measure/schedule/x.ts';", null],
  ['src/features/layers/oci/b.ts', "export * from '../../../core/engine/x.ts';", null],
  ['src/core/analyze/c.ts', "export * from '../metrics/x.ts';", null],
  ['src/core/measure/execute/a.ts', "export * from '../schedule/x.ts';", null],
  ['src/core/engine/b.ts', "export * from '../messages/x.ts';", null],
  ['workloads/io/b.ts', "export * from '../../src/core/model/x.ts';", null],

  ['src/core/measure/schedule/b.ts', "export { readFile } from 'node:fs/promises';", modules],
  ['src/core/measure/schedule/c.ts', "import os from 'node:os';\nexport const x = os;", modules],
  ['src/core/measure/schedule/d.ts', "export { hash } from 'node:crypto';", modules],
  ['src/core/measure/schedule/e.ts', 'export const x = process.env.X;', globals],
  ['src/core/measure/schedule/f.ts', 'export const x = performance.now();', globals],
  ['src/core/analyze/d.ts', 'export const x = Math.random();', pure],
  ['src/features/capacity/plan/a.ts', 'export const x = Math.random();', pure],
  ['src/features/nightly/gate/c.ts', 'export const x = Math.random();', pure],
  ['src/features/layers/sections/a.ts', 'export const x = Math.random();', pure],
  ['src/core/analyze/e.ts', 'export const x = [1].map(Math.random);', pure],
  ['src/core/analyze/f.ts', 'export const x = crypto.randomUUID();', globals],
  ['src/report/d.ts', 'export const x = new Date().toISOString();', pure],
  ['src/report/e.ts', 'console.log(1);', globals],
  ['src/report/f.ts', "export { isDeepStrictEqual } from 'node:util';", null],
  ['src/report/g.ts', 'export const x = (at: string) => new Date(at).toISOString();', null],
  ['src/core/engine/c.ts', 'console.log(performance.now(), process.pid, Math.random());', null],
  ['src/features/nightly/app/a.ts', 'console.log(performance.now(), process.pid, Math.random());', null],

  ['src/core/engine/d.ts', 'export const x = Date.now();', clock],
  ['src/core/engine/e.ts', 'export const x = Number(new Date());', clock],
  ['src/core/engine/f.ts', 'export const x = (at: Date) => at.getTime();', clock],
  ['src/core/engine/g.ts', 'export const x = (at: string) => Date.parse(at);', clock],
  ['src/core/engine/h.ts', 'export const x = { startedAt: new Date().toISOString() };', null],

  [
    'src/app/c.ts',
    "export { x } from './x.ts';\nimport { readdir, writeFile } from 'node:fs/promises';",
    writes,
  ],
  ['src/app/d.ts', "import {\n  mkdirSync,\n  statSync,\n} from 'node:fs';", writes],
  ['src/app/e.ts', "import * as fs from 'node:fs/promises';\nexport const x = fs;", writes],
  [
    'src/app/f.ts',
    "import { open } from 'node:fs/promises';\nexport const x = await open('/x', 'a');",
    writes,
  ],
  [
    'src/app/g.ts',
    "import { openSync } from 'node:fs';\nexport const x = openSync('/x', 'wx', 0o600);",
    writes,
  ],
  [
    'src/features/fleet/publish/b.ts',
    "import { createWriteStream } from 'node:fs';\nexport const x = createWriteStream;",
    writes,
  ],
  ['src/app/h.ts', "import { open } from 'node:fs/promises';\nexport const x = await open('/x', 'r');", null],
  ['src/app/i.ts', "import { readdir } from 'node:fs/promises';\nexport const x = readdir;", null],
  ['src/app/j.ts', "import { execa } from 'execa';\nexport const x = execa('ls');", programs],
  [
    'src/core/host/a.ts',
    "import { spawn } from 'node:child_process';\nexport const x = spawn('ls');",
    programs,
  ],
  ['src/features/move/a.ts', "export const { execFile } = await import('node:child_process');", programs],
  ['src/app/k.ts', 'export const x = (y: string) => ({ env: { ...process.env, y } });', programs],
  ['src/app/l.ts', 'export const x = { env: process.env };', programs],
  [
    'src/core/host/b.ts',
    "import type { ChildProcess } from 'node:child_process';\nexport type X = ChildProcess;",
    null,
  ],
  ['src/core/host/c.ts', "export * from '../programs/x.ts';", null],
  ['src/core/analyze/h.ts', "export * from '../programs/x.ts';", folders],
  ['src/core/files/a.ts', "import { mkdirSync } from 'node:fs';\nexport const x = mkdirSync;", null],
];

interface Diagnostic {
  readonly severity: string;
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

describe('the linter', () => {
  let place: string;
  let found: readonly Diagnostic[];

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocibench-lint-'));
    for (const name of ['biome.json', '.gitignore', 'scripts/lint'])
      await cp(join(root, name), join(place, name), { recursive: true });
    for (const [path, code] of planted) {
      const file = join(place, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${code}\n`);
    }
    const biome = join(root, 'node_modules/.bin/biome');
    const result = await execa(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], {
      cwd: place,
      reject: false,
    });
    found = JSON.parse(result.stdout).diagnostics;
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  test.each(planted)('%s: %s', (path, _code, rule) => {
    const errors = found.filter(({ location, severity }) => location.path === path && severity === 'error');
    const text = errors.map(({ category, message }) => `${category} ${message}`).join('\n');
    if (rule === null) expect(text).toBe('');
    else expect(text).toContain(rule);
  });
});
