import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Figure } from '../../src/core/model/trial/trial.ts';
import limit from '../../workloads/memory/limit.ts';
import smallest from '../../workloads/memory/smallest.ts';
import {
  captured,
  factTexts,
  output,
  reasonText,
  runtimes,
  survivesHostileOutput,
  valuesOf,
} from './support.ts';

const mib = 2 ** 20;
const figures = (of: Record<string, Figure>): Partial<Evidence> => ({
  cgroup: { source: 'v2', path: '/x', figures: of },
});
const count = (value: number): Figure => ({ value, source: 'memory.events' });

describe('memory/limit', () => {
  const params = { limit: '64M' };
  const killed = { exitCode: 137, oomKilled: true };

  test.each(runtimes)('how far the program came under %s is its last whole line', (runtime) => {
    const text = captured('memory-limit', `${runtime}.txt`);
    const reached = Number(text.trim().split(' ').at(-1));
    expect(reached).toBeLessThan(64);
    expect(valuesOf(limit.parse(output(text, killed), params))).toEqual({
      'limit.usable': reached * mib,
      'limit.unusable': (64 - reached) * mib,
    });
    expect(limit.parse(output(`${text}touc`, killed), params)).toEqual(
      limit.parse(output(text, killed), params),
    );
  });

  const endedBy = (more: Partial<Evidence>, text = 'touched 1\n') =>
    factTexts(limit.facts?.(output(text, more), params)).find(({ id }) => id === 'limit.ended-by')?.value;

  test('who ended it: the kernel as its cgroup counts, or else as the engine says', () => {
    const kill = (value: number) => figures({ 'memory.oom_kills': count(value) });
    expect(endedBy({ ...killed, oomKilled: false, ...kill(2) })).toContain('the kernel');
    expect(endedBy({ ...killed, ...figures({ 'memory.oom_kills': { absent: 'v1' } }) })).toContain(
      'as the engine says',
    );
    expect(endedBy({ ...killed, oomKilled: false })).toContain('not told');
    expect(endedBy({ ...killed, ...kill(0) })).toContain('no OOM kill');
    expect(endedBy({ exitCode: 0 })).toBe('itself');
  });

  test('a program that touched twice its limit was not limited, and that is not hidden', () => {
    const text = `${Array.from({ length: 128 }, (_, i) => `touched ${i + 1}`).join('\n')}\nsurvived\n`;
    expect(valuesOf(limit.parse(output(text), params))).toEqual({ 'limit.usable': 128 * mib });
    expect(endedBy({}, text)).toContain('nobody');
  });

  test('other facts are as reported', () => {
    expect(
      factTexts(limit.facts?.(output('touched 1\n', { exitCode: 137, oomKilled: null }), params)).slice(1),
    ).toEqual([
      { id: 'limit.exit-code', value: '137' },
      { id: 'limit.engine-says-oom', value: 'not known' },
    ]);
  });

  test.each([
    ['nothing was touched', ''],
    ['a step is missing', 'touched 1\ntouched 3\n'],
    ['it survived without its work', 'touched 1\nsurvived\n'],
    ['it says something else', 'Traceback\n'],
    ['it touched more than there is', Array.from({ length: 129 }, (_, i) => `touched ${i + 1}\n`).join('')],
  ])('a trial in which %s is no data point', (_, text) => {
    expect(() => limit.parse(output(text), params)).toThrow(ParseError);
  });

  test('being killed is how it should end, within the limit that is asked for', () => {
    expect(limit.exitCodes).toContain(137);
    expect(limit.container(params).memoryBytes).toBe(64 * mib);
    expect(() => limit.container({ limit: '1G' })).toThrow(RangeError);
  });

  test('hostile output is refused', () =>
    survivesHostileOutput(limit, captured('memory-limit', 'runsc.txt'), params));
});

describe('memory/smallest', () => {
  const params = { limit: '16M' };
  const notStarted = (of: Record<string, Figure>) => output('', { exitCode: null, ...figures(of) });

  test('a container that starts says so', () => {
    expect(smallest.parse(output('started\n'), params)).toEqual([]);
    expect(factTexts(smallest.facts?.(output('started\n'), params))).toEqual([
      { id: 'smallest.starts', value: 'yes, within 16M' },
    ]);
    expect(reasonText(smallest.refused?.(output('started\n'), params))).toBeNull();
    expect(() => smallest.parse(output('start'), params)).toThrow(ParseError);
  });

  test('one that is ended by the harness had started, however near the limit it was', () => {
    const near = { ...figures({ 'memory.oom_kills': { absent: 'v1' }, 'memory.peak': count(16 * mib) }) };
    expect(
      reasonText(smallest.refused?.(output('started\n', { exitCode: 137, ...near }), params)),
    ).toBeNull();
    // It ended by itself after its line: a sandbox that the kernel killed.
    expect(
      reasonText(smallest.refused?.(output('started\n', { exitCode: null, ...near }), params)),
    ).toContain('16M');
    expect(smallest.observe.kind).toBe('idle');
  });

  test('the limit is named as the reason only where the kernel shows that it was', () => {
    const refusal = (of: Record<string, Figure>) => reasonText(smallest.refused?.(notStarted(of), params));
    expect(refusal({ 'memory.oom_kills': count(2) })).toContain('16M');
    expect(refusal({ 'memory.oom_kills': { absent: 'v1' }, 'memory.peak': count(16 * mib) })).toContain(
      '16M',
    );
    expect(refusal({ 'memory.oom_kills': count(0), 'memory.peak': count(4 * mib) })).toBeNull();
    expect(reasonText(smallest.refused?.(output('', { exitCode: null }), params))).toBeNull();
  });
});
