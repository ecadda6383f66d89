import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { explainingDaemonFilter } from '../../../src/app/container-profiles/daemon-filter.ts';
import type { SeccompChoice } from '../../../src/core/model/runtime/container-profile.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { fakeEngine } from '../../core/measure/execute/support.ts';
import { cell, trialRecord } from '../../support/records.ts';

const place = mkdtempSync(join(tmpdir(), 'ocibench-filter-'));
afterAll(() => rmSync(place, { recursive: true }));
const path = join(place, 'seccomp-strict.json');
writeFileSync(path, JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] }));

/** runc 1.1.15 under a profile without fstatfs, through Docker 26.1. */
const words = 'exit code 1: ensure /proc/self/fd is on procfs: operation not permitted';
const stopped: TrialRecord['outcome'] = {
  status: 'failed',
  step: 'run',
  error: { code: 'exit-code', message: words },
};

async function explained({
  seccomp = path,
  calls = ['fstatfs (runc:[2:INIT])'],
  outcome = stopped,
  again = { status: 'ok' } as TrialRecord['outcome'],
  facts = {},
  layer = 'docker' as 'docker' | 'oci',
}) {
  const filters: (SeccompChoice | undefined)[] = [];
  const run = explainingDaemonFilter(
    {
      facts: { ...fakeEngine({}, []).facts, kind: 'docker', ...facts },
      conditions: async () => ({ seccomp }),
    },
    (filter) => async () => {
      filters.push(filter);
      return { record: trialRecord({ outcome: filter === undefined ? outcome : again }), readings: [] };
    },
    async () => ({ refused: async () => calls }),
  );
  const spec = { trialId: 'preflight0', position: 0, cell: { ...cell('runc'), layer } };
  const { record } = await run(spec, { block: 0, phase: 'warmup', attempt: 1 });
  return { outcome: record.outcome, filters };
}

describe("a start that fails under a daemon's own seccomp profile", () => {
  test('is told to be stopped by it, with the calls, the file and how to mend it', async () => {
    const { outcome, filters } = await explained({});
    expect(outcome).toMatchObject({
      status: 'failed',
      step: 'run',
      error: {
        code: 'seccomp-refused',
        message: `the daemon's seccomp profile, ${path}, refuses fstatfs (runc:[2:INIT]); without the profile the same start succeeds`,
        fix: `allow these calls in ${path} ("action": "SCMP_ACT_ALLOW"), or remove "seccomp-profile" from /etc/docker/daemon.json; then: systemctl restart docker`,
        detail: words,
      },
    });
    expect(filters).toMatchObject([undefined, { rules: { defaultAction: 'SCMP_ACT_LOG' } }]);
  });

  test('and without a kernel’s log, which profile to compare it with', async () => {
    const { outcome } = await explained({ calls: [] });
    expect(JSON.stringify(outcome)).toMatch(/does not name.*seccomp-strict\.json/);
  });

  test('in the words of a rootless daemon', async () => {
    const { outcome } = await explained({ facts: { local: false, hidden: 'rootless' } });
    expect(JSON.stringify(outcome)).toMatch(
      /~\/\.config\/docker\/daemon\.json.*systemctl --user restart docker/,
    );
  });

  test('is repeated without any filter where the file cannot be read here', async () => {
    const { filters } = await explained({ seccomp: join(place, 'gone.json') });
    expect(filters).toEqual([undefined, 'unconfined']);
    const { filters: elsewhere } = await explained({ facts: { local: false, hidden: 'remote' } });
    expect(elsewhere).toEqual([undefined, 'unconfined']);
  });

  test('keeps its own reason where the profile is not the cause, and is not repeated where it cannot be', async () => {
    expect((await explained({ again: stopped })).outcome).toEqual(stopped);
    const missing = { ...stopped, error: { code: 'kata-shim-missing', message: 'no shim' } };
    for (const other of [{ seccomp: 'builtin' }, { outcome: missing }, { layer: 'oci' as const }])
      expect((await explained(other)).filters).toEqual([undefined]);
  });
});
