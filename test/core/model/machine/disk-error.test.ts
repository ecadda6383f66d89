import { expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { diskError, diskFullIn, writeError } from '../../../../src/core/model/machine/disk-error.ts';

const told = (error: unknown, choice?: string | null) => {
  const explained = diskError('/data/out/run.json', error, choice);
  if (!(explained instanceof OcibenchError)) throw new Error('not explained');
  return explained;
};

test('a quota that is used up is known although Node has no name for it', () => {
  // As node:fs throws it.
  const error = Object.assign(new Error('Unknown system error -122: rename'), {
    errno: -122,
    code: 'Unknown system error -122',
    syscall: 'rename',
  });
  const { exitCode, problems } = told(error);
  expect(exitCode).toBe(1);
  expect(problems).toEqual([
    {
      file: '/data/out/run.json',
      key: '',
      message: 'the disk quota is used up (EDQUOT)',
      fix: 'free some space there, or have the quota raised; or choose another place with --out DIR',
      messages: {
        message: { id: 'disk.quota' },
        fix: { id: 'disk.orElsewhere', values: { fix: { id: 'disk.quota.fix' }, choice: '--out DIR' } },
      },
    },
  ]);
});

test('where it is not known whose file it is, no option is named', () => {
  expect(told({ code: 'EROFS' }, null).problems[0]?.fix).toBe('mount it for writing');
});

test('what is no fault of the disk stays what it is', () => {
  for (const error of [new Error('x'), null, 'text', { code: 'ENOENT' }, { code: 5, errno: '-122' }])
    expect(diskError('/x', error)).toBe(error);
});

test.each([
  ['mkdir /x: no space left on device', 'ENOSPC'],
  ['tar: write error: No space left on device', 'ENOSPC'],
  ['write /x: disk quota exceeded', 'EDQUOT'],
  ['cp: error writing: Disk quota exceeded', 'EDQUOT'],
  ['permission denied', null],
] as const)('%j tells of %s', (words, code) => {
  expect(diskFullIn(words)).toBe(code);
});

test('an unexplained error of node:fs names its file; one that may be about reading is left', () => {
  expect(writeError({ code: 'ENOSPC', path: '/var/tmp/x' })).toMatchObject({
    problems: [{ file: '/var/tmp/x', fix: 'free some space there' }],
  });
  for (const error of [{ code: 'EACCES', path: '/sys/x' }, { code: 'ENOSPC' }, new Error('x'), undefined])
    expect(writeError(error)).toBe(error);
});
