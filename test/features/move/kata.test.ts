import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import { virtualMachineOf } from '../../../src/core/runtimes/guest/virtual-machine.ts';
import { planText } from '../../../src/features/move/carry-out.ts';
import {
  type CounterPlace,
  outsideMemory,
  readCpuTimes,
  usedBetween,
} from '../../../src/features/move/cost/counters.ts';
import type { MoveRecord } from '../../../src/features/move/record.ts';
import { moveBlocks } from '../../../src/features/move/report/blocks.ts';
import { renderTerminal } from '../../../src/report/renderers/terminal.ts';
import { capturedLayout, capturedScan, kataCgroup } from '../../core/collect/cgroup/kata-captures.ts';
import { fixture, fixtures } from '../../core/collect/fixture-files.ts';
import { runtimeFacts } from '../../support/records.ts';
import { dearer, madeMove, madeMoveCost } from './made.ts';

const kibibyte = 2 ** 10;
const mebibyte = 2 ** 20;
const set = 'v2-virtiofs-3.25.0';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true });
});

describe('the memory of a service in a guest', () => {
  test('is that of the guest as well, which is shared memory with virtio-fs', () => {
    const around = (7_972 + 242 + 382 + 168_624) * kibibyte;
    expect(outsideMemory(capturedScan(set))).toEqual({
      outsideBytes: around + (276_026 + 1_966) * kibibyte,
    });
  });

  test('has no such part where there is no guest', () => {
    const shim = capturedScan(set).filter(({ role }) => role === 'shim');
    expect(outsideMemory(shim)).toEqual({ outsideBytes: 7_972 * kibibyte });
  });
});

/** Process of the capture that is the virtual machine, and its threads; the last is the guest's CPU, in the container's cgroup. */
const machine = { pid: 3330, threads: [3330, 3340, 3343, 3344] } as const;

/** The captured processes, with CPU times of the virtual machine: of each thread, in ticks of 10 ms. The process has their sum. */
function procWith(ticks: readonly [number, number, number, number]): string {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-kata-'));
  made.push(root);
  cpSync(join(fixtures, 'kata', set, 'proc'), root, { recursive: true });
  const stat = fixture('kata', set, 'proc', `${machine.pid}`, 'stat');
  const [, before = '', after = ''] = /^\d+( \(.*\) \S+(?: \S+){10} )\d+ \d+( .*)$/s.exec(stat) ?? [];
  const statOf = (id: number, of: number) => `${id}${before}${of} 0${after}`;
  for (const [at, id] of machine.threads.entries())
    writeFileSync(join(root, `${machine.pid}/task/${id}/stat`), statOf(id, ticks[at] ?? 0));
  const sum = ticks.reduce((all, each) => all + each, 0);
  writeFileSync(join(root, `${machine.pid}/stat`), statOf(machine.pid, sum));
  return root;
}

/** CPU time of a service in the captured Kata between two readings, ns; what its cgroup counted is that of the guest's CPU. */
function usedIn(engineCgroups: CounterPlace['engineCgroups']) {
  const [begin, end] = [[10, 5, 5, 500] as const, [13, 6, 5, 580] as const];
  const reading = (ticks: typeof begin | typeof end) => {
    const cgroup = {
      path: 'ocitest/trial1',
      pids: () => [],
      cpuNow: () => ticks[3] * 1e7,
    };
    const service = {
      service: 'web',
      containerId: fixture('kata', set, 'container-id').trim(),
      cgroup: cgroup as never,
    };
    const place = { engineCgroups, layout: capturedLayout(set), procRoot: procWith(ticks) };
    return readCpuTimes([service], place, { clock: { now: () => 0 } as never, isEnd: false });
  };
  return usedBetween(reading(begin), reading(end)).get('web');
}

describe('the CPU time of a service in a guest', () => {
  test('has all of the virtual machine, whose threads in the service’s cgroup count once', () => {
    const used = usedIn({ paths: ['ocibench/run-1/engine'] });
    // 80 ticks of the guest's CPU in the cgroup, 4 of the monitor in /kata_overhead.
    expect(used).toEqual({ cpuNs: 800e6, outsideNs: 40e6 });
  });

  test('is the same where nobody knows what the engine counts', () => {
    const used = usedIn({ absent: 'the engine runs in the root cgroup' });
    expect(used).toEqual({ cpuNs: 800e6, outsideNs: 40e6 });
  });

  test('the capture has the guest’s CPU in the container’s cgroup, and the rest beside it', () => {
    const placeOf = (id: number) =>
      readFileSync(join(fixtures, 'kata', set, `proc/${machine.pid}/task/${id}/cgroup`), 'utf8');
    expect(placeOf(3344)).toContain(`cpuacct:/${kataCgroup(set)}`);
    for (const id of [3330, 3340, 3343]) expect(placeOf(id)).toContain('cpuacct:/kata_overhead/');
  });
});

/** A move of two services to a Kata whose guests are as captured; `real`: as if they had run under KVM. */
function movedToKata({ real = true } = {}): MoveRecord {
  const captured = outsideMemory(capturedScan(set));
  const measured = dearer.map((each) =>
    each.runtime === 'runc'
      ? each
      : {
          ...each,
          runtime: 'kata',
          services: each.services.map((one) => ({
            ...one,
            ...captured,
            privateBytes: (captured.outsideBytes ?? 0) + each.block * kibibyte,
            loadedBytes: (captured.outsideBytes ?? 0) + each.block * kibibyte,
          })),
        },
  );
  const move = madeMove(madeMoveCost(measured, { kata: ['cache', 'web'] }));
  const vm = virtualMachineOf(capturedScan(set), 'kata');
  const kata: RuntimeFacts = {
    ...runtimeFacts('kata'),
    family: 'kata',
    vm: vm === null ? null : { ...vm, emulation: real ? null : vm.emulation },
  };
  return {
    ...move,
    targets: ['kata'],
    runtimes: [{ ...runtimeFacts('runc'), family: 'runc' }, kata],
    verdicts: move.verdicts.map((each) => ({ ...each, runtime: 'kata' })),
    stack: { ...move.stack, services: move.stack.services.filter(({ service }) => service !== 'light') },
    host: { ...move.host, cpus: 8, memoryBytes: 4 * 2 ** 30 },
  };
}

const say = ({ text }: { readonly text: string }) => text;
const page = (move: MoveRecord, lang: 'en' | 'fr' = 'en') =>
  renderTerminal(moveBlocks(move, lang), { lang, width: 120 }).replaceAll(/\s+/g, ' ');

describe('a move to Kata', () => {
  test('says of emulated guests that nothing of them holds under KVM, and plans nothing with them', () => {
    const emulated = movedToKata({ real: false });
    expect(page(emulated)).toContain('kata: its virtual machines were emulated (QEMU TCG), without KVM.');
    const plan = planText(emulated, 'services.yaml', say) ?? '';
    expect(plan).toContain('# EMULATED');
    expect(plan).not.toContain('ratio: {');
    expect(planText(movedToKata(), 'services.yaml', say)).toContain('ratio: { "kata": [');
    expect(page(movedToKata())).not.toContain('emulated');
  });
});

test('a guest of the capture holds some 445 MiB at rest', () => {
  const { outsideBytes } = outsideMemory(capturedScan(set));
  expect((outsideBytes ?? 0) / mebibyte).toBeCloseTo(444.5, 0);
});
