import Table from 'cli-table3';
import type { Lang } from '../messages/message.ts';
import type { RuntimeLayers } from '../model/runtime-layer.ts';
import { borderless } from './borderless.ts';
import { messages } from './messages/index.ts';
import { terminalText } from './sanitize.ts';
import { wrapText } from './wrap.ts';

/** Where the layers were read, in words that are ready: a path or an address, with what is wrong with it. */
export interface LayerPlaces {
  readonly file: string;
  readonly daemon: string;
  readonly containerd: string;
}

const width = 100;
const columns = [16, 29, 29, 26] as const;

/**
 * Where each runtime is registered, the layers side by side, and below it what that means for Docker. At most 100
 * columns.
 */
export function runtimeLayersTable(
  layers: readonly RuntimeLayers[],
  places: LayerPlaces,
  lang: Lang,
): string {
  const m = messages(lang);
  const words = m.registry;
  const table = new Table({
    head: [m.runtime, words.file, words.daemon, words.containerd],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: borderless,
    colWidths: [...columns],
  });
  const wrapped = (text: string, column: number) => wrapText(text, (columns[column] ?? 0) - 1).join('\n');
  const cell = (text: string | null, column: number) =>
    text === null ? '–' : wrapped(terminalText(text || words.known, 300), column);
  for (const { name, file, daemon, containerd } of layers)
    table.push([wrapped(terminalText(name, 100), 0), cell(file, 1), cell(daemon, 2), cell(containerd, 3)]);
  const titled = (title: string, text: string) => hanging(`${title}${m.colon}`, text);
  return [
    ...titled(words.file, places.file),
    ...titled(words.daemon, places.daemon),
    ...titled(words.containerd, places.containerd),
    '',
    ...table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd()),
    '',
    ...layers.flatMap(({ name, use, about }) =>
      titled(terminalText(name, 100), words.use[use](terminalText(name, 100), terminalText(about, 300))),
    ),
    '',
    ...wrapText(words.layers, width),
  ].join('\n');
}

/** A line that starts with a title, its further lines indented by two. */
function hanging(title: string, text: string): readonly string[] {
  return wrapText(`${title}${terminalText(text)}`, width - 2).map((line, i) =>
    i === 0 ? line : `  ${line}`,
  );
}
