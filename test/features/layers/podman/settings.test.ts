import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  containersConf,
  runtimeScript,
  storageConf,
} from '../../../../src/features/layers/podman/support.ts';

const entry = (name: string, path = `/usr/bin/${name}`) => ({
  entry: { name, path, origin: 'daemon.json' as const },
  path,
});

test('podman gets a container without conmon into the cgroup of a trial, and all that it writes below its own directory', () => {
  const text = containersConf('/s/podman', [entry('crun'), entry('bottle', '/opt/a "b"/bottle')]);
  expect(text).toContain('\ncgroups = "no-conmon"\n');
  expect(text).toContain('\ncgroup_manager = "cgroupfs"\n');
  expect(text).toContain('\n"crun" = ["/usr/bin/crun"]\n');
  expect(text).toContain('\n"bottle" = ["/opt/a \\"b\\"/bottle"]\n');
  expect(text).toContain('\nimage_copy_tmp_dir = "/s/podman/tmp"\n');
  expect(text).toContain('\nnetwork_config_dir = "/s/podman/networks"\n');
  for (const key of ['graphroot', 'runroot'])
    expect(storageConf('/s/podman')).toMatch(`${key} = "/s/podman/`);
});

test('a runtime whose family is not known is not asked for errors as JSON, which it may not understand', () => {
  const text = containersConf('/s', [entry('crun'), entry('runsc'), entry('bottle')]);
  expect(text).toContain('\nruntime_supports_json = ["crun","runsc"]\n');
});

test('the capabilities are those of Docker, of which every container drops the same', () => {
  const given = /^default_capabilities = (.*)$/m.exec(containersConf('/s', []))?.[1] ?? '[]';
  expect(JSON.parse(given).toSorted()).toEqual([
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'NET_RAW',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
    'SETUID',
    'SYS_CHROOT',
  ]);
});

test('a script gives the runtime the arguments of its entry before those of podman, word by word', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ocibench-podman-'));
  try {
    const file = join(directory, 'runtime');
    writeFileSync(file, runtimeScript('/usr/bin/printf', ['%s|', "it's", '$HOME `x`']), { mode: 0o700 });
    const said = execFileSync(file, ['--log', 'a b'], { encoding: 'utf8' });
    expect(said).toBe("it's|$HOME `x`|--log|a b|");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
