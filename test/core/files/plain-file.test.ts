import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  maxTextBytes,
  openPlainFile,
  readPlainFile,
  unreadable,
} from '../../../src/core/files/plain-file.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-plain-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);

const follow = { followLinks: true };

test('the text of a file is read whole, through a link where that is wanted', async () => {
  const text = 'é'.repeat(100_000);
  await writeFile(at('file'), text);
  await symlink('file', at('link'));
  expect((await readPlainFile(at('file'), { followLinks: false })).toString('utf8')).toBe(text);
  expect((await readPlainFile(at('link'), follow)).toString('utf8')).toBe(text);
});

test('a file of /proc, which has no size, is read', async () => {
  expect((await readPlainFile('/proc/self/stat', follow)).length).toBeGreaterThan(10);
});

test.each([
  ['a directory', () => mkdir(at('x'))],
  ['a FIFO without a writer', async () => execFileSync('mkfifo', [at('x')])],
  ['a device without an end', () => symlink('/dev/zero', at('x'))],
  [
    'a file larger than memory',
    () => writeFile(at('x'), '').then(() => truncate(at('x'), maxTextBytes * 64)),
  ],
])('%s is refused with exit code 2, the file and a fix', async (_, make) => {
  await make();
  await expect(readPlainFile(at('x'), follow)).rejects.toMatchObject({
    exitCode: 2,
    problems: [
      {
        file: at('x'),
        message: expect.stringMatching(/^cannot be read: it is (not a regular file|larger than 64 MiB)$/),
        fix: expect.stringMatching(/\S/),
      },
    ],
  });
});

test('where this process has too many files open, that is what is to be mended, not the file', async () => {
  await writeFile(at('file'), 'x');
  const script = `
    import { openSync } from 'node:fs';
    import { readPlainFile } from '${join(import.meta.dirname, '../../../src/core/files/plain-file.ts')}';
    try { for (;;) openSync('/dev/null'); } catch {}
    readPlainFile(process.argv[1], { followLinks: true }).catch(({ problems: [{ fix }] }) => process.stdout.write(fix));`;
  const words = ['--input-type=module', '-e', script, at('file')];
  const limited = 'ulimit -n 64; exec "$@"';
  const fix = execFileSync('sh', ['-c', limited, 'sh', process.execPath, ...words], { encoding: 'utf8' });
  expect(fix).toContain('ulimit -n');
});

test.each([
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'fs.file-max'],
  ['EACCES', 'ls -l /a/file'],
  ['EPERM', 'ls -l /a/file'],
  ['EIO', 'dmesg'],
  ['ENOTDIR', 'regular file'],
])('the fix fits the cause: %s', (code, fix) => {
  const [problem] = unreadable('/a/file', code, Object.assign(new Error(code), { code })).problems;
  expect(problem?.fix).toContain(fix);
});

test('a FIFO is not waited for by who would write either', async () => {
  execFileSync('mkfifo', [at('x')]);
  await expect(openPlainFile(at('x'), { followLinks: false, write: true })).rejects.toMatchObject({
    exitCode: 2,
  });
});

test('a link is refused where somebody else may have made it', async () => {
  await writeFile(at('file'), 'x');
  await symlink('file', at('link'));
  await expect(readPlainFile(at('link'), { followLinks: false })).rejects.toMatchObject({
    problems: [{ message: 'cannot be read: it is a symbolic link' }],
  });
});

test('that there is no file is for the caller to tell', async () => {
  await expect(readPlainFile(at('none'), follow)).rejects.toMatchObject({ code: 'ENOENT' });
});
