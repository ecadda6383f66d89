import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './tarball.ts';

/** What the package says of itself, from package.json. */
export interface PackageManifest {
  readonly version: string;
  /** `Name <mail>` */
  readonly author?: string;
}

/** Who answers for the package; without an author in package.json, an address that cannot exist (RFC 2606): Debian wants one. */
export const maintainerOf = ({ author }: PackageManifest) =>
  author ?? 'the authors of ocibench <nobody@ocibench.invalid>';

/** https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ */
const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ocibench
Comment: Works of others and their licences are named beside this file: by NOTICE those in the program, by
 libraries-LICENSES those in /usr/lib/ocibench/node_modules, by node-LICENSE those in /usr/lib/ocibench/node.

Files: *
Copyright: 2026 the authors of ocibench
License: Apache-2.0
 On Debian systems the text of the Apache License, Version 2.0, is in /usr/share/common-licenses/Apache-2.0.
`;

/** What lintian(1) takes for faults and is meant so, with why. */
const overrides = `# Node is nodejs.org's own build, with what it is built from; only its symbols are left out.
ocibench: embedded-library *
ocibench: hardening-no-pie *
# Parts of DejaVu Sans, with the widths that charts are laid out by: a chart is the same on every host.
ocibench: duplicate-font-file *
# The lock of users without root is there; the scripts do nothing but ask flock(1) about it.
ocibench: possibly-insecure-handling-of-tmp-files-in-maintainer-script *
# They ask for a night that runs, and stop the timer of \`ocibench nightly install\`, which no package has.
ocibench: maintainer-script-calls-systemctl *
# The program of this package, whatever else PATH finds.
ocibench: command-with-path-in-maintainer-script *
`;

/** The date of the last change here (RFC 5322), so that the same sources give the same package; of now, outside a repository. */
async function changedAt(): Promise<string> {
  const { stdout } = await execa('git', ['log', '-1', '--format=%aD'], { cwd: root, reject: false });
  return stdout || new Date().toUTCString().replace('GMT', '+0000');
}

/** Puts what Debian wants of every package below `tree`: its licence, its changelog, and what lintian(1) need not say. */
export async function addDebianDocuments(tree: string, manifest: PackageManifest): Promise<void> {
  const documents = join(tree, 'usr/share/doc/ocibench');
  const lintian = join(tree, 'usr/share/lintian/overrides');
  await mkdir(lintian, { recursive: true });
  await writeFile(join(lintian, 'ocibench'), overrides);
  await writeFile(join(documents, 'copyright'), copyright);
  const changelog = join(documents, 'changelog');
  await writeFile(
    changelog,
    `ocibench (${manifest.version}) unstable; urgency=medium

  * What changed: /usr/lib/ocibench/CHANGELOG.md

 -- ${maintainerOf(manifest)}  ${await changedAt()}
`,
  );
  await execa('gzip', ['-9n', changelog]);
}
