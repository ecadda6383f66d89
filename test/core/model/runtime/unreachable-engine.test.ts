import { describe, expect, it } from 'vitest';
import {
  needsReach,
  onThisMachine,
  whyUnreachable,
} from '../../../../src/core/model/runtime/unreachable-engine.ts';
import type { Workload } from '../../../../src/core/model/workload/workload.ts';

const workload = (part: Partial<Workload>): Workload =>
  ({
    container: () => ({ command: ['true'], timeoutMs: 1 }),
    metrics: [],
    ...part,
  }) as Partial<Workload> as Workload;

describe('an engine out of reach', () => {
  it('has a reason of its own for every kind, and none where it is within reach', () => {
    expect(whyUnreachable({ local: true })).toBeNull();
    const reasons = (['remote', 'other-kernel', 'rootless'] as const).map((hidden) =>
      whyUnreachable({ local: false, hidden }),
    );
    expect(new Set(reasons.map((reason) => reason?.text)).size).toBe(3);
    expect(reasons.map((reason) => reason?.id)).toEqual([
      'hiddenEngine.remote',
      'hiddenEngine.otherKernel',
      'hiddenEngine.rootless',
    ]);
    expect(whyUnreachable({ local: false })).toBe(reasons[0]);
  });

  it('a rootless one still has the kernel and the binaries of this machine', () => {
    expect(onThisMachine({ local: false, hidden: 'rootless' })).toBe(true);
    expect(onThisMachine({ local: false, hidden: 'remote' })).toBe(false);
    expect(onThisMachine({ local: false })).toBe(false);
  });

  it.each<[string, Partial<Workload>, string | null]>([
    ['nothing of the host', { steps: () => [{ do: 'await-first-output' }, { do: 'kill' }] }, null],
    [
      'a bind mount',
      { container: () => ({ command: [], timeoutMs: 1, mounts: [{ type: 'bind', target: '/data' }] }) },
      'bind mount',
    ],
    [
      'a volume of the engine',
      { container: () => ({ command: [], timeoutMs: 1, mounts: [{ type: 'volume', target: '/data' }] }) },
      null,
    ],
    [
      'a server that is asked',
      { steps: () => [{ do: 'await-service', port: 80, protocol: 'http', mark: 'serving' }] },
      'requests',
    ],
    ['limits', { steps: () => [{ do: 'limits' }] }, 'limits'],
    [
      'memory of many',
      { group: () => ({ kind: 'density', count: 2, budgetBytes: 1, idleMs: 1 }) },
      'memory of the sandboxes',
    ],
    [
      'memory of processes',
      { metrics: [{ id: 'memory.footprint', unit: 'bytes', better: 'lower', description: '' }] },
      'memory of all processes',
    ],
    ['a burst', { group: () => ({ kind: 'burst', count: 2 }) }, null],
  ])('a workload that needs %s', (_, part, reason) => {
    const told = needsReach(workload(part), {});
    if (reason === null) expect(told).toBeNull();
    else expect(told?.text).toContain(reason);
  });
});
