import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { EngineFacts } from '../../core/model/machine/host.ts';
import { failuresInARow, givenUp, timeoutsInARow, timeoutsOfSubject } from '../../core/model/run/given-up.ts';
import { unsupportedReasons } from '../../core/model/run/run.ts';
import { cellKey, defaultLayer } from '../../core/model/trial/cell.ts';
import type { TrialOutcome } from '../../core/model/trial/trial.ts';
import type { TrialWithOutcome } from '../../core/model/trial/trial-outcome.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  chapter,
  code,
  heading,
  list,
  paragraph,
  runtimeName,
  sentence,
  strong,
  type Text,
  text,
  titled,
} from '../document/document.ts';
import { formatCount, formatValue } from '../document/format.ts';
import { byTests, groupBy, subjectLabel } from '../document/labels.ts';
import { tableOf } from '../document/make-table.ts';
import { quoted, quotedMessage } from '../document/quotes.ts';
import { words as shared } from '../words/common.ts';
import { stepNames, timedOutAfter } from '../words/step.ts';
import type { Section } from './section.ts';

const words = messages('section.missing', {
  title: 'What could not be measured, and why',
  none: 'Everything that was scheduled was measured.',
  notInPreset: 'Asked for, but not in the preset {preset}: {names}.',
  withoutValue: 'Without a value',
  unsupported: 'Not supported',
  unavailable: 'Runtimes that cannot run here',
  engineSays: 'The engine says',
  failures: 'Failed trials',
  failure: 'failure',
  step: 'while',
  trials: 'trials',
  givenUp:
    'Given up after {failures} failures in a row, {ofSubject} time-outs of a test that worked under no runtime, or {ofRuntime} time-outs in a row of one runtime:',
  hidden: 'Not visible to the harness',
  hiddenFigures:
    'Times include the way to the engine. CPU and memory are Docker’s own last statistics before the container ended; containers that live less than 0.2 s have none. Left empty rather than zero: memory footprint and PSS, pressure, I/O and page faults of the cgroup, CPU of the engine, the time series, processes that outlive their container, and the noise of the host.',
});

/** Location of an engine whose cgroups and processes cannot be read. */
const places: Readonly<Record<NonNullable<EngineFacts['hidden']>, Message>> = messages('section.missing', {
  remote: 'The engine runs on another machine.',
  'other-kernel':
    'The engine answers on this machine but runs under another kernel (a virtual machine, or a socket that is forwarded).',
  rootless:
    'The engine is rootless: its containers are in cgroups of its user, where the harness can place none.',
});

/** Unavailable runtimes with the fix, unsupported combinations, failed trials by step, and cells that were given up. */
export default {
  id: 'missing',
  order: 800,
  blocks(context) {
    const { t } = context;
    const blocks = [
      hidden,
      unavailable,
      notInPreset,
      unsupported,
      failures,
      withoutValue,
      givenUpCells,
    ].flatMap((part) => part(context));
    const shown = blocks.length === 0 ? [paragraph(text(t(words.none)))] : blocks;
    return [chapter({ title: t(words.title), id: 'missing' }, shown)];
  },
} satisfies Section;

/** Figures that trials lack if the engine's cgroups and processes cannot be read. */
function hidden({ run, t }: ReportContext): readonly Block[] {
  const { local, hidden: why = 'remote' } = run.engine;
  if (local) return [];
  return [heading(3, t(words.hidden)), paragraph(text(`${t(places[why])} ${t(words.hiddenFigures)}`))];
}

function unavailable({ run, lang, t }: ReportContext): readonly Block[] {
  const items = run.runtimes.flatMap(({ entry, preflight }): readonly Text[] => {
    if (preflight.status === 'available') return [];
    const { reason, error } = preflight;
    const known = error === '' || reason.includes(error);
    return [
      [
        code(entry.name),
        text(t(shared.colon)),
        quoted(preflight, 'reason', lang, sentence),
        text(' '),
        strong(t(shared.fix)),
        text(t(shared.colon)),
        quoted(preflight, 'fix', lang, sentence),
        ...(known ? [] : [text(` ${t(words.engineSays)}${t(shared.colon)}`), code(error)]),
      ],
    ];
  });
  return titled(3, t(words.unavailable), items);
}

/** Workloads and categories requested by name that the preset does not contain. */
function notInPreset({ run, t }: ReportContext): readonly Block[] {
  const { workloads, preset } = run.config;
  const names = (workloads ?? []).filter(
    (name) => !run.subjects.some(({ workload, category }) => workload === name || category === name),
  );
  return names.length === 0
    ? []
    : [paragraph(text(t(words.notInPreset({ names: names.join(', '), preset }))))];
}

function unsupported({ run, runtimes, lang, t }: ReportContext): readonly Block[] {
  const known = new Set(runtimes);
  const cells = run.subjects.flatMap((subject) => {
    const test = subjectLabel({ ...subject, layer: subject.layer ?? defaultLayer, profile: 'default' });
    return unsupportedReasons(subject)
      .filter(({ runtime }) => known.has(runtime))
      .map((cell) => ({ ...cell, test }));
  });
  const items = groupBy(cells, ({ reason }) => reason.text).flatMap((group): readonly Text[] => {
    const [first] = group;
    return first === undefined ? [] : [[...whereOf(group, t), quotedMessage(first.reason, lang, sentence)]];
  });
  return titled(3, t(words.unsupported), items);
}

/** `runsc, kata, io/a, io/b: `: the runtimes and tests that one reason is for. */
function whereOf(cells: Parameters<typeof byTests>[0], t: ReportContext['t']): Text {
  const parts = byTests(cells).flatMap(({ runtimes, tests }, at) => [
    ...(at === 0 ? [] : [text(t(shared.semicolon))]),
    ...runtimes.flatMap((name, i) => (i === 0 ? [code(name)] : [text(', '), code(name)])),
    text(`, ${tests.join(', ')}`),
  ]);
  return [...parts, text(t(shared.colon))];
}

/**
 * Headlines without a value although no trial failed. Unavailable, unsupported and failed ones are listed elsewhere.
 */
function withoutValue({ run, rows, lang, t }: ReportContext): readonly Block[] {
  const empty = rows.filter(({ n, failures, headline, metric, runtime, workload, params, layer }) => {
    const subject = run.subjects.find(
      (each) => each.workload === workload && each.params === params && (each.layer ?? layer) === layer,
    );
    const preflight = run.runtimes.find(({ entry }) => entry.name === runtime)?.preflight;
    const known = preflight?.status === 'unavailable' || Object.hasOwn(subject?.unsupported ?? {}, runtime);
    return n === 0 && failures === 0 && (headline || metric === null) && !known;
  });
  const items = groupBy(empty, ({ note }) => note).flatMap((group): readonly Text[] => {
    const [first] = group;
    if (first === undefined) return [];
    const cells = group.map((row) => ({ runtime: row.runtime, test: subjectLabel(row) }));
    return [[...whereOf(cells, t), quoted(first, 'note', lang, sentence)]];
  });
  return titled(3, t(words.withoutValue), items);
}

/** Cells whose trials were ended early, by runtime. */
function givenUpCells({ trials, t }: ReportContext): readonly Block[] {
  const cells = [...new Map(trials.map(({ trial }) => [cellKey(trial.cell), trial.cell])).values()];
  const given = givenUp(
    cells,
    trials.map(({ trial }) => trial),
  );
  const early = cells.filter((cell) => ['failing', 'hanging'].includes(given.get(cellKey(cell)) ?? ''));
  if (early.length === 0) return [];
  const items = [...Map.groupBy(early, ({ runtime }) => runtime)].map(
    ([runtime, own]): Text => [
      code(runtime),
      text(`${t(shared.colon)}${own.map((cell) => subjectLabel(cell)).join(', ')}`),
    ],
  );
  const intro = words.givenUp({
    failures: failuresInARow,
    ofSubject: timeoutsOfSubject,
    ofRuntime: timeoutsInARow,
  });
  return [paragraph(text(t(intro))), ...list(items)];
}

function failures(context: ReportContext): readonly Block[] {
  const { trials, lang, t } = context;
  const failed = trials.filter(
    ({ outcome }) => outcome.status === 'failed' || outcome.status === 'timed-out',
  );
  if (failed.length === 0) return [];
  const same = ({ trial, outcome }: TrialWithOutcome) =>
    [trial.cell.runtime, subjectLabel(trial.cell), JSON.stringify(describe(outcome, context))].join('|');
  return [
    heading(3, t(words.failures)),
    tableOf(
      groupBy(failed, same).flatMap((group) =>
        group.slice(0, 1).map((first) => ({ ...first, n: group.length })),
      ),
      [
        [shared.runtime, ({ trial }) => runtimeName(trial.cell.runtime)],
        [shared.workload, ({ trial }) => subjectLabel(trial.cell)],
        [words.step, ({ outcome }) => describe(outcome, context)[0]],
        [words.failure, ({ outcome }) => describe(outcome, context)[1]],
        [words.trials, ({ n }) => formatCount(n, lang), 'right'],
      ],
      lang,
    ),
  ];
}

/** The failed step and the error. */
function describe(outcome: TrialOutcome, { lang, t }: ReportContext): readonly [Text, Text] {
  if (outcome.status === 'timed-out') {
    const limit = formatValue(outcome.limitMs * 1e6, 'ns', lang);
    return [[text(t(stepNames[outcome.step]))], [text(t(timedOutAfter(outcome.step, limit)))]];
  }
  if (outcome.status !== 'failed') return [[], []];
  const { step, error } = outcome;
  const fix = [text(' '), strong(t(shared.fix)), text(t(shared.colon)), quoted(error, 'fix', lang, sentence)];
  return [
    [text(t(stepNames[step]))],
    [quoted(error, 'message', lang, sentence), ...(error.fix === undefined ? [] : fix)],
  ];
}
