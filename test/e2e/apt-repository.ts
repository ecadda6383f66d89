import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

/** Writes a file and the directories above it. */
export async function write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

/** A key that signs repositories, for one test. */
export interface SigningKey {
  /** The public key, as websites publish it. */
  readonly armored: string;
  sign(text: string): Promise<string>;
  /** Ends the agent of GnuPG that holds the key. */
  forget(): Promise<void>;
}

export async function makeSigningKey(home: string): Promise<SigningKey> {
  await mkdir(home, { mode: 0o700 });
  const gpg = async (args: readonly string[], input = '') =>
    (await execa('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], { input }))
      .stdout;
  await gpg(['--quick-generate-key', 'A test <test@example.org>', 'ed25519', 'sign', '2d']);
  return {
    armored: await gpg(['--armor', '--export']),
    sign: (text) => gpg(['--digest-algo', 'SHA512', '--clearsign'], text),
    async forget() {
      await execa('gpgconf', ['--homedir', home, '--kill', 'all'], { reject: false });
    },
  };
}

/** Packs a package of one program. */
export async function makeDeb(
  place: string,
  name: string,
  { version, architecture, program }: Readonly<Record<'version' | 'architecture' | 'program', string>>,
): Promise<string> {
  const tree = join(place, `${name}_${version}`);
  const control = [
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}`,
    'Maintainer: A test <test@example.org>\nDescription: made for a test\n',
  ].join('\n');
  await write(join(tree, 'DEBIAN/control'), control);
  await write(join(tree, 'usr/bin', name), program, 0o755);
  await execa('dpkg-deb', ['-Znone', '--root-owner-group', '--build', tree, `${tree}.deb`]);
  return `${tree}.deb`;
}

/** A repository of packages, as `deb … <address> <suite> main` names it. */
export async function makeRepository(
  directory: string,
  {
    suite,
    architecture,
    debs,
    key,
  }: {
    readonly suite: string;
    readonly architecture: string;
    readonly debs: readonly string[];
    readonly key: SigningKey;
  },
): Promise<void> {
  const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
  const stanzas = await Promise.all(
    debs.map(async (deb) => {
      const [content, control] = [await readFile(deb), await execa('dpkg-deb', ['--field', deb])];
      const file = `pool/${basename(deb)}`;
      await write(join(directory, file), content);
      return `${control.stdout}\nFilename: ${file}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n`;
    }),
  );
  const packages = stanzas.join('\n');
  const index = `main/binary-${architecture}/Packages`;
  const release = [
    `Suite: ${suite}\nCodename: ${suite}\nComponents: main\nArchitectures: ${architecture}`,
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
    `SHA256:\n ${sha256(packages)} ${Buffer.byteLength(packages)} ${index}\n`,
  ].join('\n');
  await write(join(directory, 'dists', suite, index), packages);
  await write(join(directory, 'dists', suite, 'InRelease'), await key.sign(release));
}
