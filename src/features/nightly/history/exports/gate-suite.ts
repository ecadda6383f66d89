import { localized } from '../../../../core/messages/record.ts';
import type { GateResult } from '../../../../core/model/analysis/gate.ts';
import type { TestCase, TestOutcome, TestSuite } from '../../../../report/renderers/junit.ts';
import { gateFigure } from '../../../../report/tables/gate-table.ts';
import type { NightLine } from '../record.ts';

/** The limits of the configuration as tests: a broken limit fails, one with the verdict `cannot-tell` is skipped. */
export function gateSuite(results: readonly GateResult[], { at }: Pick<NightLine, 'at'>): TestSuite {
  return {
    name: 'ocibench nightly gate',
    at,
    seconds: 0,
    remarks: '',
    cases: results.map(caseOf),
  };
}

function caseOf(result: GateResult): TestCase {
  const message = localized(result, 'message', 'en').text;
  const text = gateFigure(result, 'en') ?? '';
  const outcomes: Readonly<Record<GateResult['verdict'], TestOutcome>> = {
    holds: { kind: 'passed' },
    broken: { kind: 'failure', message, type: 'broken', text },
    'cannot-tell': { kind: 'skipped', message, type: 'cannot-tell', text },
  };
  return {
    name: result.expression,
    classname: 'ocibench.gate',
    outcome: outcomes[result.verdict],
    output: [text, message].filter((part) => part !== '').join('; '),
  };
}
