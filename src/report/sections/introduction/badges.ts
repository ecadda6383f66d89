import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../../context.ts';
import { type Badge, type Block, type Text, text } from '../../document/document.ts';
import { formatCount, formatNumberShort, formatPercent } from '../../document/format.ts';
import { standingOf } from '../../findings/headline-cost.ts';
import { noteworthy } from '../../tables/direct-table.ts';
import { claimedChanges } from '../../tables/run-comparison-table.ts';

const words = messages('section.badges', {
  noneFailed: '{ok} measured trials, none failed',
  failed: '{failed} of {all} measured trials failed',
  sameAsItself:
    '{baseline} measured twice: same result (this check detects differences of at least {finds}× the scatter between blocks)',
  differsFromItself: '{baseline} measured twice: results differ, intervals widened {widening}×',
  unchecked: '{baseline} not checked against itself',
  undisturbed: 'no measured trial disturbed',
  disturbed: '{share} of measured trials disturbed',
  unwatched: 'disturbances not recorded',
  notCompared: 'not compared with the previous run',
  changed:
    '{n, plural, =0 {no significant change} one {{n} change} other {{n} changes}} since the previous run',
  decided:
    '{decided} of {all} {all, plural, one {comparison} other {comparisons}} decided{byFew, plural, =0 {} one {, one of them by few blocks} other {, {byFew} of them by few blocks}}',
  reading: 'how to read this',
});

const good = { tone: 'good', sign: '✔' } as const;
const care = { tone: 'care', sign: '!' } as const;
const unknown = { tone: 'plain', sign: '?' } as const;

/** Badges on the run's reliability, each with a link to its explanation. */
export function trustBadges(context: ReportContext): Block {
  return {
    kind: 'badges',
    items: [
      failed(context),
      itself(context),
      disturbed(context),
      decided(context),
      ...changed(context),
      reading(context),
    ],
  };
}

/** The run's reliability in one line. */
export function trustGist(context: ReportContext): Text {
  const items = [failed(context), itself(context), disturbed(context)];
  return [text(items.map((item) => `${item.sign} ${item.text}`).join(' · '))];
}

function failed({ analysis, lang, t }: ReportContext): Badge {
  const { ok, failed: n } = analysis.trials;
  if (n === 0) return { ...good, text: t(words.noneFailed({ ok: formatCount(ok, lang) })), href: '#method' };
  const said = words.failed({ failed: formatCount(n, lang), all: formatCount(ok + n, lang) });
  return { ...care, text: t(said), href: '#missing' };
}

/** The A/A check: does the baseline, measured twice, agree with itself? */
function itself({ analysis, lang, t }: ReportContext): Badge {
  const { baseline, aaCheck } = analysis;
  const href = '#method';
  if (aaCheck === undefined || aaCheck === null || aaCheck.rms === null || aaCheck.finds == null)
    return { ...unknown, text: t(words.unchecked({ baseline })), href };
  if (aaCheck.widening === 1) {
    const finds = formatNumberShort(Number(aaCheck.finds.toFixed(1)), lang);
    return { ...good, text: t(words.sameAsItself({ baseline, finds })), href };
  }
  const widening = formatNumberShort(Number(aaCheck.widening.toFixed(2)), lang);
  return { ...care, text: t(words.differsFromItself({ baseline, widening })), href };
}

function disturbed({ trials, lang, t }: ReportContext): Badge {
  const href = '#noise';
  const watched = trials.filter(({ trial }) => trial.phase === 'measure' && trial.noise !== null);
  if (watched.length === 0) return { ...unknown, text: t(words.unwatched), href };
  const flagged = watched.filter(({ trial }) => (trial.noise?.flags.length ?? 0) > 0).length;
  if (flagged === 0) return { ...good, text: t(words.undisturbed), href };
  const share = flagged / watched.length;
  const percent = formatPercent(share, lang, share < 0.01 ? 1 : 0);
  return { ...care, text: t(words.disturbed({ share: percent })), href };
}

/** Number of headline comparisons that are decided: a difference, or equivalence. */
function decided({ rows, analysis, t }: ReportContext): Badge {
  const own = rows.filter(({ runtime, pairs }) => runtime !== analysis.baseline && pairs > 0);
  // A run of one runtime compares it with itself, in other engines or under other profiles.
  const { engines = [], profiles = [] } = analysis;
  const compared = noteworthy(own.length > 0 ? own : [...engines, ...profiles]).filter(isHeadline);
  const settled = compared.filter((row) => standingOf(row) !== 'inconclusive');
  const byFew = settled.filter(({ decidedBy }) => decidedBy !== undefined).length;
  return {
    tone: 'plain',
    sign: '',
    text: t(words.decided({ decided: settled.length, all: compared.length, byFew })),
    href: '#answers',
  };
}

function isHeadline({ headline }: SummaryRow): boolean {
  return headline;
}

/** Badge on changes since the previous run, or that the two were not compared. */
function changed({ changes, t }: ReportContext): readonly Badge[] {
  if (changes === undefined || changes === null) return [];
  if (changes.leftOut !== undefined) return [{ ...unknown, text: t(words.notCompared), href: '#since' }];
  const n = claimedChanges(changes);
  const mark = n > 0 ? care : ({ tone: 'plain', sign: '' } as const);
  return [{ ...mark, text: t(words.changed({ n })), href: '#since' }];
}

function reading({ t }: ReportContext): Badge {
  return { tone: 'plain', sign: '', text: t(words.reading), href: '#reading' };
}
