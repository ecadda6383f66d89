import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../../../src/core/files/programs.ts';
import { bringBack, makeRunDisk, readRunDisk } from '../../../src/features/lab/run-disk.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'run-disk-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

describe('what a guest wrote', () => {
  test('comes back run by run, with what is below', async () => {
    await put('out/results/r-2/run.json', '{}');
    await put('out/results/r-1/deep/er.txt', 'x');
    await put('out/charts/r-2/a.svg', '<svg/>');
    await put('out/elsewhere/file', 'no');
    expect(await bringBack(join(root, 'out'), join(root, 'to'))).toEqual({
      results: ['r-1', 'r-2'],
      charts: ['r-2'],
    });
    expect(await readFile(join(root, 'to/results/r-1/deep/er.txt'), 'utf8')).toBe('x');
    expect((await readdir(join(root, 'to'))).toSorted()).toEqual(['charts', 'results']);
  });

  test('a run that was gone on with replaces its files', async () => {
    await put('to/results/r/trials.jsonl', 'old');
    await put('out/results/r/trials.jsonl', 'old and new');
    await bringBack(join(root, 'out'), join(root, 'to'));
    expect(await readFile(join(root, 'to/results/r/trials.jsonl'), 'utf8')).toBe('old and new');
  });

  test('links lead nowhere on this host', async () => {
    await put('out/results/r/run.json', '{}');
    await symlink('/etc', join(root, 'out/results/r/etc'));
    await symlink('/etc', join(root, 'out/results/latest'));
    expect((await bringBack(join(root, 'out'), join(root, 'to'))).results).toEqual(['r']);
    await expect(lstat(join(root, 'to/results/r/etc'))).rejects.toThrow('ENOENT');
    await expect(lstat(join(root, 'to/results/latest'))).rejects.toThrow('ENOENT');
  });

  test('nothing is fine', async () => {
    expect(await bringBack(join(root, 'out'), join(root, 'to'))).toEqual({ results: [], charts: [] });
  });
});

const tools = await Promise.all(['mke2fs', 'e2fsck', 'debugfs'].map((name) => findProgram(name)));

test.skipIf(tools.includes(null))(
  'the disk holds the harness, its Node and its input; what is written to it is read without mounting it',
  async () => {
    const image = join(root, 'base-1.tar');
    await put('base-1.tar', 'tar');
    await put('base-1.tar.sha256', 'hash');
    const disk = await makeRunDisk(root, {
      command: ['ocibench', 'list', "it's"],
      daemonJson: '{"runtimes":{}}',
      config: { preset: 'quick' },
      files: new Map([['/lab/input/seccomp/0/own.json', '{"syscalls":[]}']]),
      images: [image],
      resumed: null,
      locale: 'fr_FR.UTF-8',
      terminal: null,
    });
    const show = async (path: string) => (await execa('debugfs', ['-R', `cat ${path}`, disk])).stdout;
    expect(await show('/input/command')).toBe("ocibench\0list\0it's\0");
    expect(await show('/input/daemon.json')).toBe('{"runtimes":{}}');
    expect(await show('/input/seccomp/0/own.json')).toBe('{"syscalls":[]}');
    expect(await show('/out/bench.config.ts')).toMatch(/^export default \{\s+"preset": "quick"\s+\};$/);
    expect(await show('/cache/ocibench/images/base-1.tar.sha256')).toBe('hash');
    const program = /'\/lab\/(app\/.*)' "\$@"/.exec(await show('/bin/ocibench'))?.[1];
    expect(await show(`/${program}`)).toContain('ocibench');

    const written = join(root, 'written');
    await mkdir(written);
    for (const [name, text] of Object.entries({
      'exit-code': '130\n',
      stdout: 'table\n',
    }))
      await writeFile(join(written, name), text);
    const commands = ['exit-code', 'stdout'].map((name) => `write written/${name} /report/${name}`);
    await writeFile(join(root, 'script'), [...commands, 'mkdir /out/results', ''].join('\n'));
    await execa('debugfs', ['-w', '-f', 'script', disk], { cwd: root });
    const output = await readRunDisk(root, disk);
    expect(output).toMatchObject({ exitCode: 130, stdout: 'table\n' });
    expect(await readdir(output.out)).toContain('results');
  },
  60_000,
);
