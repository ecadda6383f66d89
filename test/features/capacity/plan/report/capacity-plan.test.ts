import { describe, expect, test } from 'vitest';
import type { CapacityPlan } from '../../../../../src/features/capacity/plan/capacity-plan.ts';
import { planCharts } from '../../../../../src/features/capacity/plan/report/charts.ts';
import { planPage } from '../../../../../src/features/capacity/plan/report/page.ts';
import { planTable } from '../../../../../src/features/capacity/plan/report/terminal.ts';
import { exactly } from '../../../../../src/features/capacity/plan/runtime-cost.ts';
import { renderSvg } from '../../../../../src/report/render/svg.ts';
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

async function page(of: CapacityPlan, lang: 'en' | 'fr') {
  const charts = planCharts(of, lang);
  const svgs = Object.fromEntries(
    await Promise.all(
      charts.map(async ({ id, wide, narrow }) => {
        const [one, other] = [await renderSvg(wide), await renderSvg(narrow)];
        expect([...one.warnings, ...other.warnings]).toEqual([]);
        return [id, { wide: one.svg, narrow: other.svg }] as const;
      }),
    ),
  );
  return planPage(of, lang, charts, svgs);
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

test('bars have the colours of their runtimes, as in every chart, and say what they are', () => {
  const made = plan();
  const known = { ...made, runtimes: made.runtimes.map((each) => ({ ...each, family: each.runtime })) };
  const [hosts, taken, frontier] = planCharts(known, 'en').map(({ wide }) => wide);
  for (const spec of [hosts, taken]) {
    const { values } = (spec as { data: { values: { row: string; color: string; label: string }[] } }).data;
    for (const { row, color } of values) expect(color).toBe(row.startsWith('runc') ? '#0072b2' : '#009e73');
    expect(new Set(values.map(({ row }) => row)).size).toBe(2);
    for (const { label } of values) expect(label).toMatch(/^[\d.]+%? .*[a-z]$/i);
  }
  expect(JSON.stringify(frontier)).toContain('"color":"#009e73"');
});

describe.each(['en', 'fr'] as const)('the page in %s', (lang) => {
  test('has tables and pictures, and nothing that runs or is loaded', async () => {
    const html = await page(plan(), lang);
    expect(html.match(/<figure /g)).toHaveLength(3);
    expect(html.match(/<svg /g)).toHaveLength(6);
    expect(html).not.toMatch(/<script|\son\w+=|src=|url\(http|@import/);
    expect(html).toMatch(/default-src 'none'/);
  });

  test('escapes what others named', async () => {
    const html = await page(plan(hostile), lang);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    expect(planTable(plan(hostile), { lang })).not.toContain('\u001b');
  });
});

test('without a plan there are reasons instead of pictures', async () => {
  const none = madePlan([madeService('web', { replicas: 1, cpus: 60, gib: 1 })]);
  expect(planCharts(none, 'en')).toEqual([]);
  const html = await page(none, 'en');
  expect(html).toContain('a replica of web is larger than a host of this type');
  expect(html).toContain('they do not fit on the hosts of this file');
});
