/**
 * `npm run build`: makes dist/, the program of the package: JavaScript of src/ and workloads/, the types of its door, and as
 * one file each the scripts of reports and dashboards, and libraries of others.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { shippedBundles } from '../src/core/bundle/shipped.ts';

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
// What makes the files below is of no use where they are.
await rm(join(dist, 'src/core/bundle'), { recursive: true });
for (const files of ['src/report/render/fonts', 'src/features/layers/containerd/api.json', 'src/core/config/seccomp-strict.json'])
  await cp(join(root, files), join(dist, files), { recursive: true });
await mkdir(join(dist, 'src/features/capacity/predict/known'));
for (const name of await readdir(join(root, 'src/features/capacity/predict/known'))) {
  const profile = JSON.parse(await readFile(join(root, 'src/features/capacity/predict/known', name), 'utf8'));
  await writeFile(join(dist, 'src/features/capacity/predict/known', name), JSON.stringify(profile));
}
await mkdir(join(dist, 'src/report/page'));
for (const { path, make } of shippedBundles) await writeFile(join(dist, `${path}.js`), (await make()).code);
