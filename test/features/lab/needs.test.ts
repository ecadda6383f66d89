import { expect, test } from 'vitest';
import { labNeeds, requireLabPrograms } from '../../../src/features/lab/requirements/lab.ts';

const all = { root: true, find: async (program: string) => `/usr/bin/${program}` };

test('nothing is said where everything is there', async () => {
  await expect(requireLabPrograms(all)).resolves.toBeUndefined();
});

test('what is missing is named with its package and the line that installs it', async () => {
  const without = {
    root: true,
    find: async (program: string) => (program.startsWith('qemu') ? null : program),
  };
  await expect(requireLabPrograms(without)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/qemu-system-x86_64: .*apt-get install -y .*qemu-system-x86$/s),
  });
});

test('without root also what makes a user namespace', async () => {
  const user = { root: false, find: async (program: string) => (program === 'newuidmap' ? null : program) };
  await expect(requireLabPrograms(user)).rejects.toThrow('uidmap');
  await expect(requireLabPrograms({ ...user, root: true })).resolves.toBeUndefined();
  expect(labNeeds.map((need) => need.program)).not.toContain('newuidmap');
});
