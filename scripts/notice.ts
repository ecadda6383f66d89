import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleDockerode } from '../src/bundle/dockerode.ts';
import { bundleGrpc } from '../src/bundle/grpc.ts';
import { bundleCsv, bundleDiff, bundleTar, bundleYaml } from '../src/bundle/libraries.ts';
import { licenceText } from '../src/bundle/licences.ts';
import { bundleDashboard, bundlePage } from '../src/bundle/page.ts';

/** Text of NOTICE: what ocibench hands on of others' works, and their licences. What npm installs beside it has its own. */
export async function notice(): Promise<string> {
  const [page, dashboard, dockerode, grpc, yaml, diff, tar, csv] = await Promise.all([
    bundlePage(),
    bundleDashboard(),
    bundleDockerode(),
    bundleGrpc(),
    bundleYaml(),
    bundleDiff(),
    bundleTar(),
    bundleCsv(),
  ]);
  const protos = resolve(import.meta.dirname, '../src/engine/containerd/protos');
  const containerdNotice = (await readFile(join(protos, 'NOTICE'), 'utf8')).trim();
  const fonts = resolve(import.meta.dirname, '../src/render/fonts');
  const fontLicence = (await readFile(join(fonts, 'LICENSE'), 'utf8')).trim();
  return [
    'ocibench is licensed under the Apache License 2.0: see LICENSE. It hands on works of others.',
    'Every report.html, and the script for it in the package (dist/src/page/page.js), contains Vega, Vega-Lite, D3 and what they use.',
    licenceText(page.licences),
    'Every dashboard of a history, and the script for it in the package (dist/src/page/dashboard.js), contains parts of D3.',
    licenceText(dashboard.licences),
    'The package contains dockerode and what it uses (dist/src/engine/docker/dockerode.js).',
    licenceText(dockerode.licences),
    'The package contains grpc-js, protobufjs and what they use (dist/src/engine/containerd/grpc.js).',
    licenceText(grpc.licences),
    'The messages and services of containerd (src/engine/containerd/api.json, in the package dist/src/engine/containerd/api.json) are made from files of containerd 1.7.24 and containerd/cgroups 3.0.3 and Kubernetes’ cri-api 0.32.3 (src/engine/containerd/protos), which are licensed under the Apache License 2.0. containerd’s own NOTICE:',
    containerdNotice,
    'The package contains parts of yaml, diff, modern-tar, csv-parse and csv-stringify (dist/src/config/yaml.js, dist/src/cli/diff.js, dist/src/artefact/tar.js, dist/src/report/csv-library.js).',
    licenceText([...yaml.licences, ...diff.licences, ...tar.licences, ...csv.licences]),
    'The fonts of charts are parts of DejaVu Sans (src/render/fonts, in the package dist/src/render/fonts).',
    fontLicence,
  ]
    .join('\n\n====\n\n')
    .concat('\n');
}
