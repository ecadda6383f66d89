import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** Linux gives up after as many. */
const mostLinks = 40;

/**
 * The path of a program below a root file system, as a process in that root would find it: an absolute link means the
 * root, and `..` does not leave it. Rejects where there is none.
 */
export async function programInRoot(root: string, path: string): Promise<string> {
  let left = resolve('/', path).split('/').filter(Boolean);
  let at = '/';
  for (let links = 0; left.length > 0; ) {
    const [name = '', ...rest] = left;
    const next = resolve(at, name);
    if (!(await lstat(join(root, next))).isSymbolicLink()) {
      at = next;
      left = rest;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new Error(`${path}: too many links`);
    const target = resolve(dirname(next), await readlink(join(root, next)));
    left = [...target.split('/').filter(Boolean), ...rest];
    at = '/';
  }
  return join(root, relative('/', at));
}
