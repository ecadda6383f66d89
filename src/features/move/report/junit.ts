import { localized } from '../../../core/messages/record.ts';
import { translate } from '../../../core/messages/translate.ts';
import { junitXml, type TestCase, type TestOutcome } from '../../../report/renderers/junit.ts';
import type { MoveRecord, MoveVerdict } from '../record.ts';
import { leadsOf } from './lead.ts';
import { worseShown } from './since.ts';

/** Verdicts that are no pass, as JUnit has them. */
const kinds = { cannot: 'failure', unknown: 'error', 'not-tried': 'skipped', stays: 'skipped' } as const;

/**
 * A move as tests for CI services: each service under each target, and with `--compare` what became worse. What was so before,
 * and had been compared with, is skipped.
 */
export function moveJunit(move: MoveRecord): string {
  const { verdicts, since, noCost, startedAt, trials, stack } = move;
  const classname = (runtime: string) => `ocibench.move.${runtime}`;
  const isWorse = ({ service, runtime }: MoveVerdict) =>
    since?.worse.some((one) => one.service === service && one.runtime === runtime) ?? true;
  const services = verdicts.map((each): TestCase => {
    const { service, runtime, verdict } = each;
    const [message, text] = [localized(each, 'why', 'en').text, localized(each, 'fix', 'en').text];
    const kind = verdict === 'moves' ? 'skipped' : isWorse(each) ? kinds[verdict] : 'skipped';
    const isPassed = verdict === 'moves' && message === '';
    const outcome: TestOutcome = isPassed ? { kind: 'passed' } : { kind, message, type: verdict, text };
    return { name: service, classname: classname(runtime), outcome, output: '' };
  });
  const costs = (since?.worse ?? []).flatMap((one): readonly TestCase[] => {
    const message = translate(worseShown(one, 'en'), 'en');
    const outcome: TestOutcome = { kind: 'failure', message, type: 'worse', text: '' };
    return one.metric === null
      ? []
      : [{ name: one.metric, classname: classname(one.runtime), outcome, output: '' }];
  });
  const missing = noCost === undefined ? '' : localized(noCost, 'why', 'en').text;
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const remarks = [...leadsOf(move, 'en'), missing].filter((line) => line !== '').join('\n');
  const suite = {
    name: `ocibench move ${stack.name}`,
    at: startedAt,
    cases: [...services, ...costs],
    remarks,
  };
  return junitXml([{ ...suite, seconds }]);
}
