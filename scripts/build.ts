/**
 * `npm run build`: makes dist/, the program of the package: JavaScript of src/ and workloads/, the types of its door, pages for man(1),
 * and as one file each the script of reports and libraries of others; its JSON Schemas in schemas/; and the documents
 * that are made (`generated-pages.ts`).
 */
import { existsSync, globSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { loadCommands } from '../src/cli/program.ts';
import { writeGeneratedPages } from './generated-pages.ts';
import { manPages } from './man-pages.ts';
import { writeSchemas } from './schemas.ts';
import { shippedBundles } from './shipped-bundles.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const compile = (config: string) =>
  execa(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
    cwd: root,
    stdio: 'inherit',
  });

await rm(dist, { recursive: true, force: true });
await compile('tsconfig.build.json');
await compile('tsconfig.types.json');
// A configuration has the keys that features add, although its module knows none of them.
const configs = globSync('src/features/*/config/*.ts', { cwd: root }).map(
  (path) => `import '${path.replace('src', '.')}';\n`,
);
await appendFile(join(dist, 'types/src/index.d.ts'), configs.join(''));
await writeSchemas();
await writeGeneratedPages();
// What makes the files below is of no use where they are.
for (const path of ['src/core/bundle', 'src/report/render/bundle-page.js'])
  await rm(join(dist, path), { recursive: true });
const copy = (path: string) => cp(join(root, path), join(dist, path), { recursive: true });
for (const path of ['src/report/render/fonts', 'src/core/config/seccomp-strict.json']) await copy(path);
// Of a feature, which can be missing.
const containerdApi = 'src/features/layers/containerd/api.json';
if (existsSync(join(root, containerdApi))) await copy(containerdApi);
for (const { path, make } of shippedBundles) {
  await mkdir(dirname(join(dist, path)), { recursive: true });
  await writeFile(join(dist, `${path}.js`), (await make()).code);
}
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
await mkdir(join(dist, 'man'));
for (const [name, text] of manPages(await loadCommands(), version))
  await writeFile(join(dist, 'man', name), text);
