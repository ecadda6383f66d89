import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';

const words = messages('help.setup', {
  summary: 'install the Debian packages that the embedded engine needs, if any is missing',
  lab: 'also those of the lab',
});
const text = messages('setup', {
  complete: 'everything that is needed is installed',
  installed: 'installed: {names}',
  optional: '{lack}:  {command}',
});

/** `ocibench setup`: everything that the embedded engine and the images need. */
export const command = defineCommand<{ readonly lab?: boolean }>({
  name: 'setup',
  order: 30,
  words: words.summary,
  group: helpGroups.host,
  options: [{ flags: '--lab', words: words.lab }],
  async run({ app, terminal }, { lab = false }) {
    const { installMissing } = await import('../../app/setup.ts');
    const installed = await installMissing(app, { embedded: true, lab });
    const { requirements } = await import('../../app/requirements.ts');
    for (const { advice } of await requirements()) {
      const lack = (await advice?.()) ?? null;
      if (lack !== null) terminal.log(text.optional(lack));
    }
    terminal.log(installed.length === 0 ? text.complete : text.installed({ names: listed(installed) }));
    return exitCodes.ok;
  },
});
