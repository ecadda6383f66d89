import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { ShowFlags } from '../explain/show-runtimes.ts';

const words = messages('help.runtimesShow', {
  summary: 'show where runtimes are registered, and which of them Docker can use',
});

/** `ocibench runtimes show` */
export const command = defineCommand<ShowFlags & { readonly json?: boolean }>({
  name: 'runtimes show',
  order: 72.1,
  words: words.summary,
  options: [options.registryFile, options.forPrograms],
  async run({ app, terminal }, flags) {
    const { findRuntimePlaces } = await import('../explain/show-runtimes.ts');
    const { registrations, places } = await findRuntimePlaces(app, flags);
    if (flags.json) terminal.json(registrations, 1);
    else {
      const { registrationsTable } = await import('../explain/registrations-table.ts');
      terminal.result(registrationsTable(registrations, places, terminal.lang));
    }
    return exitCodes.ok;
  },
});
