import type { EngineRecord } from '../../../src/core/model/runtime/engine-kind.ts';
import type { Measurement } from '../../../src/core/model/workload/metric.ts';
import { cell, measurement, runRecord, runSubject } from '../../support/records.ts';

const asked = (name: string) => ({ name, path: [], containerd: [], env: {}, daemonJson: {} });
const base = runRecord();

/** What an engine ran; of two engines each has a dockerd and a runc of its own. */
function engineRecord(name: string, version: string): EngineRecord {
  return {
    name,
    facts: { ...base.engine, kind: 'embedded', version, endpoint: `unix:///run/secret-place/${name}.sock` },
    programs: [
      { role: 'dockerd', path: `/srv/${name}/dockerd`, version, sha256: `${name}0123456789abcdef` },
      { role: 'shim', path: '/opt/containerd/bin/containerd-shim-runc-v2', version: null, sha256: null },
    ],
    runtimes: [
      { name: 'runc', path: `/srv/${name}/runc`, version: `runc ${version}`, sha256: name },
      { name: 'crun', path: '/usr/bin/crun', version: '1.21', sha256: 'same' },
      { name: 'runsc', path: '/usr/bin/runsc', version: '2024', sha256: 'same' },
    ],
  };
}

/** A run of two engines, of which the new one starts runc and crun in 0.6 of the time, and runsc alike. */
export const twoEngines = runRecord({
  config: { engine: 'embedded', engines: [asked('old'), asked('new')] },
  engines: [engineRecord('old', '26.1.5'), engineRecord('new', '28.5.2')],
  subjects: ['old', 'new'].map((engine) => runSubject('syscall/calls', { engine })),
});

const costs: Readonly<Record<string, number>> = {
  'runc old': 100,
  'crun old': 50,
  'runsc old': 300,
  'runc new': 60,
  'crun new': 30,
  'runsc new': 300,
};

/** A little noise that differs between cells and does not depend on chance. */
const noise = (seed: number, block: number) => 1 + 0.01 * Math.sin(seed * 12.9898 + block * 78.233);

/** The measurements of {@link twoEngines}. */
export function measuredInBoth(blocks = 12): readonly Measurement[] {
  return Object.entries(costs).flatMap(([name, cost], seed) => {
    const [runtime = '', engine = ''] = name.split(' ');
    return Array.from({ length: blocks }, (_, at) =>
      measurement(runtime, at + 1, cost * noise(seed, at), {
        trialId: `b${at + 1}-${name}`,
        cell: { ...cell(runtime), engine },
      }),
    );
  });
}
