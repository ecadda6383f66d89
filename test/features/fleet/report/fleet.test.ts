import { expect, test } from 'vitest';
import { translate } from '../../../../src/core/messages/translate.ts';
import { leadOf } from '../../../../src/features/fleet/report/lead.ts';
import { estimateTable } from '../../../../src/features/fleet/report/tables.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { madeFleet } from '../merge/made-fleet.ts';

const fleet = madeFleet(['a', 'b', 'c', 'd'].map((name) => ({ name })));
const said = (of: typeof fleet) => leadOf(of, 'en').map((message) => translate(message, 'en'));
/** crun in one category, at a layer and in two engines. */
const layered = {
  ...fleet,
  categories: fleet.categories
    .filter(({ runtime, category }) => runtime === 'crun' && category === 'startup')
    .flatMap((each) => {
      const at = (cost: number) => ({ ...each, cost, mean: { ...each.mean, cost } });
      return [
        { ...at(0.5), layer: 'containerd' as const },
        { ...at(0.8), engine: 'docker-26' },
        { ...at(0.7), engine: 'docker-28' },
      ];
    }),
};

test('the sentence of a fleet is of what users get, and names it where there are several', () => {
  expect(said(layered)).toEqual([
    expect.stringMatching(
      /^On 4 hosts, crun costs 0\.80× relative to runc in starting and stopping \(engine docker-26\); hosts do not differ/,
    ),
  ]);
  expect(said(fleet)[0]).not.toContain('(engine');
});

test('of a single host nothing is said of differences between hosts', () => {
  const alone = madeFleet([{ name: 'a' }]);
  for (const sentence of said(alone).slice(0, 2)) expect(sentence).toMatch(/^On one host, [^;]*\.$/);
});

test('a table tells its rows apart in Markdown, too', () => {
  const text = renderMarkdown([estimateTable(layered, 'en')], 'en', '');
  for (const place of ['layer containerd', 'engine docker-26', 'engine docker-28'])
    expect(text).toContain(`| \`crun\` | Startup (${place}) |`);
});
