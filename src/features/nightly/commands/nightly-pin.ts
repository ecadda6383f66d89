import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { PinFlags } from '../app/pins/pin.ts';

const help = messages('help.pin', {
  summary: 'keep a copy of a runtime, which @(nightly) measures alongside the current one',
  runtime: 'a registered runtime; if omitted, list the pinned copies',
  replace: 'replace the pinned copy with the current program',
  remove: 'remove the pinned copy of this runtime',
});
const words = messages('pin.list', {
  pinned: '{runtime} is pinned: {version}, sha256 {sha256}; @(nightly) measures it as {name}',
  same: '{runtime} is already pinned and unchanged: {version}, sha256 {sha256}',
  removed: '{runtime} is no longer pinned',
});

/** Digits of a sha256 that are shown. */
const shown = 12;

/** `ocibench nightly pin [RUNTIME]` */
export const command = defineCommand<PinFlags & { readonly json?: boolean }>({
  name: 'nightly pin',
  order: 50.01,
  words: help.summary,
  arguments: [{ name: '[runtime]', words: help.runtime }],
  options: [
    options.config,
    options.daemonSet,
    { flags: '--replace', words: help.replace },
    { flags: '--remove <runtime>', words: help.remove },
    options.forPrograms,
  ],
  async run({ app, terminal }, flags, [runtime]) {
    const { pinRuntime, unpinRuntime } = await import('../app/pins/pin.ts');
    const { pinName } = await import('../../../core/model/names.ts');
    const { terminalText } = await import('../../../report/document/sanitize.ts');
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
    if (flags.remove === undefined && runtime === undefined) {
      const { showPins } = await import('../app/pins/text.ts');
      await showPins(terminal, flags.json ?? false);
    }
    return exitCodes.ok;
  },
});
