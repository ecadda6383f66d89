import { expect, test } from 'vitest';
import { parseContainerdConfig } from '../../../../src/features/options/explain/registrations.ts';

test.each([
  ['1', 'plugins.cri.containerd'],
  ['2', 'plugins."io.containerd.grpc.v1.cri".containerd'],
  ['3', "plugins.'io.containerd.cri.v1.runtime'.containerd"],
])('runtimes of a file of version %s', (version, table) => {
  const text = `version = ${version}
imports = ["/etc/containerd/conf.d/*.toml"]
[${table}]
  default_runtime_name = "runc"
  [${table}.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [${table}.runtimes.runc.options]
      BinaryName = "/usr/bin/crun"
      SystemdCgroup = true
  [${table}.runtimes.runsc]
    runtime_type = "io.containerd.runsc.v1"
`;
  expect(parseContainerdConfig(text, 'config.toml')).toEqual({
    ok: true,
    imports: ['/etc/containerd/conf.d/*.toml'],
    runtimes: [
      { name: 'runc', runtimeType: 'io.containerd.runc.v2', binary: '/usr/bin/crun' },
      { name: 'runsc', runtimeType: 'io.containerd.runsc.v1', binary: null },
    ],
  });
});

test('what is not TOML is refused with line and column', () => {
  const parsed = parseContainerdConfig('version = 2\n[plugins\n', '/etc/containerd/config.toml');
  expect(parsed).toMatchObject({ ok: false, problems: [{ file: '/etc/containerd/config.toml' }] });
  expect(parsed.ok ? '' : parsed.problems[0]?.message).toMatch(/^line 2, column \d+: \S/);
});

test.each([
  '',
  'plugins = 3',
  '[plugins.cri]\ncontainerd = []',
  '[plugins.cri.containerd]\nruntimes = "x"',
  '[plugins.cri.containerd.runtimes]\nx = 1\n',
])('types that nobody expects do no harm: %j', (text) => {
  const parsed = parseContainerdConfig(text, 'config.toml');
  expect(parsed.ok && parsed.runtimes.every(({ runtimeType }) => runtimeType === null)).toBe(true);
});
