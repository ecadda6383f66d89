import { expect, test } from 'vitest';
import { embeddedDaemonJson, parseDaemonJson } from '../../../../src/core/config/daemon-json.ts';
import { daemonSettings } from '../../../../src/core/engine/embedded/engine.ts';

test('the embedded daemon.json is one that dockerd accepts, and names cgroupfs beside a parent that is a path', () => {
  const text = embeddedDaemonJson(
    [
      { name: 'runc', path: 'runc', origin: 'built-in' },
      { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--network=none'], origin: 'daemon.json' },
    ],
    daemonSettings('ocibench/20260101-000000-abcd'),
  );
  const parsed = parseDaemonJson(text, 'daemon.json');
  expect(parsed).toMatchObject({ ok: true, notes: [] });
  const config = parsed.ok ? parsed.config : null;
  expect(config?.['exec-opts']).toEqual(['native.cgroupdriver=cgroupfs']);
  expect(config?.['cgroup-parent']).toBe('/ocibench/20260101-000000-abcd/other');
  expect(Object.keys(config?.runtimes ?? {})).toEqual(['runsc']);
});
