import { describe, expect, test } from 'vitest';
import { lastingUse, type OtherUse, whoUses } from '../../src/app/other-use.ts';
import type { ProcessTimes } from '../../src/core/collect/busy-processes.ts';
import { takeHostSnapshot } from '../../src/core/collect/host-snapshot.ts';
import { testContext } from '../support/app-context.ts';

/** Two CPUs of a host on which others use these shares of both, look by look. */
function hostWith(
  shares: readonly number[],
  more: { readonly known?: boolean; readonly steal?: number } = {},
) {
  const { known = true, steal = 0 } = more;
  let atNs = 0;
  let busyNs = 0;
  let stealNs = 0;
  let look = 0;
  const context = testContext();
  const times = (): ProcessTimes =>
    new Map([['7:1', { pid: 7, name: 'cc1', container: null, cpuNs: busyNs / 2 }]]);
  return {
    looks: () => look,
    app: {
      clock: {
        ...context.clock,
        sleep: async (ms: number, signal?: AbortSignal) => {
          signal?.throwIfAborted();
          const share = shares[Math.min(look++, shares.length - 1)] ?? 0;
          atNs += ms * 1e6;
          busyNs += share * 2 * ms * 1e6;
          stealNs += steal * 2 * ms * 1e6;
        },
      },
      host: {
        ...context.host,
        counters: async () => ({
          ...takeHostSnapshot(),
          atNs,
          cpus: 2,
          stealNs,
          busyNs: known ? busyNs : null,
        }),
        processTimes: async () => times(),
      },
    },
  };
}

const looks = { limit: 0.1, lookMs: 3_000, looks: 3 } as const;
const never = new AbortController().signal;

describe('a host is looked at before a measurement', () => {
  test('once if it is quiet', async () => {
    const { app, looks: seen } = hostWith([0.1]);
    expect(await lastingUse(app, looks, never)).toBeNull();
    expect(seen()).toBe(1);
  });

  test('again if it is busy: what has ended by then does not matter', async () => {
    const { app, looks: seen } = hostWith([0.9, 0.9, 0]);
    const first: OtherUse[] = [];
    expect(await lastingUse(app, looks, never, (use) => first.push(use))).toBeNull();
    expect(seen()).toBe(3);
    expect(first).toHaveLength(1);
  });

  test('until it has been quiet for as long as asked for: a machine that has just woken rests in between', async () => {
    const { app, looks: seen } = hostWith([0.9, 0, 0.9, 0, 0, 0.9]);
    expect(await lastingUse(app, { ...looks, looks: 9, settled: 2 }, never)).toBeNull();
    expect(seen()).toBe(5);
    expect(await lastingUse(hostWith([0, 0.9]).app, { ...looks, settled: 2 }, never)).toBeNull();
    expect(await lastingUse(hostWith([0.9, 0, 0.9]).app, { ...looks, settled: 2 }, never)).not.toBeNull();
  });

  test('and if it stays busy, with who uses it', async () => {
    const { app } = hostWith([0.9, 0.9, 0.5]);
    const use = await lastingUse(app, looks, never);
    expect(use).toMatchObject({ share: expect.closeTo(0.5), stolen: 0, by: [{ pid: 7, name: 'cc1' }] });
    // Half of two CPUs, of which the process used half.
    expect(use?.by[0]?.cpuShare).toBeCloseTo(0.5);
  });

  test('with what the hypervisor gave to others', async () => {
    const { app } = hostWith([0], { steal: 0.3 });
    expect(await lastingUse(app, looks, never)).toMatchObject({ share: expect.closeTo(0.3) });
  });

  test('in vain where its counters cannot be read', async () => {
    const { app, looks: seen } = hostWith([0.9], { known: false });
    expect(await lastingUse(app, looks, never)).toBeNull();
    expect(seen()).toBe(1);
  });

  test('until the user interrupts', async () => {
    const { app } = hostWith([0.9]);
    await expect(lastingUse(app, looks, AbortSignal.abort())).rejects.toMatchObject({ exitCode: 130 });
  });
});

describe('who uses the CPUs is said', () => {
  const process = { pid: 7, name: 'cc1', container: null, cpuShare: 0.97 };

  test('by name, process id and share of a CPU', () => {
    expect(whoUses({ share: 0.5, stolen: 0, by: [process] }).text).toBe('cc1 (pid 7), 97 % of a CPU');
  });

  test('with the container to stop', () => {
    const by = [process, { ...process, pid: 8, container: '0123456789ab' }];
    expect(whoUses({ share: 0.5, stolen: 0, by }).text).toBe(
      'cc1 (pid 7), 97 % of a CPU; cc1 (pid 8, in container 0123456789ab), 97 % of a CPU',
    );
  });

  test('where a hypervisor takes the CPUs, or nothing that lives on', () => {
    expect(whoUses({ share: 0.4, stolen: 0.38, by: [] }).text).toBe('other guests of the hypervisor, 38 %');
    expect(whoUses({ share: 0.4, stolen: 0, by: [] }).text).toBe('short-lived processes, or the kernel');
  });

  test('without what a name could do to a terminal', () => {
    const by = [{ ...process, name: 'x\u001b[2J' }];
    expect(whoUses({ share: 0.5, stolen: 0, by }).text).not.toContain('\u001b');
  });
});
