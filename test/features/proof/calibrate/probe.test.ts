import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';
import { parseProbe, probeScript, probes } from '../../../../src/features/proof/calibrate/probe.ts';
import { evidence as output } from '../../../support/records.ts';

const run = async (...task: string[]) => (await execa('perl', ['-e', probeScript, ...task])).stdout;

describe('the program itself, on this host', () => {
  test('burns at least what it is told and says how much', async () => {
    const report = parseProbe(await run('cpu_ms=50'));
    expect(report?.cpuNs).toBeGreaterThanOrEqual(50e6);
    // Two cores that others use too: what it burned cannot be more than the time that passed.
    expect(report?.cpuNs).toBeLessThanOrEqual(report?.readyNs ?? 0);
  });

  test('sleeps, forks and touches', async () => {
    const report = parseProbe(await run('delay_ms=30', 'life_ms=40', 'forks=3', `touch=${2 ** 20}`));
    expect(report).toMatchObject({ touched: 2 ** 20, forked: 3, written: 0 });
    expect(report?.readyNs).toBeGreaterThanOrEqual(30e6);
    expect(report?.lifeNs).toBeGreaterThanOrEqual(40e6);
  });

  test('burns between the two lines', async () => {
    const report = parseProbe(await run('late_cpu_ms=20'));
    expect(report?.lateCpuNs).toBeGreaterThanOrEqual(20e6);
    expect(report?.lifeNs).toBeGreaterThanOrEqual(670e6);
  });

  test('does nothing when it is told nothing', async () => {
    expect(parseProbe(await run())).toMatchObject({ touched: 0, forked: 0, written: 0 });
  });
});

test('a probe that was ended while it held has no life', () => {
  expect(parseProbe('ready cpu_ns=1 wall_ns=2 touched=3 written=4 forked=5\n')).toEqual({
    cpuNs: 1,
    readyNs: 2,
    touched: 3,
    written: 4,
    forked: 5,
    lifeNs: null,
    lateCpuNs: null,
  });
});

test('what is not the program’s output is a failed trial', () => {
  const { parse } = probes.quiet;
  for (const text of [
    '',
    'ready',
    'ready cpu_ns=x wall_ns=2 touched=3 written=4 forked=5',
    '\u001b[31mready',
  ])
    expect(() => parse(output(text), {}), text).toThrow(ParseError);
  const short = output(
    'ready cpu_ns=1 wall_ns=2 touched=3 written=0 forked=0\nend life_ns=1 late_cpu_ns=0\n',
  );
  expect(() => parse(short, { touch: 4 })).toThrow(ParseError);
  expect(parse(short, { touch: 3 })).toEqual([]);
});
