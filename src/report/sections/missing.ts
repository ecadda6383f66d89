import { cellKey } from '../../model/cell.ts';
import { failuresInARow, givenUp, timeoutsInARow, timeoutsOfSubject } from '../../model/given-up.ts';
import type { TrialOutcome } from '../../model/trial.ts';
import type { JudgedTrial, ReportContext } from '../context.ts';
import {
  type Block,
  code,
  heading,
  paragraph,
  quote,
  runtimeName,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { formatCount, formatValue } from '../format.ts';
import { groupBy, paramsLabel, subjectLabel } from '../labels.ts';

/** Unavailable runtimes with the fix, combinations that are not supported, failed trials by their step, and what was given up. */
export function missingSection(context: ReportContext): readonly Block[] {
  const { m } = context;
  const blocks = [
    ...hidden(context),
    ...unavailable(context),
    ...notInPreset(context),
    ...unsupported(context),
    ...failures(context),
    ...withoutValue(context),
    ...givenUpCells(context),
  ];
  return [
    heading(2, m.missingHeading, 'missing'),
    ...(blocks.length === 0 ? [paragraph(text(m.missingNone))] : blocks),
  ];
}

/** What an engine whose cgroups and processes are out of reach takes away from every trial. */
function hidden({ run, m }: ReportContext): readonly Block[] {
  const { local, hidden: why = 'remote' } = run.engine;
  if (local) return [];
  return [heading(3, m.hiddenHeading), paragraph(text(`${m.hiddenWhere[why]} ${m.hiddenFigures}`))];
}

function unavailable({ run, m }: ReportContext): readonly Block[] {
  const items = run.runtimes.flatMap(({ entry, preflight }): readonly Text[] => {
    if (preflight.status === 'available') return [];
    const { reason, fix, error } = preflight;
    return [
      [
        code(entry.name),
        text(m.colon),
        quote(sentence(reason)),
        text(' '),
        strong(m.fix),
        text(m.colon),
        quote(sentence(fix)),
        ...(error === '' || reason.includes(error) ? [] : [text(` ${m.engineSays}${m.colon}`), code(error)]),
      ],
    ];
  });
  return items.length === 0 ? [] : [heading(3, m.unavailableHeading), { kind: 'list', items }];
}

/** What was asked for by name and of which the preset has nothing. */
function notInPreset({ run, m }: ReportContext): readonly Block[] {
  const { workloads, preset } = run.config;
  const left = (workloads ?? []).filter(
    (name) => !run.subjects.some(({ workload, category }) => workload === name || category === name),
  );
  return left.length === 0 ? [] : [paragraph(text(m.notInPreset(left.join(', '), preset)))];
}

function unsupported({ run, m, runtimes }: ReportContext): readonly Block[] {
  const known = new Set(runtimes);
  const items = run.subjects.flatMap((subject) =>
    Object.entries(subject.unsupported)
      .filter(([runtime]) => known.has(runtime))
      .map(
        ([runtime, reason]): Text => [
          code(runtime),
          text(`, ${[subject.workload, paramsLabel(subject.params)].join(' ').trim()}${m.colon}`),
          quote(sentence(reason)),
        ],
      ),
  );
  return items.length === 0 ? [] : [heading(3, m.unsupportedHeading), { kind: 'list', items }];
}

/** Headlines that no trial gave although none failed; what is unavailable, unsupported or failed is said where that is. */
function withoutValue({ run, rows, m }: ReportContext): readonly Block[] {
  const empty = rows.filter(({ n, failures, headline, metric, runtime, workload, params }) => {
    const subject = run.subjects.find((each) => each.workload === workload && each.params === params);
    const preflight = run.runtimes.find(({ entry }) => entry.name === runtime)?.preflight;
    const known = preflight?.status === 'unavailable' || runtime in (subject?.unsupported ?? {});
    return n === 0 && failures === 0 && (headline || metric === null) && !known;
  });
  const items = [...Map.groupBy(empty, ({ runtime, note }) => JSON.stringify([runtime, note])).values()].map(
    (group): Text => [
      code(group[0]?.runtime ?? ''),
      text(`, ${[...new Set(group.map(subjectLabel))].join(', ')}${m.colon}`),
      quote(sentence(group[0]?.note ?? '')),
    ],
  );
  return items.length === 0 ? [] : [heading(3, m.withoutValueHeading), { kind: 'list', items }];
}

/** Cells whose trials were ended early, by runtime. */
function givenUpCells({ trials, m }: ReportContext): readonly Block[] {
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
      text(`${m.colon}${own.map((cell) => subjectLabel(cell)).join(', ')}`),
    ],
  );
  return [
    paragraph(text(m.givenUpText(failuresInARow, timeoutsOfSubject, timeoutsInARow))),
    { kind: 'list', items },
  ];
}

function failures({ trials, m, lang }: ReportContext): readonly Block[] {
  const failed = trials.filter(
    ({ outcome }) => outcome.status === 'failed' || outcome.status === 'timed-out',
  );
  if (failed.length === 0) return [];
  const same = ({ trial, outcome }: JudgedTrial) =>
    [trial.cell.runtime, subjectLabel(trial.cell), JSON.stringify(describe(outcome))].join('|');
  return [
    heading(3, m.failuresHeading),
    {
      kind: 'table',
      columns: [
        { title: m.runtime, align: 'left' },
        { title: m.workload, align: 'left' },
        { title: m.stepHead, align: 'left' },
        { title: m.failureHead, align: 'left' },
        { title: m.countHead, align: 'right' },
      ],
      rows: groupBy(failed, same).flatMap((group) => {
        const first = group[0];
        if (first === undefined) return [];
        return [
          [
            [runtimeName(first.trial.cell.runtime)],
            [text(subjectLabel(first.trial.cell))],
            ...describe(first.outcome),
            [text(formatCount(group.length, lang))],
          ],
        ];
      }),
    },
  ];

  /** The step and what went wrong in it. */
  function describe(outcome: TrialOutcome): readonly [Text, Text] {
    if (outcome.status === 'timed-out')
      return [
        [text(m.step[outcome.step])],
        [text(m.timedOut(formatValue(outcome.limitMs * 1e6, 'ns', lang)))],
      ];
    if (outcome.status !== 'failed') return [[], []];
    const { message, fix } = outcome.error;
    const remedy = fix === undefined ? [] : [text(' '), strong(m.fix), text(m.colon), quote(sentence(fix))];
    return [[text(m.step[outcome.step])], [quote(sentence(message)), ...remedy]];
  }
}
