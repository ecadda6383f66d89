import type { Terminal } from '../../../../cli/terminal.ts';
import { textTable } from '../../../../cli/text-table.ts';
import { messages } from '../../../../core/messages/define.ts';
import { text } from '../../../../report/document.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import { terminalText } from '../../../../report/sanitize.ts';
import { listPins } from './pin.ts';

const words = messages('pin.list', {
  none: 'nothing is pinned; to pin a runtime:  @(pin runc)',
  runtime: 'runtime',
  version: 'version',
  sha256: 'sha256',
  source: 'copied from',
  at: 'on',
  state: 'state',
  unchanged: 'unchanged',
});

/** Digits of a sha256 that are shown. */
const shown = 12;

/** Prints every pinned copy, and what is wrong with it. */
export async function showPins(terminal: Terminal, json: boolean): Promise<void> {
  const pins = await listPins();
  if (json)
    return terminal.json(
      pins.map(({ runtime, pin, trouble }) => ({ runtime, pin, problems: trouble?.problems ?? [] })),
      1,
    );
  if (pins.length === 0) return terminal.result(terminal.say(words.none));
  const columns = [
    { title: words.runtime, max: 16 },
    { title: words.version, max: 24, min: 12 },
    { title: words.sha256, max: shown },
    { title: words.source, max: 30, min: 16 },
    { title: words.at, max: 10 },
    { title: words.state, max: 40, min: 16 },
  ];
  const rows = pins.map(({ runtime, pin, trouble }) =>
    [
      runtime,
      pin?.version ?? '–',
      pin?.sha256.slice(0, shown) ?? '–',
      [pin?.source ?? '–', ...(pin?.runtimeArgs ?? [])].join(' '),
      pin?.at.slice(0, 10) ?? '–',
      trouble?.problems[0]?.message ?? terminal.say(words.unchanged),
    ].map((cell) => [text(terminalText(cell, 300))]),
  );
  terminal.paintedResult(
    renderTerminal([[textTable(columns, rows, terminal.say)]], {
      lang: terminal.lang,
      paint: terminal.paintResult,
      width: terminal.resultWidth(tableWidth),
    }),
  );
}
