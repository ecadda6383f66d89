import { defineCommand } from '../../../cli/command.ts';
import { changeOptions } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { ChangeFlags } from '../daemon-json/change-runtimes.ts';

const words = messages('help.runtimesAdd', {
  summary: 'register an OCI runtime: runtimes add NAME --path FILE -- ARGUMENTS',
  name: 'name for `docker run --runtime`',
  runtimeArgs: 'arguments that are always passed to the runtime, after --',
  path: 'path of the OCI runtime, e.g. /usr/bin/runsc',
  checksum:
    'file with the published SHA-256 or SHA-512 of the runtime, e.g. runc.sha256sum; a program that does not match is refused',
});

/** `ocibench runtimes add NAME --path FILE [-- ARGUMENTS]` */
export const command = defineCommand<ChangeFlags & { readonly path: string; readonly checksum?: string }>({
  name: 'runtimes add',
  order: 72.3,
  words: words.summary,
  arguments: [
    { name: '<name>', words: words.name },
    { name: '[runtimeArgs...]', words: words.runtimeArgs },
  ],
  options: [
    ...changeOptions,
    { flags: '--path <file>', words: words.path, isRequired: true },
    { flags: '--checksum <file>', words: words.checksum },
  ],
  async run({ app, terminal }, flags, [name = '', ...runtimeArgs]) {
    const { addRuntime } = await import('../daemon-json/change-runtimes.ts');
    const { confirmation } = await import('../daemon-json/confirmation.ts');
    const runtime = { name, path: flags.path, runtimeArgs, checksum: flags.checksum };
    await addRuntime(app, runtime, { flags, confirmation: confirmation(terminal) });
    return exitCodes.ok;
  },
});
