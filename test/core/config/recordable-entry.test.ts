import { describe, expect, it } from 'vitest';
import { parseDaemonJson } from '../../../src/core/config/daemon-json.ts';
import { recordableEntry } from '../../../src/core/config/engine-shape.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';

const runsc = (...runtimeArgs: string[]): RuntimeEntry => ({
  name: 'runsc',
  path: '/usr/bin/runsc',
  runtimeArgs,
  origin: 'daemon.json',
});

describe('a runtime as results keep it', () => {
  it('what decides figures stays word for word', () => {
    const entry = runsc(
      '--platform=kvm',
      '-network',
      'none',
      '--overlay2=root:self',
      '--debug',
      '--unknown-switch',
    );
    expect(recordableEntry(entry)).toEqual(entry);
  });

  it.each([
    ['the value of an unknown flag', '--trace-token=hunter2'],
    ['a word of its own', 'hunter2'],
    ['the word behind an unknown flag', '--token', 'hunter2'],
    ['the second word behind a known flag', '--platform', 'kvm', 'hunter2'],
    ['a password in a URL', '--log=http://me:hunter2@host/'],
    ['several lines', '--token=a\nhunter2'],
  ])('%s is left out', (_, ...args) => {
    const recorded = recordableEntry(runsc(...args));
    expect(JSON.stringify(recorded)).not.toContain('hunter2');
    expect(recorded.runtimeArgs).toHaveLength(args.length);
  });

  it('two values that are left out are distinguishable, and equal ones are equal', () => {
    const [one, again, other] = ['a', 'a', 'b'].map((value) => recordableEntry(runsc(`--token=${value}`)));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one?.runtimeArgs?.[0]).toMatch(/^--token=\(not recorded, #[0-9a-f]{4}\)$/);
  });

  it('of the options of a shim those that are known', () => {
    const options = {
      TypeUrl: 'io.x',
      ConfigPath: '/etc/kata.toml',
      Token: 'hunter2',
      Root: { deep: 'hunter2' },
    };
    const recorded = recordableEntry({
      name: 'kata',
      runtimeType: 'io.containerd.kata.v2',
      options,
      origin: 'daemon.json',
    });
    expect(recorded.options).toMatchObject({ TypeUrl: 'io.x', ConfigPath: '/etc/kata.toml' });
    expect(JSON.stringify(recorded)).not.toContain('hunter2');
  });
});

it.each([
  ['a proxy that is not an object', { proxies: 'http://me:hunter2@proxy' }],
  ['a registry mirror', { 'registry-mirrors': ['me:hunter2@mirror'] }],
  ['labels that contradict each other', { labels: ['token=hunter2', 'token=hunter22'] }],
  ['an option of a log driver', { 'log-opts': 'splunk-token=hunter2' }],
  ['a host', { hosts: ['me:hunter2@host'] }],
])('%s is complained about without being quoted', (_, daemon) => {
  const parsed = parseDaemonJson(JSON.stringify(daemon), 'daemon.json');
  expect(parsed.ok).toBe(false);
  expect(JSON.stringify(parsed)).not.toContain('hunter2');
});
