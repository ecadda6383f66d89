import { describe, expect, test } from 'vitest';
import { translate } from '../../../src/core/messages/translate.ts';
import { lookup } from '../../../src/core/model/nearest.ts';
import { words } from '../../../src/report/words/common.ts';
import { factName } from '../../../src/report/words/fact.ts';
import { metricName } from '../../../src/report/words/metric.ts';
import { noiseFlagName } from '../../../src/report/words/noise-flag.ts';
import { stopReasonName } from '../../../src/report/words/step.ts';

test.each([
  [0, '0 failed', '0 échec'],
  [1, '1 failed', '1 échec'],
  [2, '2 failed', '2 échecs'],
])('French counts none as one: %d', (n, english, french) => {
  expect(translate(words.failed({ n }), 'en')).toBe(english);
  expect(translate(words.failed({ n }), 'fr')).toBe(french);
});

describe('a word that a record asks for by name', () => {
  test('is said in the reader’s language', () => {
    expect(metricName('startup.create', 'fr')).toBe('création');
    expect(translate(factName('kernel.release'), 'fr')).toBe('noyau à l’intérieur');
    expect(translate(noiseFlagName('steal>5%'), 'en')).toBe('CPU taken by the hypervisor (steal) above 5%');
    expect(translate(noiseFlagName('steal>5%'), 'fr')).toBe(
      'CPU pris par l’hyperviseur (steal) au-delà de 5\u202f%',
    );
    expect(translate(noiseFlagName('swap-in'), 'fr')).toBe('pages relues depuis le swap');
    expect(translate(stopReasonName('max-time'), 'fr')).toBe('à la limite de temps');
  });

  test('is its name where this version does not know it', () => {
    expect(metricName('checkout.orders', 'en')).toBe('checkout.orders');
    for (const named of [factName, noiseFlagName, stopReasonName])
      for (const name of ['moon-phase', 'constructor', '__proto__'])
        expect(translate(named(name), 'fr')).toBe(name);
    expect(lookup({ a: 1 }, 'constructor')).toBeUndefined();
  });
});
