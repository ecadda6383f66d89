import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { lookup } from '../../core/model/nearest.ts';
import { dockerVersions, type RunRecord } from '../../core/model/run/run.ts';
import { engineTraits, productOf } from '../../core/model/runtime/engine-kind.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import { oldReleases } from '../../core/runtimes/release-dates.ts';
import type { ReportContext } from '../context.ts';
import { type Block, heading, paragraph, quiet, type Text, text } from '../document/document.ts';
import { formatCount, formatInstant } from '../document/format.ts';
import { categoryOrder } from '../document/labels.ts';
import { quoted } from '../document/quotes.ts';
import { emulationDoubt, otherDoubts } from '../findings/emulation.ts';
import { categoryInText } from '../words/category.ts';
import { trustBadges } from './introduction/badges.ts';
import { runtimeCards } from './introduction/cards.ts';
import { findingSentence } from './introduction/finding.ts';
import { categoryMatrix } from './introduction/matrix.ts';
import type { Section } from './section.ts';

const runLineWords = messages('section.runLine', {
  text: '{product} {version} ({kind}), preset {preset}, baseline {baseline}: {runtimes} {runtimes, plural, one {runtime} other {runtimes}}, {subjects} {subjects, plural, one {test} other {tests}}, {blocks} {blocks, plural, one {block} other {blocks}}, {count} trials{ended}.',
  ended: '; ended {time}',
});

/** Engine and size of the run, and when it ended. */
function runLine({ run, analysis, trials, lang, t }: ReportContext): Block {
  const { engine, finishedAt, config, subjects } = run;
  return quiet(
    t(
      runLineWords.text({
        product: productOf(engine),
        version: dockerVersions(run),
        kind: engineTraits(engine).described,
        preset: config.preset,
        baseline: analysis.baseline,
        runtimes: run.runtimes.filter(({ preflight }) => preflight.status === 'available').length,
        subjects: subjects.length,
        blocks: analysis.blocks,
        count: formatCount(trials.length, lang),
        ended: finishedAt === null ? '' : runLineWords.ended({ time: formatInstant(finishedAt) }),
      }),
    ),
  );
}

const notMeasuredWords = messages('section.notMeasured', {
  preset: 'Not part of the {preset} preset: {what}.',
  chosen: 'Not part of this run: {what}.',
  many: 'many containers at once',
});

/** Categories that a preset of their own measures, so that no reader expects them elsewhere. */
const apart: ReadonlySet<Category> = new Set(['sandbox', 'agent', 'restore', 'density']);

/** Note on missing content that a reader may expect: whole categories, and many containers side by side. */
export function notMeasuredHere({ run, t }: ReportContext): readonly Block[] {
  const { subjects, config } = run;
  const categories = categoryOrder.filter(
    (one) => !apart.has(one) && !subjects.some(({ category }) => category === one),
  );
  const hasMany = subjects.some(
    ({ workload, category }) =>
      workload === 'startup/density' || category === 'density' || category === 'sandbox',
  );
  const names: readonly Message[] = [
    ...categories.map((category) => categoryInText[category]),
    ...(hasMany ? [] : [notMeasuredWords.many]),
  ];
  if (names.length === 0) return [];
  const what = listed(names, 'comma');
  const said =
    config.workloads === null
      ? notMeasuredWords.preset({ preset: config.preset, what })
      : notMeasuredWords.chosen({ what });
  return [quiet(t(said))];
}

const words = messages('section.introduction', {
  title: 'What {runtimes} cost',
  titleOfNone: 'What container runtimes cost',
  oldReleases: 'More than a year old when measured: {releases}. Newer releases may differ.',
  oldRelease: '{runtime} ({date}, {months} months)',
  run: 'Run {runId}, {started}, on {host} ({cpus} × {model}, Linux {kernel}).',
});

const statusNotes = messages('section.introduction', {
  running: 'This run has not ended: its numbers are provisional.',
  interrupted: 'This run was interrupted: it holds only what was measured until then.',
  failed: 'This run failed: it holds only what was measured until then.',
});

/** `What runc, crun and runsc cost`, for the runtimes that could be measured. */
export function reportTitle({ runtimes }: RunRecord): Message {
  const names = runtimes
    .filter(({ preflight }) => preflight.status === 'available')
    .map(({ entry }) => entry.name);
  return names.length === 0 ? words.titleOfNone : words.title({ runtimes: listed(names, 'and') });
}

/** The first screen: the run's finding, its description, its reliability, and its main figures. */
export default {
  id: 'introduction',
  order: 100,
  blocks(context: ReportContext): readonly Block[] {
    const { run, analysis, lang, t } = context;
    const { host, runId, startedAt } = run;
    const doubts = otherDoubts(analysis).map((warning): Text => [quoted(warning, 'message', lang)]);
    const started = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
    const old = oldReleases(started, startedAt);
    const releases = old.map(({ runtime, on, months }) =>
      words.oldRelease({ runtime: runtime.entry.name, date: on, months }),
    );
    if (old.length > 0) doubts.push([text(t(words.oldReleases({ releases: listed(releases) })))]);
    const emulation = emulationDoubt(run);
    const status = lookup<Message>(statusNotes, run.status);
    const first = [emulation, status].flatMap((one): readonly Text[] =>
      one === null || one === undefined ? [] : [[text(t(one))]],
    );
    const about = words.run({
      runId,
      started: formatInstant(startedAt),
      host: host.hostname,
      cpus: host.cpus,
      model: host.cpuModel,
      kernel: host.kernel,
    });
    const labels = Object.entries(run.config.labels).map(([name, value]) => `${name}=${value}`);
    return [
      heading(1, t(reportTitle(run))),
      { kind: 'lead', text: t(findingSentence(context)) },
      paragraph(text(t(about)), text(labels.length === 0 ? '' : ` ${labels.join(', ')}.`)),
      runLine(context),
      ...warning(first, false),
      trustBadges(context),
      ...warning(doubts, true),
      ...runtimeCards(context),
      ...categoryMatrix(context),
      ...notMeasuredHere(context),
    ];
  },
} satisfies Section;

function warning(items: readonly Text[], folded: boolean): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'warning', items, folded }];
}
