import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Version } from '@cyclonedx/cyclonedx-library/Spec';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { shippedBundles } from '../scripts/shipped-bundles.ts';
import { builtIn } from '../src/features/lab/project.ts';

const root = resolve(import.meta.dirname, '..');
const read = async (path: string) => JSON.parse(await readFile(resolve(root, path), 'utf8'));

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly integrity: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Debian 13's npm 9 has no such command; a release is made with a newer one. */
const { stdout: npm } = await execa('npm', ['--version'], { cwd: root });
const canMake = Number(npm.split('.')[0]) >= 10;

describe.skipIf(!canMake)('the bill of materials of a release', () => {
  let bom: Bom;
  let locked: ReadonlyMap<string, Locked>;
  /** What is in the bundles: the packages of the files that esbuild's metafiles name, as package-lock.json has them. */
  let bundled: ReadonlySet<string>;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-sbom-'));
    const file = join(directory, 'sbom.cdx.json');
    await execa(process.execPath, ['scripts/sbom.ts', file], { cwd: root });
    bom = await read(file);
    await rm(directory, { recursive: true });
    const { packages } = (await read('package-lock.json')) as { packages: Record<string, Locked> };
    const identity = (path: string) => {
      const { name = path.split('node_modules/').at(-1), version } = packages[path] ?? {};
      return `${name}@${version}`;
    };
    locked = new Map(
      Object.entries(packages).flatMap(([path, one]) => (path === '' ? [] : [[identity(path), one]])),
    );
    const made = await Promise.all(shippedBundles.map(({ make }) => make()));
    bundled = new Set(
      made
        .flatMap(({ inputs }) => inputs)
        .flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
        .map(identity),
    );
  }, 60_000);
  const nameOf = ({ group, name, version }: Component) =>
    `${group === undefined ? '' : `${group}/`}${name}@${version}`;

  test('is valid CycloneDX', async () => {
    const validator = new JsonStrictValidator(Version.v1dot5);
    const invalid = async (what: unknown) => validator.validate(JSON.stringify(what));
    expect(await invalid(bom)).toBeNull();
    expect(await invalid({ ...bom, components: [{ name: 'without a type' }] })).not.toBeNull();
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
  });

  test('holds every package of package-lock.json and no other, with its digest', () => {
    expect(locked.size).toBeGreaterThan(300);
    expect(bom.components.map(nameOf).toSorted()).toEqual([...locked.keys()].toSorted());
    for (const component of bom.components) {
      const { integrity = '', license } = locked.get(nameOf(component)) ?? {};
      const sha512 = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
      expect(component.hashes, nameOf(component)).toContainEqual({ alg: 'SHA-512', content: sha512 });
      // Some packages name no licence in their lock, or one that is no SPDX expression.
      const named = license !== undefined && !license.startsWith('SEE LICENSE');
      expect(component.licenses?.length ?? 0, nameOf(component)).toBe(named ? 1 : 0);
    }
  });

  test('tells what a user gets from what only the tests need', () => {
    const development = ({ properties }: Component) =>
      properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
    const shipped = bom.components
      .filter((component) => !development(component))
      .map(nameOf)
      .filter((name) => locked.get(name)?.dev === true);
    const fonts = [...locked.keys()].filter((name) => name.startsWith('dejavu-fonts-ttf@'));
    const handedOn = [...bundled, ...fonts].filter((name) => locked.get(name)?.dev === true);
    expect(shipped.toSorted()).toEqual([...new Set(handedOn)].toSorted());
    // What the sources import, and npm does not install for a user, is in one of the bundles.
    const inBundles = [...bundled].map((name) => name.replace(/@[^@]*$/, ''));
    expect(inBundles).toEqual(expect.arrayContaining(builtIn.filter((name) => name !== 'esbuild')));
    const mistaken = bom.components.filter(
      (component) => development(component) && locked.get(nameOf(component))?.dev !== true,
    );
    expect(mistaken.map(nameOf)).toEqual([]);
  });

  test('is of this version, and every dependency in it leads somewhere', async () => {
    const { name, version } = (await read('package.json')) as { name: string; version: string };
    expect(bom.metadata.component).toMatchObject({ name, version, purl: `pkg:npm/${name}@${version}` });
    const refs = new Set([bom.metadata.component, ...bom.components].map((each) => each['bom-ref']));
    for (const { ref, dependsOn } of bom.dependencies)
      for (const each of [ref, ...dependsOn]) expect(refs, each).toContain(each);
  });
});
