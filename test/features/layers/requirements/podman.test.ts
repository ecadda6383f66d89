import { expect, test } from 'vitest';
import { podmanCheck } from '../../../../src/features/layers/requirements/podman.ts';

test('a host without podman is fit, and the check says what is missing and how to get it', async () => {
  expect(await podmanCheck(async () => ['conmon', 'netavark'])).toMatchObject([
    {
      id: 'podman',
      status: 'ok',
      detail: 'optional, not installed: conmon, netavark. --engine podman and --layers podman need it',
      fix: 'apt-get install -y --no-install-recommends conmon netavark',
    },
  ]);
});

test('a host with it needs no advice', async () => {
  const [check] = await podmanCheck(async () => []);
  expect(check).toMatchObject({ status: 'ok' });
  expect(check).not.toHaveProperty('fix');
});
