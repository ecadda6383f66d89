/**
 * `npm run sbom [FILE]`: writes the software bill of materials of a release, CycloneDX 1.5, to dist/sbom.cdx.json. npm
 * derives it from package-lock.json alone (npm ≥ 10). It lists all dependencies, since `--omit=dev` omits what both the
 * program and its tests need.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

const root = resolve(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? join(root, 'dist/sbom.cdx.json'));
const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name: string };
const flags = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const { stdout } = await execa('npm', ['sbom', ...flags], { cwd: root });
const bom = JSON.parse(stdout) as { metadata: { component: { name: string } } };
// npm calls the package by the name of the directory it is in.
bom.metadata.component.name = name;
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
