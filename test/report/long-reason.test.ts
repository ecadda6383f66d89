import { expect, test } from 'vitest';
import { external } from '../../src/core/messages/compose.ts';
import { recorded } from '../../src/core/messages/record.ts';
import { briefly } from '../../src/report/document/document.ts';
import { renderTexts } from '../../src/report/report.ts';
import { syntheticRun } from './support.ts';

const words = `failed to create shim task: ${'a very long complaint of the engine '.repeat(14)}whose end is here`;

/** Runtimes that cannot run, for a reason that nobody knows: the engine's own words stand in it. */
function report(lang: 'en' | 'fr'): string {
  const input = syntheticRun();
  const run = {
    ...input.run,
    runtimes: input.run.runtimes.map((runtime) =>
      runtime.preflight.status === 'available'
        ? runtime
        : {
            ...runtime,
            preflight: {
              ...runtime.preflight,
              ...recorded({
                reason: external(
                  `the engine could not start a container with this runtime, for an unknown reason: ${words}`,
                ),
              }),
              error: words,
            },
          },
    ),
  };
  const texts = renderTexts({ ...input, run, lang, svgs: {}, chartsHref: '' });
  return (texts.find(({ path }) => path === 'report.md')?.content ?? '').replaceAll('\\', '');
}

test.each(['en', 'fr'] as const)(
  'an engine’s long words stand in the report once for each runtime, in %s',
  (lang) => {
    const text = report(lang);
    const entries = syntheticRun().run.runtimes.filter(({ preflight }) => preflight.status === 'unavailable');
    expect(text.split('whose end is here')).toHaveLength(entries.length + 1);
    expect(text.split('failed to create shim task').length).toBeGreaterThan(entries.length + 1);
  },
);

test('what is short stays whole, and what is long is cut at a word', () => {
  expect(briefly('Kata has no guest image')).toBe('Kata has no guest image');
  const cut = briefly(words);
  expect(cut.length).toBeLessThanOrEqual(241);
  expect(cut).toMatch(/^failed to .*[a-z]…$/);
  expect(words.startsWith(cut.slice(0, -1))).toBe(true);
  expect(briefly('x'.repeat(1_000)).length).toBeLessThanOrEqual(241);
});
