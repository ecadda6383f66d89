import { listPins, type PinFlags, pinRuntime, unpinRuntime } from '../../app/pin.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { pinName } from '../../model/pin.ts';
import { text } from '../../report/document.ts';
import { renderTerminal, tableWidth } from '../../report/renderers/terminal.ts';
import { terminalText } from '../../report/sanitize.ts';
import { defineCommand } from '../command.ts';
import { options } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

const help = messages('help.pin', {
  summary: "keep a copy of a runtime''s program, which ocibench nightly measures beside today''s",
  runtime: 'a registered runtime; without one, the pins are listed',
  daemonJson: 'which runtimes are registered (default: /etc/docker/daemon.json, else what is on PATH)',
  replace: "pin today''s program in place of the pinned one",
  remove: 'remove the pinned copy of this runtime',
  wait: 'wait for a measurement on this host to end, instead of refusing',
});
const words = messages('pin.list', {
  none: 'nothing is pinned; to pin a runtime:  ocibench pin runc',
  runtime: 'runtime',
  version: 'version',
  sha256: 'sha256',
  source: 'copied from',
  at: 'on',
  state: 'state',
  unchanged: 'unchanged',
  pinned: '{runtime} is pinned: {version}, sha256 {sha256}; ocibench nightly measures it as {name}',
  same: '{runtime} is pinned already, as it is: {version}, sha256 {sha256}',
  removed: '{runtime} is no longer pinned',
});

/** Digits of a sha256 that are shown. */
const shown = 12;

/** `ocibench pin [RUNTIME]` */
export const command = defineCommand<PinFlags & { readonly json?: boolean }>({
  name: 'pin',
  order: 73,
  words: help.summary,
  arguments: [{ name: '[runtime]', words: help.runtime }],
  options: [
    { flags: '--daemon-json <file>', words: help.daemonJson },
    options.config,
    { flags: '--replace', words: help.replace },
    { flags: '--remove <runtime>', words: help.remove },
    { flags: '--wait', words: help.wait },
    options.forPrograms,
  ],
  async run({ app, terminal }, flags, [runtime]) {
    if (flags.remove !== undefined) {
      await unpinRuntime(app, flags.remove, flags);
      terminal.result(terminal.say(words.removed({ runtime: flags.remove })));
    }
    if (runtime !== undefined) {
      const { pin, same } = await pinRuntime(app, runtime, flags);
      const { version, program, sha256 } = pin;
      const values = { runtime, version: version ?? program, sha256: sha256.slice(0, shown) };
      const said = same ? words.same(values) : words.pinned({ ...values, name: pinName(runtime) });
      if (flags.json) terminal.json(pin, 1);
      else terminal.result(terminalText(terminal.say(said)));
    }
    if (flags.remove === undefined && runtime === undefined) await showPins(terminal, flags.json ?? false);
    return exitCodes.ok;
  },
});

async function showPins(terminal: Terminal, json: boolean): Promise<void> {
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
