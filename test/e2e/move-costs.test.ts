import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { costsOf } from '../../src/features/move/costs.ts';
import { moveSchema } from '../../src/features/move/record.ts';
import { listVerdicts, openMovePlace, soon } from './move-place.ts';
import { shopLoad, shopServices, writeStack } from './shop-stack.ts';
import { canRun } from './support.ts';

test.skipIf(!canRun)(
  'what two services cost under gVisor while a third asks them, and what plan makes of it',
  {
    timeout: 900_000,
  },
  async () => {
    await using place = await openMovePlace(['servers']);
    const { cache, web } = shopServices;
    const { container_name: _, ...copied } = web;
    const file = await writeStack(place.path, {
      cache,
      load: shopLoad,
      web: { ...copied, depends_on: {}, deploy: { replicas: 3 } },
    });
    const before = await place.all();
    // Six blocks at least, or nothing is decided; the time only ends what hangs.
    const { exitCode, stdout, stderr } = await place.move(
      file,
      '--load',
      'load',
      '--json',
      '--max-time',
      '14m',
      ...soon,
      '--set',
      'move.blocks=6',
    );
    expect(exitCode, stderr).toBe(0);
    const found = moveSchema.parse(JSON.parse(stdout));
    expect(listVerdicts(found)).toEqual(['cache moves', 'web moves']);
    const { cost } = found;
    if (cost === undefined) throw new Error(stderr);
    expect(cost.measured.filter(({ failure }) => failure !== null)).toEqual([]);
    const [target] = costsOf(cost, 'runc');
    expect(target?.pairs).toBeGreaterThanOrEqual(6);
    const row = (service: string | null, metric: string) =>
      target?.rows.find((each) => each.service === service && each.metric === metric);
    // With small requests gVisor of 2024 takes several times the CPU time on systrap.
    expect(row('web', 'cpus')).toMatchObject({ verdict: 'more' });
    expect(row('web', 'cpus')?.ratio?.low ?? 0).toBeGreaterThan(2);
    // What else the host does may leave these two open, but does not turn them round.
    for (const [metric, claim, sign] of [
      ['memory', 'more', 1],
      ['rate', 'slower', -1],
    ] as const) {
      const found = row(null, metric);
      expect([claim, 'inconclusive'], JSON.stringify(found)).toContain(found?.verdict);
      expect(sign * Math.log(found?.ratio?.value ?? 1)).toBeGreaterThan(0);
    }
    for (const { loadNs, load } of cost.measured)
      expect([loadNs ?? 0, load?.requests ?? 0].every((value) => value > 0)).toBe(true);
    const directory = join(place.path, 'results', found.moveId);
    const written = (name: string) => readFile(join(directory, name), 'utf8');
    expect(await written('move.html')).toContain('<table');
    // plan wants what sandboxes cost, and nothing else, of what move wrote.
    const plan = await place.ocibench('capacity', 'plan', join(directory, 'services.yaml'));
    expect(plan.exitCode).toBe(2);
    expect(plan.stderr).not.toContain('services.yaml:');
    expect(await place.all()).toEqual(before);
  },
);
