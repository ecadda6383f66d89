import { describe, expect, test } from 'vitest';
import type { CapacityPlan } from '../../../../../src/features/capacity/plan/capacity-plan.ts';
import { planPage } from '../../../../../src/features/capacity/plan/report/page.ts';
import { planTable } from '../../../../../src/features/capacity/plan/report/terminal.ts';
import { exactly } from '../../../../../src/features/capacity/plan/runtime-cost.ts';
import { madeCost, madeHost, madePlan, madeService } from '../made.ts';

const hostile = '<img src=x onerror=alert(1)>\u001b[31m';

function plan(runtime = 'runsc'): CapacityPlan {
  const storm = { storm: { replicas: 5, withinMs: 1000 } };
  const ratio = { estimate: 1.5, low: 1.2, high: 2 };
  return madePlan(
    [
      madeService('web', { replicas: 40, cpus: 0.5, gib: 0.5, ratio, parts: storm, runtimes: [runtime] }),
      madeService('cache', { replicas: 4, cpus: 1, gib: 8, ratio: exactly(3), runtimes: [runtime] }),
    ],
    {
      costs: [madeCost('runc'), madeCost(runtime)],
      hosts: [madeHost({ price: 200 }), madeHost({ name: 'large', cpus: 32, price: 700, maxPods: 50 })],
    },
  );
}

test('the table says hosts, what is full, what moves, replicas and storms', () => {
  const shown = planTable(plan(), { lang: 'en' });
  for (const part of [
    'Under runc, the 2 services need 3 hosts of host.',
    /With\sat most 10%\s+more\s+hosts, \d of 2 can\s+move to runsc/,
    /runc +host +3 .*CPU in use: \d.* 600 EUR/,
    /web × 40 +runc +1\.00× +0\.500/,
    /runsc +1\.50× \[1\.20, 2\.00\]/,
    /runc +web +5\.00 .*(yes|no: )/,
  ])
    expect(shown).toMatch(part);
});

test('the table is in French too', () => {
  const shown = planTable(plan(), { lang: 'fr' });
  expect(shown).toContain('Sous runc, il faut aux 2 services 3 hôtes de host.');
  expect(shown).toContain('600\u202fEUR');
});

describe.each(['en', 'fr'] as const)('the page in %s', (lang) => {
  test('has tables, and nothing that runs or is loaded', () => {
    const html = planPage(plan(), lang);
    expect(html.match(/<table/g)).toHaveLength(5);
    expect(html).not.toMatch(/<script|\son\w+=|src=|url\(http|@import/);
    expect(html).toMatch(/default-src 'none'/);
  });

  test('escapes what others named', () => {
    const html = planPage(plan(hostile), lang);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    expect(planTable(plan(hostile), { lang })).not.toContain('\u001b');
  });
});

test('without a plan there are reasons', () => {
  const none = madePlan([madeService('web', { replicas: 1, cpus: 60, gib: 1 })]);
  const html = planPage(none, 'en');
  expect(html).toContain('a replica of web is larger than a host of this type');
  expect(html).toContain('they do not fit on the hosts of this file');
});
