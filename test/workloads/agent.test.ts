import { describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { defaultMemoryBytes } from '../../src/core/model/workload/workload.ts';
import agentCompile from '../../workloads/agent/compile.ts';
import agentNpmImage from '../../workloads/images/agent-npm.ts';
import npmImage from '../../workloads/images/npm.ts';
import { npmLock, npmLockFiles, npmLockPackages, npmLockRoots } from '../../workloads/lib/npm-lock.ts';
import { output, windowOf } from './support.ts';

const agents = (await loadWorkloads()).filter(({ id }) => id.startsWith('agent/'));

describe('work that agents do', () => {
  test('is in the preset full, and in sandbox but for the browser, which takes longest to start', () => {
    expect(agents.length).toBeGreaterThanOrEqual(6);
    for (const { id, category, presets } of agents)
      expect([id, category, presets]).toEqual([
        id,
        'agent',
        {
          quick: [],
          standard: [],
          full: [{}],
          capacity: [],
          sandbox: id === 'agent/chromium' ? [] : [{}],
        },
      ]);
  });

  test('asks for no network, and for more memory only with its reason', () => {
    for (const { id, container } of agents) {
      const { network, memoryBytes = defaultMemoryBytes, needs } = container({});
      expect([id, network]).toEqual([id, undefined]);
      expect([id, needs !== undefined]).toEqual([id, memoryBytes > defaultMemoryBytes]);
    }
  });

  test('is proved after the last stamp, by a shell that still ends with the exit code of the work', () => {
    const [, , script = ''] = agentCompile.container({}).command;
    expect(script.indexOf('trap after EXIT')).toBeLessThan(script.indexOf('s begin'));
    expect(script.trim().endsWith('exit $code')).toBe(true);
  });

  test('counts only with what the whole work gives', () => {
    const half = windowOf(5e8);
    expect(agentCompile.parse(output('4\nanswer-42\n', half), {})).toContainEqual(
      expect.objectContaining({ metric: 'task.time', value: 5e8 }),
    );
    for (const bad of ['3\nanswer-42\n', '4\n', ''])
      expect(() => agentCompile.parse(output(bad, half), {})).toThrow(ParseError);
  });
});

describe('the lock file of agent/npm', () => {
  const rows = npmLock.split('\n').map((line) => line.split(' '));
  const places = new Set(rows.map(([place]) => place));

  /** What Node finds for a name below a place: the nearest one on the way up. */
  function found(place: string, name: string): boolean {
    const parts = place.split('>');
    return (
      parts.some((_, i) => places.has([...parts.slice(0, parts.length - i), name].join('>'))) ||
      places.has(name)
    );
  }

  test('has every package that another one requires, and none that nobody requires', () => {
    const required = new Set<string>(npmLockRoots);
    for (const [place = '', , , , ...needs] of rows)
      for (const name of needs) {
        expect([place, name, found(place, name)]).toEqual([place, name, true]);
        required.add(name);
      }
    for (const [place = ''] of rows) expect(required).toContain(place.split('>').at(-1));
    for (const name of npmLockRoots) expect(places).toContain(name);
  });

  test('has whole numbers of files and bytes', () => {
    expect(places.size).toBe(npmLockPackages);
    for (const [place, version, files, bytes] of rows) {
      expect([place, version]).toEqual([place, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      expect([place, Number(files) >= 1, Number(bytes) >= Number(files)]).toEqual([place, true, true]);
    }
    expect(Number.isInteger(npmLockFiles)).toBe(true);
  });

  test('is in an image that differs from that of app/npm in its packages only', () => {
    const { id, description, hooks, ...rest } = agentNpmImage;
    expect(npmImage).toMatchObject(rest);
    expect(hooks).not.toEqual(npmImage.hooks);
  });
});
