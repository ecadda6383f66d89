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

/** What disturbed the measurement: flagged trials, doubtful checks of the host, leaked processes. */
export function noiseSection({ m, run, trials }: ReportContext): readonly Block[] {
  const blocks: Block[] = [];
  const doubts = run.checks.filter(({ status }) => status === 'warn' || status === 'fail');
  if (doubts.length > 0)
    blocks.push({
      kind: 'list',
      items: doubts.map(
        ({ title, detail, fix }): Text => [
          quote(sentence(`${title}: ${detail}`)),
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
        .map(([flag, count]) => [code(flag), text(m.flagCount(count))]),
    });
  }
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
  return [heading(2, m.noiseHeading), ...blocks];
}
