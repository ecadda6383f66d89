import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { packed, unpacked } from '../../../src/features/sandbox/files/tar.ts';
import files from '../../../src/features/sandbox/workloads/sandbox/files.ts';
import { output, valuesOf } from '../../workloads/support.ts';

const contents = new Map([
  ['up-0', Buffer.from('a')],
  ['up-1', Buffer.alloc(1_024, 'b')],
  ['up-2', Buffer.alloc(0)],
]);

test('archives come back as they were, and are what tar reads', () => {
  expect(unpacked(packed(contents))).toEqual(contents);
  const listed = spawnSync('tar', ['-tv'], { input: packed(contents), encoding: 'utf8' });
  expect(
    listed.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).at(2)),
  ).toEqual(['1', '1024', '0']);
  expect(spawnSync('tar', ['-xO'], { input: packed(contents), encoding: 'utf8' }).stdout).toBe(
    `a${'b'.repeat(1_024)}`,
  );
});

test('a damaged archive is no archive, at any place', () => {
  const archive = packed(contents);
  for (const end of [300, 700, 1_100]) expect(() => unpacked(archive.subarray(0, end))).toThrow('is damaged');
  const sizes = Buffer.from(archive);
  sizes.write('zzzzzzzzzzz', 124);
  expect(() => unpacked(sizes)).toThrow('is damaged at byte 0');
});

const marks = [
  { name: 'transfer-begin', atNs: 2e9 },
  { name: 'transfer-end', atNs: 4e9 },
];

test('time, throughput and CPU of a copy; CPU only where it is known', () => {
  const bytes = { value: 16 * 2 ** 20, source: '' };
  const figures = { 'files.bytes': bytes, 'files.cpu': { value: 5e7, source: '' } };
  const params = { way: 'upload', files: 1 };
  expect(valuesOf(files.parse(output('', { marks, figures }), params))).toEqual({
    'sandbox_files.time': 2e9,
    'sandbox_files.throughput': 8 * 2 ** 20,
    'sandbox_files.cpu': 5e7,
  });
  const without = files.parse(output('', { marks, figures: { 'files.bytes': bytes } }), params);
  expect(Object.keys(valuesOf(without))).not.toContain('sandbox_files.cpu');
});

test('a layer without the call is a refusal with its reason', () => {
  const figures = { 'files.call': { absent: 'no call' } };
  expect(files.refused?.(output('', { figures }), {})).toMatchObject({ text: 'no call' });
  expect(files.refused?.(output(''), {})).toBeNull();
});
