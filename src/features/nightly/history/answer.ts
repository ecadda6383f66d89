import { median } from 'simple-statistics';
import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { categoryInText } from '../../../report/words/category.ts';
import { formatChange } from './alarm-text.ts';
import { leastNights } from './alarm-thresholds.ts';
import { type FindableStep, findableSteps } from './findable.ts';
import { type GroundChange, groundChanges } from './ground.ts';
import type { History } from './recorded-series.ts';
import { evaluateSeries, type SeriesState } from './series-state.ts';
import { suspicionOf } from './suspicion.ts';

const words = messages('history.answer', {
  states:
    '{steady, plural, =0 {no series is steady} one {1 series is steady} other {{steady} series are steady}}; {suspect} suspect, {learning} learning (they need {least} nights)',
  ground: 'since the night of {night}: {changes}. Effect on the unchanged pinned copies: {costs}',
  tooEarly: 'too few nights to tell',
  cost: '{category} {change} [{low}, {high}]',
  change: '{what} {was} → {is}',
  findable:
    'smallest change that raises an alarm here (median of the series relative to their pins): {one} in one night, {three} in three, {seven} in seven',
  found:
    'Smallest change that raises an alarm at this noise: {one} in one night, {three} in three, {seven} in seven.',
  none: 'none up to 100%',
});

/** Names of what changed that are words; the others are names of programs. */
const names = messages('history.answer.what', {
  kernel: 'kernel',
  governor: 'governor',
  engine: 'engine',
});

/** How many changes of the ground are told, the newest. */
const told = 3;

/** What a history says of a host, beside its open alarms. */
export interface HistoryAnswer {
  readonly ground: readonly GroundChange[];
  /** Series to a pin → the smallest steps found; series that are being learnt are left out. */
  readonly findable: ReadonlyMap<string, readonly FindableStep[]>;
  readonly states: { readonly steady: number; readonly suspect: number; readonly learning: number };
}

/** What a history says of a host. `all`: its evaluated series. */
export function historyAnswer(
  history: History,
  host: string,
  all: readonly SeriesState[] = evaluateSeries(history, host),
): HistoryAnswer {
  const recent = all.filter(({ isRecent }) => isRecent);
  const count = (isIn: (one: SeriesState) => boolean) => recent.filter(isIn).length;
  const findable = recent.flatMap(
    ({ series, detector }): readonly (readonly [string, readonly FindableStep[]])[] => {
      const steps = series.against === 'pin' ? findableSteps(series, detector) : null;
      return steps === null ? [] : [[series.id, steps]];
    },
  );
  return {
    ground: groundChanges(all.map(({ series }) => series)),
    findable: new Map(findable),
    states: {
      steady: count(({ finding }) => finding.kind === 'quiet'),
      suspect: count(({ finding }) => suspicionOf(finding) !== null),
      learning: count(({ finding }) => finding.kind === 'learning'),
    },
  };
}

/** The answer in sentences. */
export function answerText({ ground, findable, states }: HistoryAnswer, lang: Lang): readonly Message[] {
  return [
    words.states({ ...states, least: leastNights }),
    ...ground.slice(-told).map((change) => groundText(change, lang)),
    ...(findable.size === 0 ? [] : [medianText([...findable.values()], lang)]),
  ];
}

function groundText({ night, changes, costs }: GroundChange, lang: Lang): Message {
  const change = (ratio: number) => formatChange(ratio, lang);
  const said = costs.map((cost) =>
    words.cost({
      category: categoryInText[cost.category],
      change: change(cost.change),
      low: change(cost.low),
      high: change(cost.high),
    }),
  );
  return words.ground({
    night,
    changes: listed(
      changes.map(({ name, before, after }) =>
        words.change({ what: lookup(names, name) ?? name, was: before, is: after }),
      ),
      'semicolon',
    ),
    costs: said.length === 0 ? words.tooEarly : joined(said, 'semicolon'),
  });
}

function medianText(all: readonly (readonly FindableStep[])[], lang: Lang): Message {
  const middles = [0, 1, 2].map((at) => {
    const middle = median(all.map((steps) => steps[at]?.step ?? Number.POSITIVE_INFINITY));
    return { step: Number.isFinite(middle) ? middle : null };
  });
  return words.findable(stepTexts(middles, lang));
}

/** What could be found in a series, as a sentence. */
export function findableText(steps: readonly FindableStep[], lang: Lang): Message {
  return words.found(stepTexts(steps, lang));
}

function stepTexts(steps: readonly Pick<FindableStep, 'step'>[], lang: Lang) {
  const [one = words.none, three = words.none, seven = words.none] = steps.map(({ step }) =>
    step === null ? words.none : formatChange(step, lang),
  );
  return { one, three, seven };
}

/** The hosts of a history, the one with the newest night last. */
export function hostsOf({ nights }: History): readonly string[] {
  return [...new Set(nights.toReversed().map(({ host }) => host))].toReversed();
}
