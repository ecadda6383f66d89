import { expect, test } from 'vitest';
import { requestProblems } from '../../../src/core/config/container-requests.ts';
import { loadWorkloads } from '../../../src/core/config/workloads.ts';
import type { ContainerRequest, Workload } from '../../../src/core/model/workload/workload.ts';
import { fakeWorkload } from '../measure/execute/support.ts';

function problemsOf(request: object): readonly string[] {
  const container = () => ({ command: ['true'], timeoutMs: 1_000, ...request }) as ContainerRequest;
  return requestProblems({ ...fakeWorkload(), container }).map(({ key }) => key);
}

test('what is limited as it should be has no problem', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ memoryBytes: 2 ** 30, needs: { because: 'its data set is that large' } })).toEqual([]);
  expect(problemsOf({ needs: { because: 'it traces packets', capabilities: ['NET_RAW'] } })).toEqual([]);
});

test.each([
  [{ timeoutMs: undefined }, 'container.timeoutMs'],
  [{ timeoutMs: Number.POSITIVE_INFINITY }, 'container.timeoutMs'],
  [{ timeoutMs: Number.NaN }, 'container.timeoutMs'],
  [{ timeoutMs: 0 }, 'container.timeoutMs'],
  [{ log: 'syslog' as never }, 'container.log'],
  [{ keptOutputBytes: -1 }, 'container.keptOutputBytes'],
  [{ memoryBytes: 0 }, 'container.memoryBytes'],
  [{ memoryBytes: -1 }, 'container.memoryBytes'],
  [{ memoryBytes: Number.NaN }, 'container.memoryBytes'],
  [{ memoryBytes: 2 ** 30 }, 'container.needs'],
  [{ cpus: -1 }, 'container.cpus'],
  [{ needs: { because: ' ' } }, 'container.needs.because'],
  [{ needs: { because: 'why not', capabilities: ['SYS_ADMIN'] } }, 'container.needs.capabilities'],
  [{ mounts: [{ type: 'bind', target: '/data:/etc:rw' }] }, 'container.mounts'],
  [{ mounts: [{ type: 'bind', target: 'data' }] }, 'container.mounts'],
])('%o is refused by its key', (request, key) => {
  expect(problemsOf(request)).toEqual([key]);
});

test('no request at all is a problem', () => {
  const container = () => undefined as unknown as ContainerRequest;
  expect(requestProblems({ ...fakeWorkload(), container }).map(({ key }) => key)).toEqual(['container']);
});

test('a request that cannot be made is a problem, not an exception', async () => {
  const broken: Workload = {
    ...fakeWorkload(),
    id: 'startup/broken',
    container: () => {
      throw new Error('no such size');
    },
  };
  await expect(loadWorkloads([broken])).rejects.toMatchObject({
    exitCode: 2,
    problems: [
      expect.objectContaining({
        file: 'bench.config.ts',
        key: 'ownWorkloads.0.container',
        message: expect.stringContaining('no such size'),
      }),
    ],
  });
});
