import { expect, test } from 'vitest';
import type { GateResult } from '../../../../../src/core/model/analysis/gate.ts';
import { gateSuite } from '../../../../../src/features/nightly/history/exports/gate-suite.ts';
import { junit } from '../../../../../src/features/nightly/history/exports/junit.ts';
import { contentOf, nights, sourceOf } from './history.ts';

const result = (verdict: GateResult['verdict'], changes: Partial<GateResult> = {}): GateResult => ({
  kind: 'gate',
  expression: `runsc startup/echo < 2.1x (${verdict})`,
  verdict,
  unit: null,
  estimate: 1.85,
  interval: { low: 1.7, high: 2.3 },
  limit: 2.1,
  message: `why ${verdict}`,
  ...changes,
});
const gate = [result('holds'), result('broken'), result('cannot-tell', { estimate: null, interval: null })];

test('a limit is a test with three answers', () => {
  const { cases } = gateSuite(gate, { at: '2026-01-01T02:00:00.000Z' });
  expect(cases.map(({ outcome }) => outcome)).toEqual([
    { kind: 'passed' },
    { kind: 'failure', message: 'why broken', type: 'broken', text: '1.85× [1.70, 2.30]' },
    { kind: 'skipped', message: 'why cannot-tell', type: 'cannot-tell', text: '' },
  ]);
});

test('the gate of a night is a suite beside its series', () => {
  const xml = contentOf(junit(sourceOf(nights(20), { gate })));
  expect(xml).toContain(
    '<testsuite name="ocibench nightly gate" tests="3" failures="1" errors="0" skipped="1"',
  );
  expect(contentOf(junit(sourceOf(nights(20))))).not.toContain('ocibench nightly gate');
});
