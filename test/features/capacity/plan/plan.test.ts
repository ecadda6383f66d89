import { describe, expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import { capacityPlanSchema } from '../../../../src/features/capacity/plan/capacity-plan.ts';
import { exactly } from '../../../../src/features/capacity/plan/runtime-cost.ts';
import { gibibyte, madeCost, madeHost, madePlan, madeService } from './made.ts';

const of = (plan: ReturnType<typeof madePlan>, runtime: string) => {
  const found = plan.runtimes.find((each) => each.runtime === runtime);
  const option = found?.options[found.best ?? 0];
  if (option === undefined) throw new Error(JSON.stringify(found));
  return option;
};

test('a plan is a record of its schema', () => {
  const plan = madePlan([madeService('web', { replicas: 4, cpus: 1, gib: 1 })]);
  expect(capacityPlanSchema.parse(plan)).toEqual(plan);
});

test('memory that a runtime adds takes hosts where memory is full, and none where CPU is', () => {
  const costs = [madeCost('runc'), madeCost('runsc', { fixedBytes: exactly(gibibyte) })];
  // 31 of a GiB fit on a host of 32; with 2 GiB each, 16.
  const full = madePlan([madeService('web', { replicas: 32, cpus: 0.01, gib: 1 })], { costs });
  expect([of(full, 'runc').needed?.value, of(full, 'runsc').needed?.value]).toEqual([1, 2]);
  expect(of(full, 'runsc').binding).toEqual([{ resource: 'memory.usage', hosts: 2 }]);
  const busy = madePlan([madeService('web', { replicas: 8, cpus: 1, gib: 1 })], { costs });
  expect([of(busy, 'runc').needed?.value, of(busy, 'runsc').needed?.value]).toEqual([1, 1]);
});

test('the proportional part, program text and sandboxes at rest are counted', () => {
  const costs = [
    madeCost('runc'),
    madeCost('runsc', {
      share: exactly(0.5),
      onceBytes: exactly(2 * gibibyte),
      idleCpus: exactly(0.5),
    }),
  ];
  const plan = madePlan([madeService('web', { replicas: 20, cpus: 0, gib: 1 })], { costs });
  const [, runsc] = plan.services[0]?.runtimes ?? [];
  expect(runsc?.memoryBytes?.estimate).toBe(1.5 * gibibyte);
  // 30 of 32 GiB hold 20; CPUs hold 16.
  expect(runsc?.alone[0]?.byUsage?.value).toBe(16);
  expect(of(plan, 'runsc').needed?.value).toBe(2);
});

test('the knee of one runtime does not bound the sandboxes of another that has one of another kind', () => {
  const host = { cpus: 2, memoryBytes: 8 * gibibyte };
  const cause = external('a limit');
  const costs = [
    madeCost('runc', { knee: { fit: 100, by: 'cpus', cause, host } }),
    madeCost('kata', { knee: { fit: 20, by: null, cause, host } }),
  ];
  const service = (name: string, replicas: number, runtimes: readonly string[]) =>
    madeService(name, { replicas, cpus: 0, gib: 0, runtimes: ['kata'], parts: { runtimes } });
  const plan = madePlan([service('many', 800, ['runc']), service('few', 20, ['runc', 'kata'])], {
    costs,
    hosts: [madeHost({ cpus: 16 })],
  });
  // 800 of runc on 16 CPUs, and 20 of kata on any host.
  expect(of(plan, 'kata')).toMatchObject({
    needed: { value: 1 },
    binding: [{ resource: 'sandboxes' }],
    taken: expect.arrayContaining([{ resource: 'sandboxes', fraction: 1 }]),
  });
  expect(of(plan, 'kata').taken.filter(({ resource }) => resource === 'sandboxes')).toHaveLength(1);
  // As runc, all 820 share what grows with the CPUs.
  expect(of(plan, 'runc').needed?.value).toBe(2);
});

test('what is declared can be what costs hosts', () => {
  const request = { request: 8 * gibibyte, usage: null, limit: null };
  const plan = madePlan([
    madeService('web', { replicas: 16, cpus: 0.1, gib: 1, parts: { memory: request } }),
  ]);
  const option = of(plan, 'runsc');
  expect([option.byRequests, option.byUsage?.value, option.needed?.value]).toEqual([4, 1, 4]);
  expect(option.binding[0]?.resource).toBe('memory.request');
});

test('podFixed counts as requested, and a limit stands for a request', () => {
  const costs = [madeCost('runc'), madeCost('runsc', { podFixed: { memoryBytes: 8 * gibibyte, cpus: 0 } })];
  const limit = { request: null, usage: null, limit: 8 * gibibyte };
  const plan = madePlan([madeService('web', { replicas: 4, cpus: 0.1, gib: 1, parts: { memory: limit } })], {
    costs,
  });
  expect([of(plan, 'runc').byRequests, of(plan, 'runsc').byRequests]).toEqual([1, 2]);
});

test('pods are a resource', () => {
  const plan = madePlan([madeService('web', { replicas: 10, cpus: 0.01, gib: 0.01 })], {
    hosts: [madeHost({ maxPods: 4 })],
  });
  expect(of(plan, 'runc')).toMatchObject({ needed: { value: 3 }, binding: [{ resource: 'pods', hosts: 3 }] });
});

test('the interval of a ratio becomes one of hosts, and of cost', () => {
  const ratio = { estimate: 2, low: 1.5, high: 3 };
  const plan = madePlan([madeService('web', { replicas: 80, cpus: 0.5, gib: 0.1, ratio })], {
    hosts: [madeHost({ price: 100 })],
    draws: 400,
  });
  const { needed, cost } = of(plan, 'runsc');
  expect(needed?.value).toBe(10);
  expect(needed?.low).toBeLessThanOrEqual(8);
  expect(needed?.high).toBeGreaterThanOrEqual(15);
  expect(cost).toEqual({ value: 1000, low: (needed?.low ?? 0) * 100, high: (needed?.high ?? 0) * 100 });
  // Natively nothing is uncertain.
  expect(of(plan, 'runc').needed).toEqual({ value: 5, median: 5, low: 5, high: 5 });
});

test('what both runtimes share does not blur their difference', () => {
  const uncertain = {
    ...madeService('web', { replicas: 100, cpus: 1, gib: 0.1 }),
    cpuUsage: { estimate: 1, low: 0.5, high: 2 },
  };
  const { frontiers } = madePlan([uncertain], { draws: 200 });
  // The same CPU time in every world: moving adds nothing, though nobody knows how much it is.
  expect(frontiers[0]?.moves[0]).toMatchObject({ added: 0, within: 1 });
  expect(frontiers[0]?.before.high).toBeGreaterThan((frontiers[0]?.before.low ?? 0) * 2);
});

test('the cheapest type of host is best, and without prices that of which the fewest are needed', () => {
  const services = [madeService('web', { replicas: 16, cpus: 1, gib: 1 })];
  const [small, large] = [madeHost({ name: 'small' }), madeHost({ name: 'large', cpus: 16 })];
  expect(madePlan(services, { hosts: [small, large] }).runtimes[0]?.best).toBe(1);
  const priced = [
    { ...small, price: 10 },
    { ...large, price: 30 },
  ];
  expect(madePlan(services, { hosts: priced }).runtimes[0]?.best).toBe(0);
});

test('a replica that is larger than any host is said, and there is no plan', () => {
  const plan = madePlan([madeService('web', { replicas: 1, cpus: 6, gib: 1, ratio: exactly(2) })]);
  expect(plan.runtimes[1]).toMatchObject({
    best: null,
    options: [{ needed: null, reason: 'a replica of web is larger than a host of this type' }],
  });
});

describe('what can move', () => {
  const ratios = { a: 3, b: 1.1, c: 2 };
  const services = Object.entries(ratios).map(([name, ratio]) =>
    madeService(name, { replicas: 80, cpus: 0.5, gib: 0.1, ratio: exactly(ratio) }),
  );

  test('moves the cheapest first, and stops at the budget', () => {
    const [frontier] = madePlan(services, { budget: 0.1 }).frontiers;
    expect(frontier).toMatchObject({ before: { value: 15 }, allowed: 16 });
    expect(frontier?.moves.map(({ service, added }) => [service, added])).toEqual([['b', 1]]);
    expect(frontier?.stays.map(({ service }) => service)).toEqual(['c', 'a']);
    const [all] = madePlan(services, { budget: 2 }).frontiers;
    expect(all?.moves.map(({ service }) => service)).toEqual(['b', 'c', 'a']);
  });

  test('never needs fewer hosts for more', () => {
    for (let seed = 0; seed < 6; seed++) {
      const many = Array.from({ length: 8 }, (_, i) =>
        madeService(`s${i}`, {
          replicas: 1 + ((seed * 7 + i * 5) % 11),
          cpus: 0.3 + ((seed + i * 3) % 7) / 2,
          gib: 1 + ((seed * 3 + i) % 9),
          ratio: exactly(1 + ((seed + i) % 5) / 4),
        }),
      );
      const [frontier] = madePlan(many, { budget: 5, draws: 20 }).frontiers;
      const hosts = [frontier?.before.value ?? 0, ...(frontier?.moves ?? []).map((step) => step.hosts.value)];
      expect(hosts).toEqual(hosts.toSorted((a, b) => a - b));
    }
  });

  test('does not take hosts that cannot be had', () => {
    const [frontier] = madePlan(services, { budget: 2, hosts: [madeHost({ count: 16 })] }).frontiers;
    expect(frontier?.allowed).toBe(16);
  });

  test('prices what it adds', () => {
    const [frontier] = madePlan(services, { budget: 2, hosts: [madeHost({ price: 7 })] }).frontiers;
    const [first] = frontier?.moves ?? [];
    expect(first?.addedCost).toBe(7 * (first?.added ?? 0));
  });

  test('leaves what may not move where it is', () => {
    const [a, ...others] = services;
    if (a === undefined) throw new Error('no service');
    const stays = { ...a, service: { ...a.service, runtimes: ['runc'] } };
    const plan = madePlan([stays, ...others], { budget: 5 });
    expect(plan.frontiers[0]?.cannot).toEqual(['a']);
    // Under runsc, a is counted as under runc: 5 hosts instead of 15.
    expect(of(plan, 'runsc').needed?.value).toBe(5 + 10 + 6);
    expect(plan.services[0]?.runtimes.map(({ runtime }) => runtime)).toEqual(['runc']);
  });
});
