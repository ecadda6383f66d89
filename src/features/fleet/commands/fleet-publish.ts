import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { DataLicence, PublishFlags } from '../publish/publish.ts';

/** Their texts are loaded by what publishes. */
const licences: readonly DataLicence[] = ['CC0-1.0', 'CC-BY-4.0'];

const words = messages('help.publish', {
  summary: 'archive a run for others, without names, addresses or paths',
  run: 'a run id, a path, or "latest" (the default)',
  to: 'directory for the archive (default: this directory)',
  gzip: 'compress with gzip instead of zstd',
  license: 'license of the data (default: CC0-1.0)',
});
const said = messages('publish', {
  written: '{file}: {size}, {n} files, licence {licence}; the host is named {host}',
  look: 'Check it before you share it:  tar -tf {file} ; trials.jsonl has what containers printed',
});

/** `ocibench fleet publish RUN` */
export const command = defineCommand<PublishFlags & { readonly json?: boolean }>({
  name: 'fleet publish',
  order: 60.6,
  words: words.summary,
  arguments: [{ name: '[run]', words: words.run }],
  options: [
    options.in,
    { flags: '--to <dir>', words: words.to },
    { flags: '--gzip', words: words.gzip },
    { flags: '--license <id>', words: words.license, choices: licences },
    options.forPrograms,
  ],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { publishRun } = await import('../publish/publish.ts');
    const published = await publishRun(app, name, flags);
    const { file, bytes, files, licence, host } = published;
    if (flags.json) {
      terminal.json(published);
      return exitCodes.ok;
    }
    const size = quantity(bytes / 1024, 'KiB');
    terminal.result(
      [said.written({ file, size, n: files.length, licence, host: host.hostname }), said.look({ file })]
        .map(terminal.say)
        .join('\n'),
    );
    return exitCodes.ok;
  },
});
