import type { Gate, Limit } from '../../../core/gate/limit.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import type { GateResult, GateVerdict } from '../../../core/model/analysis/gate.ts';
import { untilName } from '../../../core/model/trial/subject-name.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import {
  askedOf,
  disturbedShare,
  expressionOf,
  type FigureResult,
  type GateCase,
  type GateEvidence,
  type GateFigure,
  intervalOf,
  missing,
  mostDisturbed,
} from './evidence.ts';
import { nightFigure, ownFigure, pinnedFigure, type ReferenceNights } from './night-figure.ts';

/** Change against the run that this one is compared with; that run takes the place of the last night. */
function changeFigure(
  { gate: { runtime, layer }, workload, params }: GateCase,
  { baseline, changes, neighbours }: NonNullable<GateEvidence['changes']>,
): FigureResult {
  const found = changes.find(
    (change) =>
      change.runtime === runtime &&
      change.workload === workload &&
      change.params === params &&
      change.layer === layer,
  );
  if (found === undefined || found.ratio === null) return { why: missing.notCompared };
  if (neighbours?.workloads.includes(workload)) return { why: missing.neighbours };
  const { ratio, low, high, basis } = found;
  const reference = basis === 'relative' ? baseline : null;
  return { figure: { estimate: ratio, interval: intervalOf(low, high), unit: null, reference } };
}

const words = messages('gate', { below: 'below', above: 'above' });
const text = notices('gate', {
  clear: 'the whole interval is {side} {limit}',
  within: 'the interval includes the limit; more blocks of {cell} may decide',
  fewBlocks: 'too few blocks for an interval',
  disturbed: '{share} of its trials were disturbed',
  depends: 'without the {share} of its trials that were disturbed, the answer changes',
});

/** Evidence and references for judging gates. */
export interface GateInput {
  readonly whole: GateEvidence;
  /** null if no trial ran while the host was disturbed. */
  readonly undisturbed: GateEvidence | null;
  readonly trials: readonly TrialRecord[];
  readonly nights: ReferenceNights;
  /** Names of the baseline: the runtime and its pinned copy. */
  readonly baselines: readonly string[];
}

/** The verdict on every limit, in the order of the configuration. */
export function judge(gates: readonly Gate[], judged: GateInput): readonly GateResult[] {
  return gates.flatMap((gate) =>
    askedOf(gate, judged.whole.run).map((asked): GateResult => {
      const { figure, verdict, why } = answer(asked, judged);
      const { limit, subject } = gate;
      const ofValue = subject.kind === 'workload' && limit.unit !== 'x' ? subject.unit : null;
      const { message, messages: refs } = recorded({ message: why });
      return {
        kind: 'gate',
        expression: expressionOf(asked),
        verdict,
        estimate: figure?.estimate ?? null,
        interval: figure?.interval ?? null,
        limit: limit.value,
        unit: ofValue,
        message,
        messages: refs,
      };
    }),
  );
}

interface Answer {
  readonly figure: GateFigure | null;
  readonly verdict: GateVerdict;
  readonly why: Message;
}

/** The verdict of the whole run; `cannot-tell` if it depends on trials that ran while the host was disturbed. */
function answer(asked: GateCase, judged: GateInput): Answer {
  const found = figureOf(asked, judged.whole, judged);
  if ('why' in found) return { figure: null, verdict: 'cannot-tell', why: found.why };
  const { figure } = found;
  const verdict = verdictOf(asked.gate.limit, figure);
  const share = disturbedShare(asked, figure.reference, judged.whole.run, judged.trials);
  const shown = quantity(share * 100, ' %');
  if (share > mostDisturbed) return { figure, verdict: 'cannot-tell', why: text.disturbed({ share: shown }) };
  if (share > 0 && judged.undisturbed !== null) {
    const rest = figureOf(asked, judged.undisturbed, judged);
    const without = 'why' in rest ? 'cannot-tell' : verdictOf(asked.gate.limit, rest.figure);
    if (without !== verdict) return { figure, verdict: 'cannot-tell', why: text.depends({ share: shown }) };
  }
  return { figure, verdict, why: explained(asked, figure, verdict) };
}

function figureOf(asked: GateCase, evidence: GateEvidence, { nights, baselines }: GateInput): FigureResult {
  switch (asked.gate.vs) {
    case null:
    case 'baseline':
      return ownFigure(asked, evidence, baselines);
    case 'pinned':
      return pinnedFigure(asked, evidence);
    case 'last':
      return evidence.changes === null
        ? nightFigure(asked, evidence, nights)
        : changeFigure(asked, evidence.changes);
    case 'accepted':
      return nightFigure(asked, evidence, nights);
  }
}

/** A limit holds, or is broken, only if both ends of the interval agree; otherwise `cannot-tell`. */
export function verdictOf(
  { operator, value }: Pick<Limit, 'operator' | 'value'>,
  { interval }: GateFigure,
): GateVerdict {
  if (interval === null) return 'cannot-tell';
  const keeps = {
    '<': (x: number) => x < value,
    '<=': (x: number) => x <= value,
    '>': (x: number) => x > value,
    '>=': (x: number) => x >= value,
  }[operator];
  const [low, high] = [keeps(interval.low), keeps(interval.high)];
  return low && high ? 'holds' : low || high ? 'cannot-tell' : 'broken';
}

function explained(
  { gate, workload, params }: GateCase,
  { interval }: GateFigure,
  verdict: GateVerdict,
): Message {
  const { runtime, limit } = gate;
  if (interval === null) return text.fewBlocks;
  if (verdict === 'cannot-tell') return text.within({ cell: untilName({ workload, params, runtime }) });
  const isBelow = limit.operator.startsWith('<') === (verdict === 'holds');
  return text.clear({ side: isBelow ? words.below : words.above, limit: limit.text.replace(/^\S+ /, '') });
}
