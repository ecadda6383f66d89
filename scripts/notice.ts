import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { licenceText } from '../src/core/bundle/licences.ts';
import { shippedBundles } from './shipped-bundles.ts';

/** Text of NOTICE: what ocibench hands on of others' works, and their licences. What npm installs beside it has its own. */
export async function notice(): Promise<string> {
  const bundles = await Promise.all(
    shippedBundles.map(({ says, make }) => make().then(({ licences }) => [says, licenceText(licences)])),
  );
  const protos = resolve(import.meta.dirname, 'protos');
  const containerdNotice = (await readFile(join(protos, 'NOTICE'), 'utf8')).trim();
  const fonts = resolve(import.meta.dirname, '../src/report/render/fonts');
  const fontLicence = (await readFile(join(fonts, 'LICENSE'), 'utf8')).trim();
  return [
    'ocibench is licensed under the Apache License 2.0: see LICENSE. It hands on works of others.',
    ...bundles.flat(),
    'The messages and services of containerd (src/features/layers/containerd/api.json, in the package dist/src/features/layers/containerd/api.json) are made from files of containerd 1.7.24 and containerd/cgroups 3.0.3 and Kubernetes’ cri-api 0.32.3 (scripts/protos), which are licensed under the Apache License 2.0. containerd’s own NOTICE:',
    containerdNotice,
    'The fonts of charts are parts of DejaVu Sans (src/report/render/fonts, in the package dist/src/report/render/fonts).',
    fontLicence,
  ]
    .join('\n\n====\n\n')
    .concat('\n');
}
