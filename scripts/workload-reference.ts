import { asMessage } from '../src/core/model/failure/said.ts';
import { presetSchema } from '../src/core/model/run/run.ts';
import { formatParams } from '../src/core/model/trial/cell.ts';
import { type ImageRecipe, imageId } from '../src/core/model/workload/image.ts';
import { categorySchema, type MetricDefinition } from '../src/core/model/workload/metric.ts';
import type { ContainerRequest, Workload } from '../src/core/model/workload/workload.ts';
import { wrapText } from '../src/report/document/wrap.ts';
import { categoryNames } from '../src/report/words/category.ts';

const width = 120;

/** Wraps text at 120 columns. Table rows cannot be broken; a list item's further lines are indented. */
export function wrapped(markdown: string): string {
  return markdown
    .split('\n\n')
    .flatMap((block) => (block.split('\n').some((line) => line.length > width) ? wrapBlock(block) : block))
    .join('\n\n');
}

function wrapBlock(block: string): string {
  if (block.startsWith('|')) return block;
  if (!block.startsWith('- ')) return wrapText(block.replaceAll('\n', ' '), width).join('\n');
  const items = block.replaceAll(/\n(?!- )\s*/g, ' ').split('\n');
  return items.map((item) => wrapText(item, width - 2).join('\n  ')).join('\n');
}

/** One line of Markdown for a table cell. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

/** A Markdown table; each cell is one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

function presetLines(workload: Workload): string {
  const sets = presetSchema.options.flatMap((preset) => {
    const chosen = workload.presets[preset]?.map((params) => formatParams(params));
    if (chosen === undefined) return [];
    if (chosen.length === 0) return `- ${preset}: not measured`;
    return `- ${preset}: ${chosen.map((params) => (params === '' ? 'as it is' : `\`${params}\``)).join(', ')}`;
  });
  return sets.join('\n');
}

function metricRow(metric: MetricDefinition, index: number): readonly string[] {
  const better = { lower: 'lower is better', higher: 'higher is better', neither: 'neither' }[metric.better];
  return [`\`${metric.id}\`${index === 0 ? ' (main metric)' : ''}`, metric.unit, better, metric.description];
}

function needsSentence({ needs }: ContainerRequest): string {
  if (needs === undefined) return '';
  const kept = needs.capabilities ?? [];
  return `More than others get${kept.length === 0 ? '' : ` (${kept.join(', ')})`}: ${needs.because}.`;
}

/** `Measured blocks: at most 2 (upTo=256), 12 (upTo=12).` */
function blocksSentence({ maxBlocks, presets }: Workload): string {
  if (maxBlocks === undefined) return '';
  if (typeof maxBlocks === 'number') return `At most ${maxBlocks} measured blocks.`;
  const sets = Map.groupBy(Object.values(presets).flat(), maxBlocks);
  const said = [...sets].map(([most, params]) => {
    const names = [...new Set(params.map(formatParams))].map((each) => `\`${each}\``);
    return `${most} (${names.join(', ')})`;
  });
  return `Measured blocks: at most ${said.join(', ')}.`;
}

/** How a workload is run and observed, in a sentence or two. */
function circumstances(workload: Workload): string {
  const params = workload.presets.full[0] ?? workload.presets.standard[0] ?? {};
  const request = workload.container(params);
  const observed = {
    nothing: 'Nothing is read while it runs.',
    series: 'Counters are read while it runs.',
    idle: 'Looked at once it is idle, then ended.',
  }[workload.observe.kind];
  const said = [
    `Image \`${imageId(workload.image)}\`.`,
    observed,
    request.stamped ? 'Its work is stamped: CPU and clock are compared over it alone.' : '',
    workload.peer === undefined ? '' : 'A peer under runc is at the other end of the network.',
    request.memoryBytes === undefined ? '' : `Memory limit ${request.memoryBytes / 2 ** 20} MiB.`,
    needsSentence(request),
    blocksSentence(workload),
    `Target: ±${workload.precision * 100} % of the ratio.`,
  ];
  return said.filter((text) => text !== '').join(' ');
}

function section(workload: Workload): string {
  const parameters = Object.entries(workload.parameters);
  return [
    `### \`${workload.id}\`: ${asMessage(workload.title).text}`,
    workload.description.trim(),
    circumstances(workload),
    ...(parameters.length === 0
      ? []
      : [
          table(
            ['parameter', 'meaning'],
            parameters.map(([key, meaning]) => [`\`${key}\``, meaning]),
          ),
        ]),
    presetLines(workload),
    table(['metric', 'unit', 'better', 'what it is'], workload.metrics.map(metricRow)),
  ].join('\n\n');
}

function imageSection(recipes: readonly ImageRecipe[]): string {
  const rows = recipes.map(({ id, description, packages }) => [
    `\`${id}\``,
    description,
    packages.join(', '),
  ]);
  return `## Images\n\n${table(['image', 'what it is', 'Debian packages'], rows)}`;
}

/** Makes docs/workloads.md: the reference of every workload, in English. */
export function workloadReference(workloads: readonly Workload[], recipes: readonly ImageRecipe[]): string {
  const categories = categorySchema.options.flatMap((category) => {
    const own = workloads.filter((workload) => workload.category === category);
    return own.length === 0 ? [] : [[`## ${categoryNames[category].text}`, ...own.map(section)].join('\n\n')];
  });
  const count = (preset: (typeof presetSchema.options)[number]) =>
    workloads.reduce((sum, workload) => sum + (workload.presets[preset]?.length ?? 0), 0);
  return `${wrapped(
    [
      '# Workloads',
      '<!-- Made by `npm run docs` from workloads/. -->',
      `What runs, with which parameters, and what it tells. A workload with one set of parameters is a _test_; every block of a run measures each test under each runtime once. Presets: quick has ${count('quick')} tests, standard ${count('standard')}, full ${count('full')}, lab ${count('lab')}, hardening ${count('hardening')}, gvisor-flags ${count('gvisor-flags')}, capacity ${count('capacity')}; \`--workloads\` takes ids and categories. Beside its own metrics every trial has those of \`ocibench list metrics\`: CPU, memory, I/O, pids and pressure of its cgroup, the engine's CPU, and memory of processes by role. \`work.cpu\` is CPU time per unit of work wherever a workload counts its work.`,
      ...categories,
      imageSection(recipes),
    ].join('\n\n'),
  )}\n`;
}
