import { describe, expect, test } from 'vitest';
import { familyChecks } from '../../../../src/core/host/doctor/family-checks.ts';
import { checkSchema, type EngineFacts, type HostFacts } from '../../../../src/core/model/machine/host.ts';
import type { Preflight } from '../../../../src/core/model/runtime/runtime.ts';
import type { FamilyFacts } from '../../../../src/core/runtimes/family.ts';
import type { HostDevices } from '../../../../src/core/runtimes/guest/facts.ts';
import { kataMissing, runRecord, runtimeFacts } from '../../../support/records.ts';

type KataEntry = FamilyFacts['runtimes'][number];

const { host, engine } = runRecord();
const all: HostDevices = { kvm: 'usable', vsock: true, syslog: 'socket' };

const fails: Preflight = { ...kataMissing, code: 'kata-vsock-missing' } as Preflight;

function entry(name: string, version: string | null, preflight: Preflight | undefined = fails): KataEntry {
  return { ...runtimeFacts(name, preflight), family: 'kata', version };
}

function found(
  entries: readonly KataEntry[],
  {
    devices = all,
    docker = engine.version,
    on = {},
  }: { devices?: HostDevices | null; docker?: string; on?: Partial<HostFacts> } = {},
): Record<string, string> {
  const checks = familyChecks(
    ['kata'],
    entries,
    { ...engine, version: docker } as EngineFacts,
    { ...host, ...on },
    devices,
  );
  for (const check of checks) expect(checkSchema.parse(check)).toEqual(check);
  for (const check of checks) if (check.status !== 'ok') expect(check.fix, check.id).toBeTruthy();
  return Object.fromEntries(
    checks.map(({ id, status, detail, fix = '' }) => [id, `${status} ${detail} ${fix}`]),
  );
}

describe('Kata’s release and Docker’s', () => {
  test('fit each other, and the release is named', () => {
    const [kata] = [found([entry('kata', '3.25.0')])];
    expect(kata['kata-docker']).toMatch(/^ok .*here: kata \(3\.25\.0\)/);
    expect(Object.values(kata).filter((text) => !text.startsWith('ok'))).toEqual([]);
  });

  test('or do not', () => {
    const status = (docker: string, version: string | null) =>
      found([entry('kata', version)], { docker })['kata-docker'];
    expect(status('26.0.0', null)).toMatch(/^fail .*no network/);
    expect(status('20.10.5', null)).toMatch(/^fail .*too old/);
    expect(status('29.1.0', null)).toMatch(/^ok .*3\.29\.0/);
    expect(status('29.1.0', '3.25.0')).toMatch(
      /^fail .*needs Kata 3\.29\.0.*older than that: kata \(3\.25\.0\)/,
    );
    expect(status('29.1.0', '3.30.0 (Rust)')).toMatch(/^ok/);
  });

  test('warns of an unmaintained release, which cannot run on cgroup v2', () => {
    const first = [entry('kata-runtime', '1.12.1')];
    expect(found(first, { on: { cgroup: 'hybrid' } })['kata-docker']).toMatch(
      /^warn .*kata-runtime \(1\.12\.1\)/,
    );
    expect(found(first, { on: { cgroup: 'v2' } })['kata-docker']).toMatch(/^fail/);
  });

  test('fails where the entry can never work, and says the one that does', () => {
    const fix = 'write "kata": {"runtimeType": "io.containerd.kata.v2"}';
    for (const code of ['kata-not-oci', 'shim-by-path']) {
      const never = { ...kataMissing, code, fix } as Preflight;
      const checks = found([entry('kata', '3.25.0'), entry('kata-runtime3', '3.25.0', never)]);
      expect(checks['kata-docker']).toMatch(/^fail .*kata-runtime3 \(3\.25\.0\).*io\.containerd\.kata\.v2/);
    }
  });

  test('warns of a guest that was seen to be emulated', () => {
    const runs: Preflight = { status: 'available', tookMs: 14_085 };
    const vm = { comm: 'qemu-system-x86', inCgroup: false };
    const check = (emulation: string | null) =>
      found([{ ...entry('kata', '3.25.0', runs), vm: { ...vm, emulation } }])['kata-emulation'];
    expect(check('QEMU TCG')).toMatch(/^warn kata: the processor of its guest is emulated \(QEMU TCG\)/);
    expect(check(null)).toBeUndefined();
  });

  test('several side by side', () => {
    const both = found([entry('kata-runtime', '1.12.1'), entry('kata', '3.25.0'), entry('crun', null)]);
    expect(both['kata-versions']).toMatch(/^warn kata-runtime \(1\.12\.1\), kata \(3\.25\.0\)/);
    expect(found([entry('a', '3.25.0'), entry('b', '3.25.0')])).not.toHaveProperty('kata-versions');
  });

  test('nothing is said where no entry is Kata’s', () => {
    expect(found([{ ...entry('runc', '1.3.0'), family: 'runc' }])).toEqual({});
  });
});

describe('what Kata needs of the host', () => {
  test.each([
    ['kata-kvm', { kvm: 'missing' }, /no \/dev\/kvm.*modprobe kvm_intel/],
    ['kata-kvm', { kvm: 'denied' }, /access to \/dev\/kvm is denied/],
    ['kata-kvm', { kvm: 'unusable' }, /cannot run a guest/],
    ['kata-kvm', { kvm: 'silent' }, /no sign of life within 2 s/],
    ['kata-vsock', { vsock: false }, /no \/dev\/vhost-vsock.*modprobe vhost_vsock/],
    ['kata-syslog', { syslog: 'missing' }, /no \/dev\/log.*systemd-journald/],
    ['kata-syslog', { syslog: 'dangling' }, /\/dev\/log links to.*ls -lL/],
    ['kata-syslog', { syslog: 'dead' }, /no process listens.*logger --socket-errors=on/],
  ] as const)('%s of %j', (id, lack, words) => {
    const devices = { ...all, ...lack };
    expect(found([entry('kata', '3.25.0')], { devices })[id]).toMatch(/^warn/);
    expect(found([entry('kata', '3.25.0')], { devices })[id]).toMatch(words);
    // A container of Kata's ran: it does without.
    const runs: Preflight = { status: 'available', tookMs: 1 };
    expect(found([entry('kata', '3.25.0', runs)], { devices })[id]).toMatch(/^ok .*Kata runs here anyway/);
    // There is none yet: what it will need says nothing of what is measured now.
    expect(found([entry('kata', null, kataMissing)], { devices })[id]).toMatch(
      /^unknown .*once Kata is installed/,
    );
    expect(found([entry('kata', null, kataMissing)], { devices })[id]).toMatch(words);
  });

  test('a KVM under which a guest ran, one under which none was booted, and one that was not tried', () => {
    const said = (kvm: HostDevices['kvm']) =>
      found([entry('kata', '3.25.0')], { devices: { ...all, kvm } })['kata-kvm'];
    expect(said('usable')).toMatch(/^ok a guest kernel ran/);
    expect(said('created')).toMatch(/^ok a guest can be created under it; none was booted/);
    expect(said('untested')).toMatch(/^ok .*no QEMU/);
  });

  test('a Kata that failed in its guest has got past vsock and syslog, but not past KVM', () => {
    const silent = { ...kataMissing, code: 'kata-agent-silent' } as Preflight;
    const devices = { kvm: 'unusable', vsock: false, syslog: 'missing' } as const;
    const checks = found([entry('kata', '3.25.0', silent)], { devices });
    expect(checks['kata-vsock']).toMatch(/^ok .*got past this/);
    expect(checks['kata-syslog']).toMatch(/^ok .*got past this/);
    expect(checks['kata-kvm']).toMatch(/^warn/);
  });

  test('a guest without nested virtualisation is told what its host must do', () => {
    const devices = { ...all, kvm: 'missing' } as const;
    expect(found([entry('kata', null)], { devices, on: { hypervisor: 'kvm' } })['kata-kvm']).toContain(
      'nested',
    );
  });

  test('is not looked at where the engine is on another machine', () => {
    expect(Object.keys(found([entry('kata', '3.25.0')], { devices: null }))).toEqual(['kata-docker']);
  });
});
