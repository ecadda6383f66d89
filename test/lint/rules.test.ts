import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folders = 'imports.grit';
const clock = 'clock.grit';
const pure = 'pure.grit';
const writes = 'writes.grit';
const globals = 'noRestrictedGlobals';
const modules = 'noRestrictedImports';

/** File and content → the rule that must refuse it, or null where it is fine. */
const planted: readonly (readonly [path: string, code: string, rule: string | null])[] = [
  ['model/a.ts', "export * from '../plan/x.ts';", folders],
  ['messages/a.ts', "export * from '../model/x.ts';", folders],
  ['report/b.ts', "export type { X } from '../analyze/x.ts';", folders],
  ['report/c.ts', "export const x = await import('../engine/x.ts');", folders],
  ['report/d.ts', "export type X = import('../analyze/x.ts').X;", folders],
  ['report/charts/a.ts', "export * from '../../analyze/x.ts';", folders],
  ['report/charts/deep/a.ts', "export * from '../../../analyze/x.ts';", folders],
  ['collect/a.ts', "export * from '../engine/x.ts';", folders],
  ['collect/b.ts', "export * from '../../workloads/x.ts';", folders],
  ['collect/c.ts', "export * from '../cli.ts';", folders],
  ['no-such-folder/a.ts', "export * from '../plan/x.ts';", folders],
  ['page/a.ts', "export * from '../model/x.ts';", folders],
  ['capacity/a.ts', "export * from '../report/x.ts';", folders],
  ['capacity/b.ts', "export * from '../analyze/x.ts';", null],
  ['report/e.ts', "export * from './labels.ts';", null],
  ['report/charts/b.ts', "export * from '../analyze/x.ts';", null],
  ['report/charts/c.ts', "export * from '../../model/x.ts';", null],
  ['engine/a.ts', "export * from '../messages/x.ts';", null],
  ['app/a.ts', "export * from '../cli/x.ts';", folders],
  ['app/b.ts', "export * from '../engine/x.ts';", null],
  ['cli/a.ts', "export * from '../app/x.ts';", null],

  ['plan/a.ts', "export { readFile } from 'node:fs/promises';", modules],
  ['plan/b.ts', "import os from 'node:os';\nexport const x = os;", modules],
  ['plan/c.ts', "export { hash } from 'node:crypto';", modules],
  ['plan/d.ts', 'export const x = process.env.X;', globals],
  ['plan/e.ts', 'export const x = performance.now();', globals],
  ['analyze/a.ts', 'export const x = Math.random();', pure],
  ['capacity/c.ts', 'export const x = Math.random();', pure],
  ['analyze/b.ts', 'export const x = [1].map(Math.random);', pure],
  ['analyze/c.ts', 'export const x = crypto.randomUUID();', globals],
  ['report/f.ts', 'export const x = new Date().toISOString();', pure],
  ['report/g.ts', 'console.log(1);', globals],
  ['report/h.ts', "export { isDeepStrictEqual } from 'node:util';", null],
  ['report/i.ts', 'export const x = (at: string) => new Date(at).toISOString();', null],
  ['engine/b.ts', 'console.log(performance.now(), process.pid, Math.random());', null],

  ['engine/c.ts', 'export const x = Date.now();', clock],
  ['engine/d.ts', 'export const x = Number(new Date());', clock],
  ['engine/e.ts', 'export const x = (at: Date) => at.getTime();', clock],
  ['engine/f.ts', 'export const x = (at: string) => Date.parse(at);', clock],
  ['engine/g.ts', 'export const x = { startedAt: new Date().toISOString() };', null],

  ['app/c.ts', "export { x } from './x.ts';\nimport { readdir, writeFile } from 'node:fs/promises';", writes],
  ['app/d.ts', "import {\n  mkdirSync,\n  statSync,\n} from 'node:fs';", writes],
  ['app/e.ts', "import * as fs from 'node:fs/promises';\nexport const x = fs;", writes],
  ['app/f.ts', "import { open } from 'node:fs/promises';\nexport const x = await open('/x', 'a');", writes],
  ['app/g.ts', "import { openSync } from 'node:fs';\nexport const x = openSync('/x', 'wx', 0o600);", writes],
  [
    'launch/a.ts',
    "import { createWriteStream } from 'node:fs';\nexport const x = createWriteStream;",
    writes,
  ],
  ['app/h.ts', "import { open } from 'node:fs/promises';\nexport const x = await open('/x', 'r');", null],
  ['app/i.ts', "import { readdir } from 'node:fs/promises';\nexport const x = readdir;", null],
  ['files/a.ts', "import { mkdirSync } from 'node:fs';\nexport const x = mkdirSync;", null],
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
      const file = join(place, 'src', path);
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

  test.each(planted)('src/%s: %s', (path, _code, rule) => {
    const errors = found.filter(
      ({ location, severity }) => location.path === `src/${path}` && severity === 'error',
    );
    const text = errors.map(({ category, message }) => `${category} ${message}`).join('\n');
    if (rule === null) expect(text).toBe('');
    else expect(text).toContain(rule);
  });
});
