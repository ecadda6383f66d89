import { expect, test } from 'vitest';
import { analyze } from '../../../src/core/analyze/analyze.ts';
import { networkMode } from '../../../src/core/analyze/values/facts.ts';
import type { RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import type { TrialOutcome } from '../../../src/core/model/trial/trial.ts';
import { cell, runRecord, runSubject, runtimeFacts, trialRecord } from '../../support/records.ts';

const gvisor = (name: string, network: string): RuntimeFacts => ({
  ...runtimeFacts(name),
  family: 'runsc',
  network,
});
const runc: RuntimeFacts = { ...runtimeFacts('runc'), family: 'runc' };

test('whose stack it is follows from how the runtime is registered, and is not guessed', () => {
  expect(networkMode(runc)?.text).toBe('the host’s stack');
  expect(networkMode(gvisor('runsc', 'sandbox'))?.text).toBe('gVisor’s own stack');
  expect(networkMode(gvisor('runsc', 'host'))?.text).toContain('--network=host');
  expect(networkMode(gvisor('runsc', 'none'))).toBeNull();
  expect(networkMode({ family: 'kata', network: null })).toBeNull();
});

function analysed(host: RuntimeFacts, outcome: TrialOutcome = { status: 'ok' }) {
  const run = runRecord({
    runtimes: [runc, host],
    subjects: [runSubject('network/http'), runSubject('cpu/work')],
  });
  const effective = [
    ['runc', 'network/http'],
    ['runc', 'cpu/work'],
    [host.entry.name, 'network/http'],
  ].map(([runtime = '', workload = '']) => ({
    trial: trialRecord({ cell: cell(runtime, workload), block: 1 }),
    outcome: runtime === 'runc' ? ({ status: 'ok' } as const) : outcome,
    facts: [],
  }));
  return analyze({ run, measurements: [], workloads: [], effective });
}

test('network workloads, and no others, say whose stack was measured', () => {
  const { facts, warnings } = analysed(gvisor('runsc', 'sandbox'));
  expect(facts.map(({ runtime, workload, id, value }) => [runtime, workload, id, value])).toEqual([
    ['runc', 'network/http', 'network.mode', 'the host’s stack'],
    ['runsc', 'network/http', 'network.mode', 'gVisor’s own stack'],
  ]);
  expect(warnings.map(({ code }) => code)).not.toContain('host-network');
});

test('figures of the host’s stack are a doubt about the run, but only where there are any', () => {
  const doubts = (outcome?: TrialOutcome) =>
    analysed(gvisor('runsc-host', 'host'), outcome).warnings.filter(({ code }) => code === 'host-network');
  expect(doubts()).toHaveLength(1);
  expect(doubts()[0]?.message).toContain('runsc-host: ');
  expect(doubts({ status: 'unsupported', reason: 'no network' })).toEqual([]);
});

test('a family that has no stack of its own is not doubted for using the host’s', () => {
  const { facts, warnings } = analysed({ ...runtimeFacts('crun'), family: 'crun', network: 'host' });
  expect(facts.map(({ runtime }) => runtime)).toContain('crun');
  expect(warnings.map(({ code }) => code)).not.toContain('host-network');
});
