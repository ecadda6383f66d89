import type { TaughtCase, TaughtClaim } from '../../model/analysis.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  briefly,
  code,
  heading,
  type Inline,
  paragraph,
  quote,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { emulationDoubt, ofEmulatedGuest } from '../emulation.ts';
import { formatCount, formatRatio, formatRatioInterval } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { metricLabel } from '../messages/index.ts';

/** The order in which the cases of a statement are told. */
const outcomes: readonly TaughtCase['outcome'][] = ['holds', 'below', 'above', 'fails', 'undecided'];

/** Of so many cases alike, those in the middle are counted only; those for which a statement holds are always named. */
const mostCases = 6;

/** What is taught of the runtimes of this run, each statement with its cases; none where nothing of it was measurable. */
export function taughtSection(context: ReportContext): readonly Block[] {
  const { m, run, analysis, confidence } = context;
  const claims = analysis.taughtClaims;
  if (claims.every(({ status }) => status === 'not-measurable')) return [];
  const emulation = emulationDoubt(run, m);
  return [
    heading(2, m.taughtHeading, 'taught'),
    ...(emulation === null ? [] : [{ kind: 'warning', items: [[text(emulation)]] } as const]),
    paragraph(text(m.taughtIntro(analysis.baseline, confidence))),
    ...claims.flatMap((claim) => claimBlocks(claim, context)),
  ];
}

function claimBlocks(claim: TaughtClaim, context: ReportContext): readonly Block[] {
  const { m, lang } = context;
  const { id, runtime, status, cases } = claim;
  const holds = cases.filter(({ outcome }) => outcome === 'holds').length;
  const count =
    cases.length === 0 ? '' : m.taughtCount(formatCount(holds, lang), formatCount(cases.length, lang));
  const items = outcomes.flatMap((outcome): readonly Text[] => {
    const own = cases.filter((one) => one.outcome === outcome);
    return own.length === 0 ? [] : [caseList(outcome, own, context)];
  });
  return [
    paragraph(
      strong(m.taughtClaim[id]),
      ...runtimeName(runtime, context),
      text(m.colon),
      strong(m.taughtStatus[status]),
      ...(ofEmulator(claim, context) ? [text(` (${m.emulatedGuest})`)] : []),
      ...(claim.reason === null ? [text(`${count}.`)] : reasonOf(claim, context)),
    ),
    ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
  ];
}

/** Does it rest on times or rates of a guest that was executed in software? */
function ofEmulator({ runtime, cases }: TaughtClaim, { analysis }: ReportContext): boolean {
  const own = analysis.rows.filter((row) => row.runtime === runtime && ofEmulatedGuest(row, analysis));
  return cases.some(({ workload, params, metric }) =>
    own.some((row) => row.workload === workload && row.params === params && row.metric === metric),
  );
}

/** ` (runsc, systrap)` */
function runtimeName(name: string | null, { run }: ReportContext): readonly Inline[] {
  if (name === null) return [];
  const platform = run.runtimes.find(({ entry }) => entry.name === name)?.platform ?? null;
  return [text(' ('), code(name), text(platform === null ? ')' : `, ${platform})`)];
}

function reasonOf({ runtime, reason }: TaughtClaim, { run, m }: ReportContext): readonly Inline[] {
  if (reason === null) return [];
  const preflight = run.runtimes.find(({ entry }) => entry.name === runtime)?.preflight;
  const told = `${m.colon}${m.taughtReason[reason]}`;
  return preflight?.status === 'unavailable'
    ? [text(`${told}${m.colon}`), quote(sentence(briefly(preflight.reason)))]
    : [text(`${told}.`)];
}

function caseList(
  outcome: TaughtCase['outcome'],
  cases: readonly TaughtCase[],
  context: ReportContext,
): Text {
  const { m, lang } = context;
  const hidden = outcome === 'holds' || cases.length <= mostCases ? 0 : cases.length - mostCases;
  const told = cases.map((one) => caseText(one, context));
  const shown: readonly Text[] =
    hidden === 0
      ? told
      : [
          ...told.slice(0, mostCases / 2),
          [text(m.taughtMore(formatCount(hidden, lang)))],
          ...told.slice(-mostCases / 2),
        ];
  return [
    text(`${m.taughtOutcome[outcome]} (${formatCount(cases.length, lang)})${m.colon}`),
    ...shown.flatMap((one, i) => (i === 0 ? one : [text(m.semicolon), ...one])),
    text('.'),
  ];
}

/** `io/small-files target=bind` 9.10× [8.70, 9.50]; a metric that is not its workload's headline is named. */
function caseText(one: TaughtCase, { analysis, m, lang }: ReportContext): Text {
  const { factor, low, high } = one;
  const headline = analysis.rows.some(
    (row) => row.headline && row.metric === one.metric && row.workload === one.workload,
  );
  const metric = headline ? '' : ` (${metricLabel(one.metric, m)})`;
  const interval =
    low === null || high === null ? m.noInterval : formatRatioInterval(factor, low, high, lang);
  return [code(subjectLabel(one)), text(`${metric} ${formatRatio(factor, lang)} ${interval}`)];
}
