import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { makeScratch, removeScratch, writeScratchFile } from '../../src/core/engine/scratch.ts';
import { findProgram } from '../../src/core/files/programs.ts';
import { type Overhead, overheadSchema } from '../../src/features/capacity/overhead/overhead-record.ts';
import { injections, registerInjectors } from '../e2e/injector.ts';
import { tracesOf } from '../e2e/ours.ts';
import { canRun, ocibench, workplace } from '../e2e/support.ts';

const mebibyte = 2 ** 20;

/** Of the memory limit of each container, what `proportional` holds outside its cgroup. */
const share = 1 / 8;

/**
 * A runtime around runc that holds a part of its container's memory limit. The limit of `memory/sized` is what its program
 * holds and a constant, so that this is an overhead that grows with the container.
 */
const proportional = (injector: string, runc: string) => `#!/usr/bin/perl
use strict; use warnings;
my $bytes = 0;
for my $i (0 .. $#ARGV) {
  next unless $ARGV[$i] =~ /^(?:--bundle|-b)$/;
  open(my $file, '<', "$ARGV[$i + 1]/config.json") or die "config.json: $!\\n";
  local $/; my $config = <$file>;
  $bytes = int($1 * ${share}) if $config =~ /"memory":\\{[^}]*"limit":(\\d+)/;
}
exec { '${injector}' } '${injector}', '--inject-runtime=${runc}', "--inject-bytes=$bytes", @ARGV or die "$!\\n";
`;

/** Intervals need six blocks of four sizes under four runtimes, which take minutes. */
describe.skipIf(!canRun)('overheads of known size, on the real embedded engine', () => {
  const { holdNothing, hold } = injections;
  let place: Awaited<ReturnType<typeof workplace>>;
  let scratch = '';
  let measured: Awaited<ReturnType<typeof ocibench>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let found: Overhead;

  beforeAll(async () => {
    place = await workplace();
    // The directory of the workplace may not allow running programs.
    scratch = await makeScratch(newRunId(new Date()));
    const runc = (await findProgram('runc')) ?? 'runc';
    const entries = await registerInjectors(scratch, runc);
    const program = await writeScratchFile(
      scratch,
      'proportional',
      proportional(entries[0]?.path ?? '', runc),
      0o700,
    );
    const registered = Object.fromEntries(
      entries
        .filter(({ name }) => name === holdNothing.name || name === hold.name)
        .map(({ name, path, runtimeArgs }) => [name, { path, runtimeArgs }]),
    );
    await writeFile(
      place.daemonJson,
      JSON.stringify({ runtimes: { ...registered, proportional: { path: program } } }),
    );
    const where = ['--engine', 'embedded', '--set', `daemonJson=${place.daemonJson}`, '--out', place.path];
    measured = await ocibench(
      [
        'capacity',
        'measure',
        '--workloads',
        'memory/sized,memory/idle,startup/density,startup/echo,cpu/at-rest',
        '--blocks',
        '6..6',
        '--max-time',
        '20m',
        '--set',
        'progress=false',
        ...where,
      ],
      place.path,
    );
    result = await ocibench(['capacity', 'overhead', '--json', '--in', place.path], place.path);
    found = overheadSchema.parse(JSON.parse(result.stdout));
  }, 1_500_000);
  afterAll(async () => {
    await place.remove();
    await removeScratch(scratch);
  });

  const of = (runtime: string) => {
    const own = found.runtimes.find((each) => each.runtime === runtime);
    if (own?.size == null) throw new Error(`${runtime}: ${JSON.stringify(own)}\n${result.stderr}`);
    return { ...own, size: own.size };
  };
  /** Within 5 %. */
  const expectNear = (value: number, truth: number) => {
    expect(value / truth).toBeGreaterThan(0.95);
    expect(value / truth).toBeLessThan(1.05);
  };

  test('64 MiB outside the cgroup are found, and outside', () => {
    const [without, with64] = [of(holdNothing.name).size, of(hold.name).size];
    expectNear(with64.total.fixedBytes.value - without.total.fixedBytes.value, hold.bytes);
    expectNear(with64.outside.fixedBytes.value - without.outside.fixedBytes.value, hold.bytes);
    expect(Math.abs(with64.inside?.fixedBytes.value ?? Infinity)).toBeLessThan(mebibyte);
    expect(Math.abs(with64.total.share.value)).toBeLessThan(0.01);
  });

  test('an eighth of the container outside the cgroup is found, as what grows with it', () => {
    const { total, outside } = of('proportional').size;
    expectNear(total.share.value, share);
    expectNear(outside.share.value, share);
  });

  test('one more sandbox costs 64 MiB more, and what all share is the same', () => {
    const [without, with64] = [of(holdNothing.name).count, of(hold.name).count];
    expectNear((with64?.perSandboxBytes.value ?? 0) - (without?.perSandboxBytes.value ?? 0), hold.bytes);
    const once = (with64?.oncePerHostBytes.value ?? 0) - (without?.oncePerHostBytes.value ?? 0);
    expect(Math.abs(once)).toBeLessThan(0.05 * hold.bytes);
  });

  test('podFixed holds all of it, and runc’s own is small', () => {
    const { podFixed, size } = of(hold.name);
    expect(podFixed?.memoryBytes).toBeGreaterThanOrEqual(size.total.fixedBytes.value);
    expect(of('runc').podFixed?.memoryBytes ?? Infinity).toBeLessThan(20 * mebibyte);
  });

  test('all ends well and leaves nothing', async () => {
    expect(measured.exitCode, measured.stderr).toBe(0);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(await tracesOf(found.run.runId, 10_000)).toEqual([]);
  });
});
