import { defineCommand } from '../../../cli/command.ts';
import { options, runOptions } from '../../../cli/options.ts';
import { parseOptions } from '../../../cli/program.ts';
import { messages } from '../../../core/messages/define.ts';
import type { FleetContextsFlags } from '../launch/contexts/launch.ts';

const words = messages('help.fleetContexts', {
  summary: 'run on several Docker contexts: fleet contexts --contexts a,b -- RUN OPTIONS',
  options: 'options for `@(run)`, after --; the same for every context',
  contexts: 'Docker contexts, separated by commas; `default` is DOCKER_HOST or the socket',
  atOnce:
    'number of contexts to measure at the same time; contexts on this host are measured one after another',
  out: 'directory for the results, with one directory per context (default: fleet-TIME)',
  three: 'three machines reached over ssh or TLS, two at a time',
});

/** `ocibench fleet contexts -- OPTIONS` */
export const command = defineCommand<FleetContextsFlags & { readonly json?: boolean }>({
  name: 'fleet contexts',
  order: 60.2,
  words: words.summary,
  arguments: [{ name: '[options...]', words: words.options }],
  options: [
    { flags: '--contexts <names>', words: words.contexts, isRequired: true },
    { flags: '--at-once <number>', words: words.atOnce, default: '1' },
    { flags: '--out <dir>', words: words.out },
    options.forPrograms,
    options.quiet,
  ],
  examples: [
    { line: 'fleet contexts --contexts web,db,cache --at-once 2 -- --preset quick', words: words.three },
  ],
  async run({ app, terminal }, flags, asked) {
    const { launchOnContexts } = await import('../launch/contexts/launch.ts');
    const { printLaunch } = await import('../text.ts');
    const { parseFlags } = await import('../../../core/config/command-line.ts');
    const run = {
      words: asked,
      ...parseFlags(parseOptions('fleet contexts --', runOptions, asked, terminal)),
    };
    const launched = await launchOnContexts(app, flags, run);
    return printLaunch(terminal, launched, { json: flags.json ?? false });
  },
});
