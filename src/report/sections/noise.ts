import type { Lang } from '../../messages/message.ts';
import { formatNumber } from '../../messages/number.ts';
import type { Sensitivity, Unsteady } from '../../model/analysis.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  code,
  heading,
  paragraph,
  quote,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { subjectLabel } from '../labels.ts';
import { type Messages, noiseLabel } from '../messages/index.ts';

/** What disturbed the measurement: flagged trials, doubtful checks of the host, leaked processes. */
export function noiseSection({ m, run, trials, analysis, lang }: ReportContext): readonly Block[] {
  const blocks: Block[] = [];
  const doubts = run.checks.filter(({ status }) => status === 'warn' || status === 'fail');
  if (doubts.length > 0)
    blocks.push({
      kind: 'list',
      items: doubts.map(
        ({ title, detail, fix }): Text => [
          quote(title),
          text(m.colon),
          quote(sentence(detail)),
          ...(fix === undefined ? [] : [text(' '), strong(m.fix), text(m.colon), quote(sentence(fix))]),
        ],
      ),
    });
  const flagged = trials.filter(({ trial }) => (trial.noise?.flags.length ?? 0) > 0);
  if (flagged.length > 0) {
    const counts = new Map<string, number>();
    for (const { trial } of flagged)
      for (const flag of trial.noise?.flags ?? []) counts.set(flag, (counts.get(flag) ?? 0) + 1);
    blocks.push(paragraph(text(m.flaggedTrials(flagged.length, trials.length))), {
      kind: 'list',
      items: [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([flag, count]) => [text(`${noiseLabel(flag, m)}${m.flagCount(count)}`)]),
    });
  }
  if (analysis.unsteady.length > 0) blocks.push(...unsteady(analysis.unsteady, m, lang));
  if (analysis.sensitivity !== null) blocks.push(...sensitivity(analysis.sensitivity, m));
  const leaking = trials.filter(({ trial }) => trial.leaked.length > 0);
  if (leaking.length > 0)
    blocks.push(
      paragraph(
        text(
          m.leakedText(
            leaking.reduce((sum, { trial }) => sum + trial.leaked.length, 0),
            leaking.length,
          ),
        ),
      ),
    );
  if (blocks.length === 0) blocks.push(paragraph(text(m.noiseNone)));
  return [heading(2, m.noiseHeading, 'noise'), ...blocks];
}

/** Cells whose values drift, resemble the one before, or fall into two groups. */
function unsteady(found: readonly Unsteady[], m: Messages, lang: Lang): readonly Block[] {
  return [
    paragraph(text(m.unsteadyIntro)),
    {
      kind: 'list',
      items: found.map(
        (one): Text => [
          code(one.runtime),
          text(`, ${subjectLabel(one)}${m.colon}${m.unsteady[one.kind](formatNumber(one.value, 2, lang))}`),
        ],
      ),
    },
  ];
}

/** Do the verdicts change without the flagged trials? */
function sensitivity(found: Sensitivity, m: Messages): readonly Block[] {
  const { verdicts, tooFew, changed } = found;
  const items = changed.map(
    (one): Text => [
      code(one.runtime),
      text(`, ${subjectLabel(one)}${m.colon}${m.verdict[one.verdict]} → ${m.verdict[one.without]}`),
    ],
  );
  return [
    paragraph(text(m.sensitivity(changed.length, verdicts, tooFew))),
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
  ];
}
