import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { everyMessage } from '../../scripts/every-message.ts';
import { loadCommands } from '../../src/cli/program.ts';
import { commandText, filledCommand, type TemplateCommand } from '../../src/core/messages/command.ts';
import { parseElements, withoutCommands } from '../../src/core/messages/format.ts';
import { frenchCatalogue } from '../../src/core/messages/translate.ts';

const src = resolve(import.meta.dirname, '../../src');

/** The run of test/contracts/stored-run. */
export const storedRun = '20261125-205804-e1d4';

/** What stands for each value that a command in a message can have. */
const samples: Readonly<Record<string, string>> = {
  about: '/usr/bin/crun',
  baseline: 'runc',
  after: storedRun,
  before: storedRun,
  blocks: '8..12',
  cell: 'startup/echo:crun',
  file: "daemon's.json",
  id: '20261125-host-1',
  keys: 'engine.seccomp',
  kind: 'runs',
  least: '8',
  longer: '10',
  most: '12',
  name: 'crun',
  run: storedRun,
  runtime: 'crun',
  time: '45m',
  until: 'startup/echo:crun',
  workloads: 'startup/echo,app',
};

/** Commands that code puts together, by the file that does: their words no template knows. */
const made: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'features/nightly/app/night/after.ts': [
    ['runtimes', 'add', '--daemon-json', 'd.json', 'crun', '--path', '/usr/bin/crun', '--', '--debug'],
  ],
};

/** Files of `src/` that make a command otherwise than in a template. */
export function makers(): readonly string[] {
  const own = ['command', 'format', 'translate', 'message'].map((name) => `core/messages/${name}.ts`);
  return globSync('**/*.ts', { cwd: src })
    .filter((file) => !own.includes(file))
    .filter((file) => /\bocibench: \[|commandText\((?!\[\]\))/.test(readFileSync(join(src, file), 'utf8')))
    .toSorted();
}

export const knownMakers: readonly string[] = Object.keys(made).toSorted();

/** The commands of ocibench in a template. */
export function commandsOf(template: string): readonly TemplateCommand[] {
  const commands: TemplateCommand[] = [];
  withoutCommands(parseElements(template), commands);
  return commands;
}

/** Every command that any message can say, in both languages, and every example of the help, as it is said now: text → where. */
export async function everyCommand(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const add = (text: string, where: string) => {
    if (!found.has(text)) found.set(text, where);
  };
  for (const [id, { template }] of await everyMessage())
    for (const each of [template, frenchCatalogue[id] ?? ''])
      for (const command of commandsOf(each))
        add(
          filledCommand(command, (name) => {
            const value = samples[name];
            if (value === undefined) throw new Error(`${id}: what stands for {${name}} in its command?`);
            return value;
          }),
          id,
        );
  for (const [file, list] of Object.entries(made)) for (const words of list) add(commandText(words), file);
  for (const { examples = [] } of await loadCommands())
    for (const { line } of examples) add(`${commandText([])} ${line}`, 'an example');
  return found;
}
