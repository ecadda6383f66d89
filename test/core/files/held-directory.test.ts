import {
  chmodSync,
  chownSync,
  closeSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  holdDirectory,
  holdIfThere,
  refuseNotOwn,
  whyNotOwn,
} from '../../../src/core/files/held-directory.ts';
import type { CurrentUser } from '../../../src/core/files/walk.ts';

const nobody = 65534;
const root: CurrentUser = { uid: 0, sudoUid: null };
const sudo: CurrentUser = { uid: 0, sudoUid: nobody };

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'held-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const at = (...names: readonly string[]) => join(base, ...names);
const directory = (name: string, uid = 0, mode = 0o755) => {
  mkdirSync(at(name));
  chownSync(at(name), uid, uid);
  chmodSync(at(name), mode);
};
const link = (name: string, target: string, uid = 0) => {
  symlinkSync(target, at(name));
  lchownSync(at(name), uid, uid);
};
const said = (path: string, me = root, named?: string) =>
  whyNotOwn(path, { me, ...(named === undefined ? {} : { named }) })?.text.replaceAll(base, '') ?? null;

// Only root can play another user.
describe.skipIf(process.getuid?.() !== 0)('a path that root writes below', () => {
  test('is its own where every part is: directories, links of its own, what is missing and will be made', () => {
    directory('a');
    directory('a/b');
    link('to-b', at('a', 'b'));
    link('relative', 'a/./b/..//b/');
    link('to-missing', 'not/there');
    for (const name of ['a', 'a/b/', 'a/b/c/d', 'to-b', 'to-b/c', 'relative', 'to-missing', 'to-missing/x'])
      expect(said(`${base}/${name}`), name).toBeNull();
    expect(said(`${base}/a/../to-b/./c`)).toBeNull();
    expect(readdirSync(at('a'))).toEqual(['b']);
  });

  test.each([
    ['a directory of another user', 'theirs/x'],
    ['what another user made in it, though it is missing', 'theirs/missing/x'],
    ['a link of another user, at the end', 'link-theirs'],
    ['a link of another user, in a parent', 'link-theirs/x/y'],
    ['a link of root into a directory of another user', 'to-theirs/x'],
    ['a link of root through a link of another user', 'to-link/x'],
    ['`..` behind a link of another user', 'link-theirs/../x'],
    ['a directory that every user may write to', 'open/x'],
    ['a directory that a group may write to', 'grouped/x'],
    ['a directory behind one that every user may write to', 'open/inner/x'],
  ])('is not its own through %s', (_, name) => {
    directory('theirs', nobody);
    directory('mine');
    link('link-theirs', at('mine'), nobody);
    link('to-theirs', 'theirs');
    link('to-link', 'link-theirs/');
    directory('open', 0, 0o777);
    directory('open/inner');
    directory('grouped', 0, 0o775);
    expect(said(`${base}/${name}`), name).toMatch(/belongs to user 65534|can be written|link of user 65534/);
    expect(() => holdDirectory(`${base}/${name}`, { me: root }), name).toThrow('as root');
    expect(() => refuseNotOwn([`${base}/${name}`], { me: root }), name).toThrow('as root');
    expect(readdirSync(at('mine'))).toEqual([]);
    expect(readdirSync(at('theirs'))).toEqual([]);
  });

  test('names the very part that another user could exchange', () => {
    directory('a');
    directory('a/theirs', nobody);
    link('a/theirs/out', '/run', nobody);
    expect(said(at('a', 'theirs', 'out', 'x'))).toBe('/a/theirs belongs to user 65534');
    directory('sticky', 0, 0o1777);
    link('sticky/out', '/run', nobody);
    expect(said(at('sticky', 'out', 'x'))).toBe('/sticky/out is a symbolic link of user 65534');
    directory('sticky/theirs', nobody);
    expect(said(at('sticky', 'theirs', 'x'))).toBe('/sticky/theirs belongs to user 65534');
  });

  test('may lead through a sticky directory, where nobody exchanges what is root’s', () => {
    directory('sticky', 0, 0o1777);
    directory('sticky/mine');
    link('sticky/link', at('sticky', 'mine'));
    for (const name of ['sticky', 'sticky/mine', 'sticky/link/x', 'sticky/missing/x'])
      expect(said(at(name)), name).toBeNull();
    // The owner of a sticky directory can exchange every name in it.
    directory('of-theirs', nobody, 0o1777);
    expect(said(at('of-theirs', 'x'))).toContain('belongs to user 65534');
  });

  test('may be of the user who became root by sudo, and of root', () => {
    directory('theirs', nobody);
    directory('theirs/mine');
    link('theirs/link', 'mine', nobody);
    for (const name of ['theirs/x', 'theirs/mine', 'theirs/link/x']) {
      expect(said(at(name), sudo), name).toBeNull();
      expect(said(at(name), { uid: 0, sudoUid: 1000 }), name).toBe('/theirs belongs to user 65534');
    }
  });

  test('has no link below what was named: it would have come with somebody’s directory', () => {
    directory('run');
    directory('elsewhere');
    link('run/charts', at('elsewhere'));
    link('named', 'run');
    expect(said(at('named', 'charts'))).toBeNull();
    expect(said(at('named', 'charts'), root, at('named'))).toBe('/run/charts is a symbolic link');
    expect(said(at('named', 'charts'), root, at('named', 'charts'))).toBeNull();
    expect(() => holdDirectory(at('run', 'charts'), { me: root, named: at('run') })).toThrow(
      'through this link',
    );
    const user: CurrentUser = { uid: nobody, sudoUid: null };
    expect(said(at('named', 'charts'), user, at('named'))).toBe('/run/charts is a symbolic link');
  });

  test('has an end, whatever links are in it', () => {
    link('loop', 'loop');
    link('there', at('back', 'x'));
    link('back', at('there', 'y'));
    for (const name of ['loop', 'loop/x', 'there', 'back/z'])
      expect(said(at(name)), name).toContain('more than 40 symbolic links');
    expect(() => holdDirectory(at('loop'), { me: root })).toThrow('through this link');
  });

  test('is judged with the file at its end', () => {
    writeFileSync(at('mine'), '');
    writeFileSync(at('theirs'), '');
    chownSync(at('theirs'), nobody, nobody);
    writeFileSync(at('open'), '');
    chmodSync(at('open'), 0o666);
    expect(said(at('mine'))).toBeNull();
    expect(said(at('theirs'))).toBe('/theirs belongs to user 65534');
    expect(said(at('open'))).toBe('/open can be written by every user');
    expect(() => refuseNotOwn([at('mine', 'x')], { me: root })).toThrow('cannot be written');
  });

  test('of another user than root is refused for one thing only: a third user’s link in a sticky directory', () => {
    const user: CurrentUser = { uid: 1000, sudoUid: null };
    directory('open', 0, 0o777);
    directory('theirs', nobody, 0o755);
    link('open/link', at('theirs'), nobody);
    for (const name of ['open/x', 'theirs/x', 'open/link/x']) expect(said(at(name), user), name).toBeNull();
    directory('sticky', 0, 0o1777);
    link('sticky/theirs', at('theirs'), nobody);
    link('sticky/own', at('theirs'), 1000);
    link('sticky/roots', at('theirs'));
    expect(said(at('sticky', 'theirs', 'x'), user)).toBe('/sticky/theirs is a symbolic link of user 65534');
    for (const name of ['sticky/own', 'sticky/roots']) expect(said(at(name), user), name).toBeNull();
  });
});

test('a relative path begins in the working directory', () => {
  expect(whyNotOwn('src/../no-such/directory/')).toBe(whyNotOwn(join(process.cwd(), 'no-such/directory')));
});

test('what is held stays where it was held, whatever becomes of its path', () => {
  const path = at('a', 'b');
  using held = holdDirectory(path);
  mkdirSync(at('victim', 'b'), { recursive: true });
  renameSync(at('a'), at('moved'));
  symlinkSync(at('victim'), at('a'));
  writeFileSync(held.at('file'), 'text');
  const fd = held.openToAppend('lines');
  writeSync(fd, 'line');
  closeSync(fd);
  held.sync();
  expect(readdirSync(at('moved', 'b')).toSorted()).toEqual(['file', 'lines']);
  expect(readdirSync(at('victim', 'b'))).toEqual([]);
});

test('missing directories are made, and only when they are held', () => {
  expect(holdIfThere(at('a', 'b'))).toBeNull();
  expect(readdirSync(base)).toEqual([]);
  holdDirectory(at('a', 'b', 'c/'))[Symbol.dispose]();
  expect(statSync(at('a', 'b', 'c')).isDirectory()).toBe(true);
});

test('a held directory takes names, not paths', () => {
  using held = holdDirectory(base);
  for (const name of ['', '.', '..', 'a/b', '/etc/passwd'])
    expect(() => held.at(name), name).toThrow('not one name');
});

test('a file to append to is a regular one, followed through no link', () => {
  using held = holdDirectory(base);
  writeFileSync(at('victim'), 'whole');
  symlinkSync('victim', at('link'));
  mkdirSync(at('below'));
  for (const name of ['link', 'below']) expect(() => held.openToAppend(name), name).toThrow();
  expect(readFileSync(at('victim'), 'utf8')).toBe('whole');
});

test.skipIf(process.getuid?.() !== 0)('root appends to no file that another user could write or name', () => {
  directory('sticky', 0, 0o1777);
  using held = holdDirectory(at('sticky'), { me: root });
  writeFileSync(at('sticky', 'theirs'), '');
  chownSync(at('sticky', 'theirs'), nobody, nobody);
  writeFileSync(at('victim'), 'whole');
  linkSync(at('victim'), at('sticky', 'named'));
  expect(() => held.openToAppend('theirs')).toThrow('as root');
  expect(() => held.openToAppend('named')).toThrow('as root');
  expect(readFileSync(at('victim'), 'utf8')).toBe('whole');
  closeSync(held.openToAppend('new'));
});
