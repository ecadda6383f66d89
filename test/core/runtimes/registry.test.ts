import { describe, expect, it } from 'vitest';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { processUsageSchema } from '../../../src/core/model/trial/trial.ts';
import { runtimeBinary, shimBinary } from '../../../src/core/runtimes/entry.ts';
import { families, familyOf, familyOfEntry, findRole, roles } from '../../../src/core/runtimes/registry.ts';

const entry = (fields: Partial<RuntimeEntry>): RuntimeEntry => ({
  name: 'x',
  origin: 'daemon.json',
  ...fields,
});

describe('the family of an entry', () => {
  it.each([
    ['runc', { name: 'runc', origin: 'built-in' }],
    ['runc', { path: '/usr/sbin/runc' }],
    ['crun', { path: '/usr/bin/crun' }],
    ['crun', { name: 'runc-fast', path: '/opt/crun-1.21' }],
    ['runsc', { path: '/usr/local/bin/runsc' }],
    ['runsc', { name: 'gvisor', path: '/opt/wrapper.sh' }],
    ['runsc', { runtimeType: 'io.containerd.runsc.v1' }],
    ['kata', { path: '/usr/bin/kata-runtime' }],
    ['kata', { runtimeType: 'io.containerd.kata-fc.v2' }],
    ['kata', { runtimeType: '/opt/kata/bin/containerd-shim-kata-v2' }],
    ['youki', { path: 'youki' }],
    ['crun', { runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun' } }],
    ['runc', { runtimeType: 'io.containerd.runc.v2' }],
    ['other', { path: '/usr/bin/nvidia-container-runtime', name: 'nvidia' }],
    ['runc', { path: '/opt/runsc/bin/runc', name: 'y' }],
    ['other', { runtimeType: 'io.containerd.wasmedge.v1' }],
    ['wasm', { path: '/usr/bin/crun-wasm' }],
    ['wasm', { runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun-wasm' } }],
    ['crun', { name: 'wasm', path: '/usr/bin/crun' }],
  ] as const)('%s: %j', (family, fields) => expect(familyOfEntry(entry(fields)).id).toBe(family));
});

describe('shim and binary names', () => {
  it.each([
    ['io.containerd.kata.v2', 'containerd-shim-kata-v2'],
    ['io.containerd.runsc.v1', 'containerd-shim-runsc-v1'],
    ['/opt/kata/bin/containerd-shim-kata-v2', '/opt/kata/bin/containerd-shim-kata-v2'],
    ['foo', null],
    ['foo.', null],
  ])('%s → %s', (type, shim) => expect(shimBinary(type)).toBe(shim));

  it('asks the OCI runtime behind a runc shim, not the shim', () => {
    expect(
      runtimeBinary(
        entry({ runtimeType: 'io.containerd.runc.v2', options: { BinaryName: '/usr/bin/crun' } }),
      ),
    ).toBe('/usr/bin/crun');
    expect(runtimeBinary(entry({ runtimeType: 'io.containerd.kata.v2' }))).toBe('containerd-shim-kata-v2');
    expect(runtimeBinary(entry({ path: 'crun' }))).toBe('crun');
    expect(runtimeBinary(entry({ name: 'runc' }))).toBe('runc');
    expect(runtimeBinary(entry({}))).toBeNull();
  });
});

describe('the registry', () => {
  it('finds the families by their files, in the order of lists', () => {
    const known = ['runc', 'crun', 'runsc', 'kata', 'youki', 'wasm', 'other'];
    expect(families.map(({ id }) => id).filter((id) => known.includes(id))).toEqual(known);
    expect(families.at(-1)?.id).toBe('other');
  });

  it.each(['id', 'order'] as const)('no two families have the same %s', (key) =>
    expect(new Set(families.map((family) => family[key])).size).toBe(families.length),
  );

  it('no two families have a colour or a priority in common', () => {
    const colors = families.flatMap((family) => family.colors);
    expect(new Set(colors).size).toBe(colors.length);
    const priorities = families.map(({ recognition }) => recognition?.priority);
    expect(new Set(priorities).size).toBe(families.length);
  });

  it('takes the id of another version for none that it knows', () => {
    expect(familyOf('runsc').product).toBe('gVisor');
    expect(familyOf('of-tomorrow').id).toBe('other');
    expect(familyOf(undefined).id).toBe('other');
  });
});

describe('roles of processes', () => {
  it('are those of engines and of all families, in the order of lists', () => {
    const known = [
      'workload',
      'sentry',
      'gofer',
      'stub',
      'shim',
      'runtime',
      'vmm',
      'virtiofsd',
      'kata-proxy',
      'kata-shim',
      'docker-proxy',
      'dockerd',
      'containerd',
      'other',
    ];
    expect(roles.map(({ id }) => id).filter((id) => known.includes(id))).toEqual(known);
  });

  it.each(['id', 'order', 'color'] as const)('no two have the same %s', (key) =>
    expect(new Set(roles.map((role) => role[key])).size).toBe(roles.length),
  );

  it('can be written to records, and their names are messages of that id', () => {
    for (const { id, name } of roles) {
      expect(processUsageSchema.shape.role.safeParse(id).success, id).toBe(true);
      expect(name.id).toBe(`role.${id}`);
    }
  });

  it('knows those that a role gives to its children', () => {
    for (const { ofChildren } of roles)
      if (ofChildren !== undefined) expect(findRole(ofChildren)?.id).toBe(ofChildren);
  });
});
