import { joined } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { formatNumber } from '../../core/messages/number.ts';
import type { Sensitivity, Unsteady } from '../../core/model/analysis/analysis.ts';
import type { Check } from '../../core/model/machine/host.ts';
import type { TrialWithOutcome } from '../../core/model/trial/trial-outcome.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  chapter,
  code,
  list,
  paragraph,
  sentence,
  strong,
  type Text,
  text,
} from '../document/document.ts';
import { formatCount } from '../document/format.ts';
import { subjectLabel } from '../document/labels.ts';
import { quoted } from '../document/quotes.ts';
import { words as shared } from '../words/common.ts';
import { noiseFlagName } from '../words/noise-flag.ts';
import { verdictNames } from '../words/verdict.ts';
import { trustGist } from './introduction/badges.ts';
import type { Section } from './section.ts';

const words = messages('section.noise', {
  title: 'Noise and caveats',
  none: 'No trial was disturbed, and the host raised no caveat.',
  flagged:
    '{n, plural, one {{flagged} of {total} trials, warm-up included, was disturbed; it is kept:} other {{flagged} of {total} trials, warm-up included, were disturbed; they are kept:}}',
  flag: '{flag}: {n} {n, plural, one {trial} other {trials}}',
  unsteady:
    'Unsteady series (after Holm’s correction). Whatever affects all runtimes of a block equally cancels out of the paired ratios, but not out of absolute values.',
  unchanged:
    'Without the disturbed trials, {verdicts, plural, one {the only verdict would not change} other {none of the {verdicts} verdicts would change}}.',
  changed: 'Without the disturbed trials, {changed} of {verdicts} verdicts would change:',
  untold:
    'Without the disturbed trials, {few} of {verdicts} verdicts cannot be checked (too few undisturbed pairs).',
  untoldOfNone:
    'Without the disturbed trials, nothing can be checked: no comparison has enough pairs for a verdict.',
  othersUnchanged:
    '{tested, plural, one {The other one} other {None of the other {tested}}} would {tested, plural, one {not change} other {change}}.',
  othersChanged: '{changed} of the other {tested} would change:',
});

const kinds: Readonly<Record<Unsteady['kind'], (values: { readonly value: string }) => Message>> = messages(
  'section.noise.series',
  {
    drift: 'drifts over the run (rank correlation with time {value})',
    autocorrelation: 'each value resembles the one before (lag-1 autocorrelation {value})',
    'two-groups': 'values fall into two groups, the upper {value} times the lower',
  },
);

/** Disturbances of the measurement: flagged trials, doubtful checks of the host, leaked processes. */
export default {
  id: 'noise',
  order: 150,
  blocks(context) {
    const { run, trials, analysis, t } = context;
    const leaking = trials.filter(({ trial }) => trial.leaked.length > 0);
    const processes = leaking.reduce((sum, { trial }) => sum + trial.leaked.length, 0);
    const blocks = [
      ...doubtfulChecks(run.checks, context),
      ...flaggedTrials(trials, context),
      ...unsteady(analysis.unsteady, context),
      ...(analysis.sensitivity === null ? [] : sensitivity(analysis.sensitivity, context)),
      ...(leaking.length === 0
        ? []
        : [paragraph(text(t(shared.leaked({ processes, trials: leaking.length }))))]),
    ];
    return [
      chapter({ title: t(words.title), id: 'noise', gist: trustGist(context) }, [
        ...(blocks.length === 0 ? [paragraph(text(t(words.none)))] : blocks),
      ]),
    ];
  },
} satisfies Section;

function doubtfulChecks(checks: readonly Check[], { lang, t }: ReportContext): readonly Block[] {
  const doubts = checks.filter(({ status }) => status === 'warn' || status === 'fail');
  return list(
    doubts.map((check): Text => {
      const fix = [
        text(' '),
        strong(t(shared.fix)),
        text(t(shared.colon)),
        quoted(check, 'fix', lang, sentence),
      ];
      return [
        quoted(check, 'title', lang),
        text(t(shared.colon)),
        quoted(check, 'detail', lang, sentence),
        ...(check.fix === undefined ? [] : fix),
      ];
    }),
  );
}

function flaggedTrials(trials: readonly TrialWithOutcome[], { lang, t }: ReportContext): readonly Block[] {
  const flagged = trials.filter(({ trial }) => (trial.noise?.flags.length ?? 0) > 0);
  if (flagged.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { trial } of flagged)
    for (const flag of trial.noise?.flags ?? []) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  const intro = words.flagged({
    n: flagged.length,
    flagged: formatCount(flagged.length, lang),
    total: formatCount(trials.length, lang),
  });
  const items = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([flag, n]) => [text(t(words.flag({ flag: noiseFlagName(flag), n })))]);
  return [paragraph(text(t(intro))), ...list(items)];
}

/** Cells whose values drift, are autocorrelated, or form two groups. */
function unsteady(found: readonly Unsteady[], { lang, t }: ReportContext): readonly Block[] {
  if (found.length === 0) return [];
  const items = found.map((one): Text => {
    const what = kinds[one.kind]({ value: formatNumber(one.value, 2, lang) });
    return [code(one.runtime), text(`, ${subjectLabel(one)}${t(shared.colon)}${t(what)}`)];
  });
  return [paragraph(text(t(words.unsteady))), ...list(items)];
}

/** Whether the verdicts change without the flagged trials. */
function sensitivity({ verdicts, tooFew, changed }: Sensitivity, { t }: ReportContext): readonly Block[] {
  const items = changed.map(({ verdict, without, ...one }): Text => {
    const change = `${t(verdictNames[verdict])} → ${t(verdictNames[without])}`;
    return [code(one.runtime), text(`, ${subjectLabel(one)}${t(shared.colon)}${change}`)];
  });
  const intro = joined(sensitivitySentences(verdicts, tooFew, changed.length), 'space');
  return [paragraph(text(t(intro))), ...list(items)];
}

/** Sentences on the sensitivity; only verdicts that could be tested count as unchanged. */
function sensitivitySentences(verdicts: number, few: number, changed: number): readonly Message[] {
  const tested = verdicts - few;
  if (verdicts === 0) return [words.untoldOfNone];
  if (few === 0)
    return [changed === 0 ? words.unchanged({ verdicts }) : words.changed({ changed, verdicts })];
  const untold = words.untold({ few, verdicts });
  if (tested === 0) return [untold];
  return [
    untold,
    changed === 0 ? words.othersUnchanged({ tested }) : words.othersChanged({ tested, changed }),
  ];
}
