import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';

/** Words that several charts share. */
export const chartWords = messages('chart', {
  n: 'n = {n}',
  nBetween: 'n = {low} to {high}',
  emulated: 'Emulated processor ({by}): for demonstration only, not for decisions',
  emulatedTimes: 'Emulated guest: {names}; these times are the emulator’s.',
  emulatedMemory: 'Emulated guest: {names}; this memory holds the code that the emulator translated.',
  emulatedBoth: 'Emulated guest: {names}; these times and this memory are the emulator’s.',
  partOf: '{what} ({part} of {all})',
  logAxis: '{axis} (log scale)',
  timeAxis: 'time in {unit}',
  costAxis:
    'cost ÷ cost of {baseline} (log scale; right of 1× costs more{inverted, select, yes {; rates inverted} other {}})',
  valueOf: '{metric}: {value}',
  valuesDrawn: '{shown} of {all} values drawn',
  subjectsShown: '{shown} of {all} tests: claimed differences first, then the largest',
  paramsElided: 'parameters that all tests share are left out',
  notMeasured: '{runtime}: not measured',
  wholeLine: 'line: {confidence} CI of the whole',
  noValue: 'not measured',
  noRatio: 'no runtime has a ratio to the baseline',
  noStart: 'no startup workload has values',
});

/** `n = 8`, or the minimum and the maximum number of values behind a point. */
export function countOfValues(counts: readonly number[]): Message {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return low === high ? chartWords.n({ n: low }) : chartWords.nBetween({ low, high });
}

/** The title of an axis, marked if the axis is logarithmic. */
export function axisTitle(axis: Message, log: boolean): Message {
  return log ? chartWords.logAxis({ axis }) : axis;
}
