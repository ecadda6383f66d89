import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributionOf } from '../../../../src/features/capacity/predict/attribution.ts';
import { featureIds } from '../../../../src/features/capacity/predict/prediction.ts';

const subject = { runtime: 'runsc', subject: 'app/tar', per: 'unit', nativeNs: 1000 } as const;

test('names the causes, greatest first, and leaves out what costs nothing or was not counted', () => {
  const found = attributionOf({
    ...subject,
    features: { 'call.trap': 2, 'call.open': 3, faults: 5, execs: 0 },
    costs: { 'call.trap': 100, 'call.open': 400, execs: 1e6, threads: 1e5 },
    measuredNs: null,
  });
  expect(found.causes).toEqual([
    { cause: 'call.open', count: 3, ns: 1200 },
    { cause: 'call.trap', count: 2, ns: 200 },
  ]);
  expect(found).toMatchObject({ subjectNs: 2400, measured: false });
});

test('shows what no cause explains as the rest, which can be negative', () => {
  const of = (measuredNs: number) =>
    attributionOf({ ...subject, features: { faults: 10 }, costs: { faults: 50 }, measuredNs });
  expect(of(2000).causes.at(-1)).toEqual({ cause: 'rest', count: null, ns: 500 });
  expect(of(1400).causes.at(-1)).toEqual({ cause: 'rest', count: null, ns: -100 });
  expect(of(2000)).toMatchObject({ subjectNs: 2000, measured: true });
});

test('adds up to the whole, whatever is counted', () => {
  const amounts = fc.record(
    Object.fromEntries(featureIds.map((id) => [id, fc.double({ min: 0, max: 1e6, noNaN: true })])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.option(fc.double({ min: 1, max: 1e9, noNaN: true })),
      (features, costs, measuredNs) => {
        const { causes, subjectNs, nativeNs } = attributionOf({ ...subject, features, costs, measuredNs });
        const sum = causes.reduce((total, { ns }) => total + ns, nativeNs);
        expect(Math.abs(sum - subjectNs)).toBeLessThanOrEqual(1e-9 * Math.max(sum, subjectNs, 1e9));
      },
    ),
  );
});
