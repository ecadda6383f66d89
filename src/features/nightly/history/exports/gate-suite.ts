import type { Lang } from '../../../../core/messages/message.ts';
import { localized } from '../../../../core/messages/record.ts';
import type { GateResult } from '../../../../core/model/gate.ts';
import { gateFigure } from '../../../../report/gate-figure.ts';
import type { NightLine } from '../record.ts';
import type { TestCase, TestOutcome, TestSuite } from './junit-xml.ts';

/** The limits of the configuration as tests: one that is broken fails, one that cannot be told is skipped. */
export function gateSuite(
  results: readonly GateResult[],
  { at }: Pick<NightLine, 'at'>,
  lang: Lang,
): TestSuite {
  return {
    name: 'ocibench gate',
    at,
    seconds: 0,
    remarks: '',
    cases: results.map((each) => caseOf(each, lang)),
  };
}

function caseOf(result: GateResult, lang: Lang): TestCase {
  const message = localized(result, 'message', lang).text;
  const text = gateFigure(result, lang) ?? '';
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
