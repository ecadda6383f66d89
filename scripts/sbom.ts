/**
 * `npm run sbom [FILE]`: writes the software bill of materials of a release, CycloneDX 1.5, to dist/sbom.cdx.json. npm
 * derives it from package-lock.json alone (npm ≥ 10). It lists all dependencies, since `--omit=dev` omits what both the
 * program and its tests need. What the build puts into the package is no development dependency here.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { shippedBundles } from './shipped-bundles.ts';

const root = resolve(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? join(root, 'dist/sbom.cdx.json'));
const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name: string };
const flags = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const { stdout } = await execa('npm', ['sbom', ...flags], { cwd: root });
interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  properties: readonly { readonly name: string }[];
}
const bom = JSON.parse(stdout) as {
  readonly metadata: { readonly component: { name: string } };
  readonly components: readonly Component[];
};
// npm calls the package by the name of the directory it is in.
bom.metadata.component.name = name;
const bundles = await Promise.all(shippedBundles.map(({ make }) => make()));
const packages = bundles.flatMap((each) => each.packages);
const { packages: locked } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
};
// npm lists a package once, however often it is there, and calls it what its first place is.
const ofProgram = Object.entries(locked).flatMap(([path, { version, dev }]) =>
  dev === true ? [] : [`${path.split('node_modules/').at(-1)}@${version}`],
);
const shipped = new Set([...packages.map((each) => `${each.name}@${each.version}`), ...ofProgram]);
for (const component of bom.components) {
  const { group, name: own, version } = component;
  const identity = `${group === undefined ? '' : `${group}/`}${own}@${version}`;
  if (shipped.has(identity) || own === 'dejavu-fonts-ttf')
    component.properties = component.properties.filter(
      (property) => property.name !== 'cdx:npm:package:development',
    );
}
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(bom)}\n`);
