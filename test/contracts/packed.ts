import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { sharedDirectory } from '../support/shared-directory.ts';
import { root } from './cli.ts';

/** What `npm pack` made. */
interface Packed {
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly shipped: readonly string[];
}

/** `npm pack` as a maintainer runs it, once for all files of a run of the tests: whoever comes second waits for the first. */
export async function pack(): Promise<Packed> {
  const place = join(sharedDirectory(), 'packed');
  await mkdir(place, { recursive: true });
  const made = join(place, 'packed.json');
  const script =
    'test -e "$2" || { npm pack --json --silent --pack-destination "$1" >"$2.new" && mv "$2.new" "$2"; }';
  await execa('flock', [join(place, 'lock'), 'sh', '-c', script, 'sh', place, made], {
    cwd: root,
    env: { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
  });
  const [packed] = JSON.parse(await readFile(made, 'utf8')) as {
    filename: string;
    files: { path: string }[];
  }[];
  return {
    tarball: join(place, packed?.filename ?? ''),
    shipped: packed?.files.map((file) => file.path) ?? [],
  };
}
