import { join, resolve } from 'node:path';
import { execa } from 'execa';

export const root = resolve(import.meta.dirname, '..');

/** Packs the npm package into `directory`, which must exist; returns its path. `npm pack` builds it first. */
export async function packNpm(directory: string): Promise<string> {
  const flags = ['--json', '--silent', '--pack-destination', directory];
  const { stdout } = await execa('npm', ['pack', ...flags], { cwd: root });
  const [packed] = JSON.parse(stdout) as { readonly filename: string }[];
  if (packed === undefined) throw new Error('npm pack named no file');
  return join(directory, packed.filename);
}
