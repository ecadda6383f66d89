import { expect, test } from 'vitest';
import { criuCheck } from '../../../../src/features/sandbox/requirements/criu.ts';

test('a host without CRIU is fit, and the check says what is missing and how to get it', async () => {
  expect(await criuCheck(async () => ['criu', 'libcriu2'])).toMatchObject([
    {
      id: 'criu',
      status: 'ok',
      detail: 'optional, not installed: criu, libcriu2. Restores under runc and crun need it',
      fix: 'apt-get install -y --no-install-recommends criu libcriu2',
    },
  ]);
  const [check] = await criuCheck(async () => []);
  expect(check).not.toHaveProperty('fix');
});
