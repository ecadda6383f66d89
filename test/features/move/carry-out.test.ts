import { describe, expect, test } from 'vitest';
import { planShape } from '../../../src/features/capacity/app/plan/plan-shape.ts';
import { parseYamlText } from '../../../src/features/capacity/plan/yaml-text.ts';
import { composeFileFor, planText } from '../../../src/features/move/carry-out.ts';
import { dearer, madeMove, madeMoveCost } from './made.ts';

const say = ({ text }: { readonly text: string }) => text;
const cost = madeMoveCost(dearer, { runsc: ['cache', 'web'] });

function yaml(text: string): unknown {
  const parsed = parseYamlText(text, 'services.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

describe('services.yaml', () => {
  test('is what ocibench capacity plan reads, with replicas, use and ratios', () => {
    const plan = planShape.parse(yaml(planText(madeMove(cost), 'services.yaml', say) ?? ''));
    expect(plan).toMatchObject({ runtimes: ['runc', 'runsc'], today: 'runc' });
    const [cache, web] = plan.services;
    // 200 requests of 1 ms, and 0.01 CPUs at rest; a little over 20 MiB after the load, of which 4 are the shim's.
    expect(cache).toMatchObject({
      name: 'cache',
      replicas: 1,
      memory: { usage: { estimate: 17 * 2 ** 20 } },
    });
    expect(cache?.cpu.usage?.estimate).toBeCloseTo(0.21, 2);
    const ratio = cache?.cpu.ratios.get('runsc');
    expect(ratio?.estimate).toBeCloseTo(0.81 / 0.21, 1);
    expect(ratio?.low).toBeLessThan(ratio?.estimate ?? 0);
    expect(ratio?.high).toBeGreaterThan(ratio?.estimate ?? 0);
    // The one copy did the work of two replicas, of which each rests by itself.
    expect(web).toMatchObject({ name: 'web', replicas: 2 });
    expect(web?.cpu.usage?.estimate).toBeCloseTo(0.01 + 0.4 / 2, 2);
  });

  test('what cannot move stays under the baseline', () => {
    const stuck = cost.measured.map((each) => ({
      ...each,
      services: each.services.map((one) => (one.service === 'web' ? { ...one, service: 'light' } : one)),
    }));
    const text = planText(
      madeMove({ ...cost, measured: stuck, moved: { runsc: ['cache'] } }),
      'services.yaml',
      say,
    );
    const plan = planShape.parse(yaml(text ?? ''));
    expect(plan.services.map(({ name, runtimes }) => [name, runtimes])).toEqual([
      ['cache', null],
      ['light', ['runc']],
    ]);
  });

  test('a service that the load did not reach has no ratio', () => {
    const idle = cost.measured.map((each) => ({
      ...each,
      services: each.services.map((one) =>
        one.service === 'cache' ? { ...one, loadedNs: one.restNs } : one,
      ),
    }));
    const plan = planShape.parse(yaml(planText(madeMove({ ...cost, measured: idle }), 'x', say) ?? ''));
    expect(plan.services.map(({ cpu }) => cpu.ratios.size === 0)).toEqual([true, false]);
  });

  test('says nothing that was not measured: no ratio from two blocks, a wide one from five, and no file of survivors', () => {
    const ratiosOf = (blocks: number) => {
      const measured = cost.measured.filter(({ block }) => block <= blocks);
      const text = planText(madeMove({ ...cost, measured }), 'services.yaml', say) ?? '';
      return planShape.parse(yaml(text)).services.map(({ cpu }) => cpu.ratios.size);
    };
    expect([ratiosOf(2), ratiosOf(5)]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    const lost = cost.measured.map((each) => (each.block < 4 ? { ...each, failure: 'x' } : each));
    expect(planText(madeMove({ ...cost, measured: lost }), 'services.yaml', say)).toBeNull();
  });

  test('names that are none of Kubernetes become such, and stay apart', () => {
    const renamed = { cache: 'a_b', web: 'a.b' } as const;
    const named = cost.measured.map((each) => ({
      ...each,
      services: each.services.map((one) => ({
        ...one,
        service: renamed[one.service as 'web'],
      })),
    }));
    const move = madeMove({ ...cost, measured: named, moved: { runsc: ['a_b', 'a.b'] } }, [
      'a_b',
      'a.b',
      'light',
    ]);
    const plan = planShape.parse(yaml(planText(move, 'services.yaml', say) ?? ''));
    expect(plan.services.map(({ name }) => name)).toEqual(['a-b', 'a-b-2']);
  });
});

test('a name in daemon.json leads nowhere else', () => {
  expect(composeFileFor('runsc-kvm')).toBe('compose.runsc-kvm.yaml');
  expect(composeFileFor('../../etc/x')).toBe('compose...-..-etc-x.yaml');
});

test('names from the compose file stay in their value', () => {
  const hostile = 'x\nruntimes: [other]\n#';
  const move = madeMove(cost, [hostile, 'web', 'light']);
  const text = planText(move, 'services.yaml', say) ?? '';
  expect(text.split('\n').filter((line) => line.startsWith('runtimes:'))).toEqual([
    'runtimes: ["runc", "runsc"]',
  ]);
});
