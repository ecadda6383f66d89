import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { subjectName } from '../../../core/model/trial/subject-name.ts';
import type { Translate } from '../../../report/context.ts';
import { type Block, heading, list, paragraph, type Text, text } from '../../../report/document/document.ts';
import { formatRatioEstimate } from '../../../report/document/format.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import { isClaim } from '../../../report/tables/direct-table.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { words as shared } from '../../../report/words/common.ts';
import { factName } from '../../../report/words/fact.ts';
import { metricName } from '../../../report/words/metric.ts';
import { verdictInline } from '../../../report/words/verdict.ts';
import type {
  ExplainedObjection,
  ExplainedOption,
  Explanation,
  FactChange,
  OptionEffect,
} from './explanation.ts';

const words = messages('table.explanation', {
  lead: '{file}: what each setting does to a container of {runtime}.',
  empty: '{file} sets nothing: dockerd uses its defaults.',
  measured:
    'Measured with Docker {docker} in run {run}: an engine with the setting and the same engine without it, in the same blocks.',
  line: 'line {line}: {setting}',
  workload: 'workload',
  figure: 'figure',
  ratio: 'with ÷ without [CI]',
  verdict: 'verdict',
  notMeasured: 'Not measured: {why}.',
  measuredIn: 'Measured alone in {categories}; elsewhere only together with the other settings.',
  fact: '{fact}: {from} → {to}',
  noFact: 'It changes no isolation fact.',
  factsNotMeasured: 'Its isolation facts were not measured.',
  together: 'All measured settings at once',
  short: 'In short',
  costs: 'More expensive with: {settings}.',
  cheaper: 'Cheaper with: {settings}.',
  free: 'No difference in any figure: {settings}.',
  open: 'Some figures inconclusive: {settings}.',
  left: 'Not measured here: {settings}.',
  change: '{setting} ({figures})',
  judged: 'Judged for Docker {docker} on this host.',
  judgedAny: 'No dockerd is installed here: judged for Docker 29.',
  fix: 'fix: {fix}',
  objected: 'Stops or does nothing here: {settings}.',
  unmeasured: 'What they cost was not measured; to measure it:  @(runtimes explain {file} --measure)',
});

const effectWords = messages('table.explanation.effect', {
  refused: '{docker} does not start with it: {why}.',
  unnoticed: '{docker} does not start with it, although dockerd --validate accepts it: {why}.',
  'no-container': '{docker} starts with it, but containers do not, and dockerd --validate accepts it: {why}.',
  ignored: 'It does nothing here: {why}.',
  note: 'Note: {why}.',
});

/** A daemon.json, setting by setting, for a terminal. */
export function explanationTable(explanation: Explanation, lang: Lang): string {
  const t: Translate = (message) => translate(message, lang);
  const { file, runtime, dockerd, docker, runId, options, together } = explanation;
  const lead = t(words.lead({ file: terminalText(file, 200), runtime: terminalText(runtime, 60) }));
  const origin =
    docker === null || runId === null
      ? ''
      : ` ${t(words.measured({ docker: terminalText(docker, 60), run: runId }))}`;
  const judged = t(dockerd === null ? words.judgedAny : words.judged({ docker: terminalText(dockerd, 60) }));
  const isMeasurable = options.some(({ notMeasured }) => notMeasured === undefined);
  const objected = options.filter(isObjected).flatMap(({ keys: [key] }) => key ?? []);
  const short = [
    ...(objected.length === 0 ? [] : [words.objected({ settings: listed(objected) })]),
    ...(docker === null && isMeasurable
      ? [words.unmeasured({ file: terminalText(file, 200) })]
      : inShort(options)),
  ];
  const groups: readonly (readonly Block[])[] = [
    [
      paragraph(
        text(
          options.length === 0
            ? t(words.empty({ file: terminalText(file, 200) }))
            : `${lead} ${judged}${origin}`,
        ),
      ),
    ],
    ...options.map((option) => optionBlocks(option, { isMeasured: docker !== null, dockerd, lang })),
    ...(together === null
      ? []
      : [
          [
            heading(2, t(words.together)),
            ...effectBlocks(together.effects, lang),
            ...factBlocks(together.facts, lang),
          ],
        ]),
    ...(short.length === 0
      ? []
      : [[heading(2, t(words.short)), ...list(short.map((message) => [text(t(message))]))]]),
  ];
  return renderTerminal(groups, { lang, width: tableWidth });
}

function objectionBlocks(
  { objections }: ExplainedOption,
  dockerd: string | null,
  lang: Lang,
): readonly Block[] {
  const docker = terminalText(dockerd === null ? 'Docker' : `Docker ${dockerd}`, 60);
  const said = (one: ExplainedObjection, field: 'message' | 'fix') =>
    terminalText(quoted(one, field, lang).text, 500);
  return list(
    objections.map((one) => {
      const what = translate(effectWords[one.effect]({ docker, why: said(one, 'message') }), lang);
      return [text(`${what} ${translate(words.fix({ fix: said(one, 'fix') }), lang)}`)];
    }),
  );
}

function optionBlocks(
  option: ExplainedOption,
  { isMeasured, dockerd, lang }: { isMeasured: boolean; dockerd: string | null; lang: Lang },
): readonly Block[] {
  const t: Translate = (message) => translate(message, lang);
  const title = t(words.line({ line: option.line, setting: terminalText(option.setting, 200) }));
  const where = option.measuredIn?.map((category) => t(categoryNames[category]));
  const blocks = [
    heading(2, title),
    paragraph(
      text(
        (['what', 'usual', 'reach'] as const)
          .map((field) => terminalText(quoted(option, field, lang).text, 600))
          .join(' '),
      ),
    ),
    ...objectionBlocks(option, dockerd, lang),
    ...(where === undefined || !isMeasured
      ? []
      : [paragraph(text(t(words.measuredIn({ categories: listed(where) }))))]),
  ];
  if (option.notMeasured !== undefined)
    return [
      ...blocks,
      paragraph(text(t(words.notMeasured({ why: quoted(option, 'notMeasured', lang).text })))),
    ];
  return isMeasured
    ? [...blocks, ...effectBlocks(option.effects, lang), ...factBlocks(option.facts, lang)]
    : blocks;
}

function effectBlocks(effects: readonly OptionEffect[], lang: Lang): readonly Block[] {
  if (effects.length === 0) return [];
  const verdictText = ({ verdict, ratio, note }: OptionEffect): Text => [
    verdictInline({ verdict, ratio }, (message) => translate(message, lang)),
    ...(ratio === null && note !== ''
      ? [text(`${translate(shared.colon, lang)}${terminalText(note, 300)}`)]
      : []),
  ];
  return [
    tableOf(
      effects,
      [
        [words.workload, subjectName],
        [words.figure, ({ metric }) => (metric === null ? '' : metricName(metric, lang))],
        [
          words.ratio,
          ({ ratio, low, high }) => (ratio === null ? '' : formatRatioEstimate({ ratio, low, high }, lang)),
          'right',
        ],
        [words.verdict, verdictText],
      ],
      lang,
    ),
  ];
}

function factBlocks(facts: readonly FactChange[] | null, lang: Lang): readonly Block[] {
  const t: Translate = (message) => translate(message, lang);
  if (facts === null) return [paragraph(text(t(words.factsNotMeasured)))];
  if (facts.length === 0) return [paragraph(text(t(words.noFact)))];
  return list(
    facts.map(({ fact, from, to }) => [
      text(t(words.fact({ fact: factName(fact), from: terminalText(from, 160), to: terminalText(to, 160) }))),
    ]),
  );
}

/** Summary: the settings by their result. Only claims name a direction. */
function inShort(options: readonly ExplainedOption[]): readonly Message[] {
  const name = ({ keys: [key] }: ExplainedOption) => key ?? '';
  const measured = options.filter(({ effects }) => effects.length > 0);
  const figures = (option: ExplainedOption, isDear: boolean) =>
    option.effects.filter((effect) => isClaim(effect) && isDearer(effect) === isDear);
  const changed = (isDear: boolean) =>
    measured.flatMap((option) => {
      const found = figures(option, isDear).map(
        ({ workload, ratio, low, high }) =>
          `${workload} ${ratio === null ? '' : formatRatioEstimate({ ratio, low, high }, 'en')}`,
      );
      return found.length === 0 ? [] : [words.change({ setting: name(option), figures: listed(found) })];
    });
  const decided = ({ effects }: ExplainedOption) => effects.every(({ verdict }) => verdict === 'equivalent');
  const isOpen = ({ effects }: ExplainedOption) =>
    effects.some(({ verdict }) => verdict === 'inconclusive' || verdict === 'unavailable');
  const [dear, cheap] = [changed(true), changed(false)];
  const said = (
    make: (values: { settings: ReturnType<typeof listed> }) => Message,
    names: readonly string[],
  ) => (names.length === 0 ? [] : [make({ settings: listed(names) })]);
  return [
    ...(dear.length === 0 ? [] : [words.costs({ settings: listed(dear) })]),
    ...(cheap.length === 0 ? [] : [words.cheaper({ settings: listed(cheap) })]),
    ...said(words.free, measured.filter(decided).map(name)),
    ...said(words.open, measured.filter(isOpen).map(name)),
    ...said(words.left, options.filter(({ notMeasured }) => notMeasured !== undefined).map(name)),
  ];
}

function isObjected({ objections }: ExplainedOption): boolean {
  return objections.some(({ effect }) => effect !== 'note');
}

/** Is the setting costlier: slower for times and rates, greater for amounts? */
function isDearer({ verdict }: OptionEffect): boolean {
  return verdict === 'slower' || verdict === 'more';
}
