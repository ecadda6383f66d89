import { joined, listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import type { EffectLeftOut } from '../core/model/run-comparison.ts';
import { effectWords } from './effects.ts';
import { terminalText } from './sanitize.ts';

const words = messages('effectsLeftOut', {
  design:
    'The options of {design} are not compared: only the {which, select, before {earlier} other {later}} run varies them.',
  base: 'The options of {design} are not compared: they were those of {was} and are now those of {is}.',
  effect: '{effect} ({design}) is not compared: the earlier run has {was}, the later one {is}.',
  factors:
    '{effect} ({design}) is not compared: in the earlier run it is the mean over {was}, in the later one over {is}.',
  arms: '{effect} ({design}) of {workloads} is not compared: it is told by other combinations. {only}',
  onlyBefore: 'Only the earlier run has values of {arms}.',
  onlyAfter: 'Only the later run has values of {arms}.',
  untold:
    '{effect} ({design}) of {workloads} is not compared: the {which, select, before {later} other {earlier}} run does not tell it.',
  noOption: 'none of this option',
  noOther: 'no other option',
  more: '{n} more {n, plural, one {reason} other {reasons}} why an effect is not compared: --json.',
});

/** Reasons that are told beside a table; all are in the JSON. */
const maxReasons = 8;

/** Why effects of two runs are not compared, a sentence a reason. */
export function leftOutSentences(leftOut: readonly EffectLeftOut[]): readonly Message[] {
  const more = leftOut.length - maxReasons;
  return [...leftOut.slice(0, maxReasons).map(sentenceOf), ...(more > 0 ? [words.more({ n: more })] : [])];
}

function sentenceOf({ design: name, effect, workloads, why, was, is }: EffectLeftOut): Message {
  const design = terminalText(name, 60);
  const which = was === null ? 'after' : 'before';
  const values = (none: Message) => ({
    was: was === null ? none : terminalText(was, 200),
    is: is === null ? none : terminalText(is, 200),
  });
  if (effect === undefined)
    return why === 'base'
      ? words.base({ design, ...values(words.noOption) })
      : words.design({ design, which });
  const about = {
    effect: effectWords(shown(effect)),
    design,
    workloads: listed(
      workloads.map((workload) => terminalText(workload, 60)),
      'and',
    ),
  };
  if (why === 'factors') return words.factors({ ...about, ...values(words.noOther) });
  if (why === 'untold') return words.untold({ ...about, which });
  if (why !== 'arms') return words.effect({ ...about, ...values(words.noOption) });
  const only = [
    ...(was === null ? [] : [words.onlyBefore({ arms: terminalText(was, 400) })]),
    ...(is === null ? [] : [words.onlyAfter({ arms: terminalText(is, 400) })]),
  ];
  return words.arms({ ...about, only: joined(only, 'space') });
}

/** Names and values come from a record that others may have written. */
function shown(effect: NonNullable<EffectLeftOut['effect']>): NonNullable<EffectLeftOut['effect']> {
  const one = ({ factor, level, reference }: typeof effect) => ({
    factor: terminalText(factor, 60),
    level: terminalText(level, 60),
    reference: terminalText(reference, 60),
  });
  return { ...one(effect), ...(effect.beside === undefined ? {} : { beside: one(effect.beside) }) };
}
