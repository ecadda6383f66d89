import { expect, test } from 'vitest';
import { criuName, criuVersion } from '../../../../src/features/sandbox/restore/criu-version.ts';

const says = (stdout: string) =>
  criuVersion(
    async () => ({ exitCode: 0, stdout, stderr: '' }),
    async () => '/usr/sbin/criu',
  );

// Captured from Debian's 4.1.1-1, and as a release without a sublevel and a build from git say it.
test.each([
  ['Version: 4.1.1\n', 40_101, '4.1.1'],
  ['Version: 4.2\n', 40_200, '4.2'],
  ['Version: 3.17.1\nGitID: v3.17.1-4-gabc\n', 31_701, '3.17.1'],
])('%j', async (stdout, value, name) => {
  expect(await says(stdout)).toEqual({ value, source: '/usr/sbin/criu --version' });
  expect(criuName(value)).toBe(name);
});

test('a program that says something else, and none at all', async () => {
  expect(await says('criu: command failed')).toMatchObject({
    absent: '/usr/sbin/criu --version printed no version',
  });
  const none = await criuVersion(undefined, async () => null);
  expect(none).toMatchObject({ absent: expect.stringContaining('CRIU is not installed') });
});
