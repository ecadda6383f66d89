import { type CommandDefinition, canRun, type OptionDefinition } from './command.ts';
import { helpWords } from './help.ts';
import { options } from './options.ts';
import { exampleLine } from './program.ts';

/** Exit codes as manual pages list them. */
const exitStatus = [
  ['0', 'All was measured, or the question was answered.'],
  ['1', 'Some cells failed, a check failed, or something got worse.'],
  ['2', 'Misuse, or a configuration that cannot be used. Nothing was lost.'],
  ['3', 'No engine can be used.'],
  ['4', 'Another measurement runs on this host.'],
  ['130', 'Interrupted. What was measured is kept.'],
] as const;

const files = [
  [
    'bench.config.ts, .mts, .js, .mjs, .json',
    'What is compared. Looked for in the working directory and in those above it.',
  ],
  ['results/RUN, charts/RUN', 'What was measured, and what to look at.'],
  ['/etc/docker/daemon.json', 'The runtimes.'],
] as const;

const variables = [
  ['DOCKER_HOST, DOCKER_CONTEXT', 'The Docker daemon, as for docker(1).'],
  ['BROWSER', 'What \u2018ocibench report --open\u2019 starts.'],
  ['NO_COLOR', 'No colours.'],
  ['OCIBENCH_STATE', 'Where the embedded engine keeps its data; default: /var/lib/ocibench.'],
] as const;

/** Makes text literal for groff: ASCII only, with characters quoted that would start an escape or a request. */
function plain(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('"', '\\(dq')
    .replaceAll(/[^\p{ASCII}]/gu, (char) => {
      const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `\\[u${code.padStart(4, '0')}]`;
    });
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}

const bold = (text: string) => `\\fB${plain(text)}\\fR`;

/** A paragraph under a tag. */
function tagged(tag: string, text: string): readonly string[] {
  return ['.TP', tag, plain(text)];
}

function optionLines({ flags, words, choices = [] }: OptionDefinition): readonly string[] {
  const [names = '', value = ''] = flags.split(/ (?=<)/);
  const tag = `${bold(names)}${value === '' ? '' : ` \\fI${plain(value.slice(1, -1))}\\fR`}`;
  const allowed = choices.length === 0 ? '' : ` (one of: ${choices.join(', ')})`;
  return tagged(tag, `${words.text}${allowed}`);
}

function commandLines({ name, words, ...command }: CommandDefinition): readonly string[] {
  const { arguments: taken = [], options: own = [], examples = [] } = command;
  const usage = [`ocibench ${name}`, '[options]', ...taken.map((argument) => argument.name)].join(' ');
  const all = own.includes(options.lang) ? own : [...own, options.lang];
  return [
    `.SS ${plain(name)}`,
    bold(usage),
    '.PP',
    plain(words.text),
    ...taken.flatMap((argument) => tagged(`\\fI${plain(argument.name)}\\fR`, argument.words.text)),
    ...all.flatMap(optionLines),
    ...examples.flatMap((example) => [
      '.PP',
      `${plain(example.words.text)}:`,
      '.EX',
      plain(`  ${exampleLine(example)}`),
      '.EE',
    ]),
  ];
}

/** ocibench(1) of these commands, for man(1). */
export function manPage(commands: readonly CommandDefinition[], version: string): string {
  const shown = commands.filter((command) => canRun(command) && command.hidden !== true);
  const lines = [
    '.\\" Written by `npm run docs` from src/cli/commands/.',
    `.TH OCIBENCH 1 "" "ocibench ${version}" "User Commands"`,
    '.SH NAME',
    'ocibench \\- measure what a container runtime costs',
    '.SH SYNOPSIS',
    `${bold('ocibench')} \\fIcommand\\fR [\\fIoptions\\fR]`,
    '.SH DESCRIPTION',
    plain(helpWords.program.text),
    ...helpWords
      .more({ command: 'ocibench' })
      .text.split('\n')
      .flatMap((line) => ['.br', plain(line)]),
    '.SH COMMANDS',
    ...shown.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...exitStatus.flatMap(([code, text]) => tagged(bold(code), text)),
    '.SH ENVIRONMENT',
    ...variables.flatMap(([name, text]) => tagged(bold(name), text)),
    '.SH FILES',
    ...files.flatMap(([name, text]) => tagged(`\\fI${plain(name)}\\fR`, text)),
    '.SH SEE ALSO',
    '.BR docker (1),',
    '.BR runc (8)',
  ];
  return `${lines.join('\n')}\n`;
}
