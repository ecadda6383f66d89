import type { Terminal } from '../../../../cli/terminal.ts';
import { messages } from '../../../../core/messages/define.ts';
import { tableOf, wrap } from '../../../../report/document/make-table.ts';
import { terminalText } from '../../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../../report/renderers/terminal.ts';
import { listPins } from './pin.ts';

const words = messages('pin.list', {
  none: 'nothing is pinned; to pin a runtime:  @(nightly pin runc)',
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
  const cut = (words: string) => terminalText(words, 300);
  const table = tableOf(
    pins,
    [
      [words.runtime, ({ runtime }) => cut(runtime), wrap(16)],
      [words.version, ({ pin }) => cut(pin?.version ?? '–'), wrap(24, 12)],
      [words.sha256, ({ pin }) => pin?.sha256.slice(0, shown) ?? '–', wrap(shown)],
      [
        words.source,
        ({ pin }) => cut([pin?.source ?? '–', ...(pin?.runtimeArgs ?? [])].join(' ')),
        wrap(30, 16),
      ],
      [words.at, ({ pin }) => pin?.at.slice(0, 10) ?? '–', wrap(10)],
      [
        words.state,
        ({ trouble }) => cut(trouble?.problems[0]?.message ?? terminal.say(words.unchanged)),
        wrap(40, 16),
      ],
    ],
    'en',
  );
  terminal.paintedResult(
    renderTerminal([[table]], {
      lang: 'en',
      paint: terminal.paintResult,
      width: terminal.resultWidth(tableWidth),
    }),
  );
}
