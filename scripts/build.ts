/**
 * `npm run build`: makes dist/, the program of the package: JavaScript of src/ and workloads/, the types of its door, and as
 * one file each the scripts of reports and dashboards, and libraries of others.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { bundleDockerode } from '../src/bundle/dockerode.ts';
import { bundleGrpc } from '../src/bundle/grpc.ts';
import { bundleCsv, bundleDiff, bundleTar, bundleYaml } from '../src/bundle/libraries.ts';
import { bundleDashboard, bundlePage } from '../src/bundle/page.ts';

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
await rm(join(dist, 'src/bundle'), { recursive: true });
await writeFile(join(dist, 'src/engine/docker/dockerode.js'), (await bundleDockerode()).code);
await writeFile(join(dist, 'src/engine/containerd/grpc.js'), (await bundleGrpc()).code);
await writeFile(join(dist, 'src/config/yaml.js'), (await bundleYaml()).code);
await writeFile(join(dist, 'src/cli/diff.js'), (await bundleDiff()).code);
await writeFile(join(dist, 'src/artefact/tar.js'), (await bundleTar()).code);
await writeFile(join(dist, 'src/report/csv-library.js'), (await bundleCsv()).code);
for (const files of ['src/render/fonts', 'src/engine/containerd/api.json', 'src/config/seccomp-strict.json'])
  await cp(join(root, files), join(dist, files), { recursive: true });
await mkdir(join(dist, 'src/predict/known'));
for (const name of await readdir(join(root, 'src/predict/known'))) {
  const profile = JSON.parse(await readFile(join(root, 'src/predict/known', name), 'utf8'));
  await writeFile(join(dist, 'src/predict/known', name), JSON.stringify(profile));
}
await mkdir(join(dist, 'src/page'));
await writeFile(join(dist, 'src/page/page.js'), (await bundlePage()).code);
await writeFile(join(dist, 'src/page/dashboard.js'), (await bundleDashboard()).code);
