import { describe, expect, test } from 'vitest';
import { shownRows } from '../../../src/report/findings/shown-rows.ts';
import { analysePublished, referenceArchive } from '../../core/analyze/published.ts';
import { expectOneValue } from './one-value.ts';

describe('the rows of the published reference run, as they are shown', async () => {
  const { rows } = (await analysePublished(referenceArchive)).analysis;

  test('say the same by value, difference and ratio', () => {
    expect(rows.length).toBeGreaterThan(2000);
    expect(expectOneValue(rows, shownRows(rows))).toBeGreaterThan(1000);
  });
});
