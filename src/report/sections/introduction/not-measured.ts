import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, quiet } from '../../document.ts';
import { categoryOrder } from '../../labels.ts';
import { categoryInText } from '../../words/category.ts';

const words = messages('section.notMeasured', {
  preset: 'Not measured in {preset}: {what}.',
  chosen: 'Not measured, as others were asked for: {what}.',
  many: 'many containers at once',
});

/** What a reader may look for and the run was not made for: whole categories, and many containers side by side. */
export function notMeasuredHere({ run, t }: ReportContext): readonly Block[] {
  const { subjects, config } = run;
  const categories = categoryOrder.filter((one) => !subjects.some(({ category }) => category === one));
  const hasMany = subjects.some(({ workload }) => workload === 'startup/density');
  const names: readonly Message[] = [
    ...categories.map((category) => categoryInText[category]),
    ...(hasMany ? [] : [words.many]),
  ];
  if (names.length === 0) return [];
  const what = listed(names, 'comma');
  const said =
    config.workloads === null ? words.preset({ preset: config.preset, what }) : words.chosen({ what });
  return [quiet(t(said))];
}
