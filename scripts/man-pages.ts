import { type CommandDefinition, canRun, type OptionDefinition } from '../src/cli/command.ts';
import { helpWords } from '../src/cli/help.ts';
import { options } from '../src/cli/options.ts';
import { exampleLine } from '../src/cli/program.ts';

/** Exit codes as manual pages list them. */
const exitStatus = [
  ['0', 'All was measured, or the question was answered.'],
  ['1', 'Some trials failed, a check failed, or something got worse.'],
  ['2', 'Misuse, or a configuration that cannot be used. Nothing was lost.'],
  ['3', 'No engine can be used.'],
  ['4', 'Another measurement runs on this host.'],
  ['5', 'Inconclusive: a gate, a skipped night, a check of doctor calibrate.'],
  ['130', 'Interrupted. What was measured is kept.'],
] as const;

const files = [
  [
    'bench.config.ts, bench.config.json',
    'What is compared. Looked for in the working directory and in those above it.',
  ],
  ['results/RUN, charts/RUN', 'What was measured, and what to look at.'],
  ['/etc/docker/daemon.json', 'The runtimes.'],
] as const;

const variables = [
  ['DOCKER_HOST, DOCKER_CONTEXT', 'The Docker daemon, as for docker(1).'],
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

const usageOf = ({ name, arguments: taken = [] }: CommandDefinition) =>
  ['ocibench', name, '[options]', ...taken.map((argument) => argument.name)].join(' ');

/** Arguments and options of a command, those of a group below its title. */
function optionsOf({ arguments: taken = [], options: own = [] }: CommandDefinition): readonly string[] {
  const all = own.includes(options.lang) ? own : [...own, options.lang];
  const titled = Map.groupBy(all, ({ group }) => group?.text ?? '');
  return [
    ...taken.flatMap((argument) => tagged(`\\fI${plain(argument.name)}\\fR`, argument.words.text)),
    ...[...titled].flatMap(([title, members]) => [
      ...(title === '' ? [] : ['.PP', bold(title)]),
      ...members.flatMap(optionLines),
    ]),
  ];
}

const examplesOf = ({ examples = [] }: CommandDefinition): readonly string[] =>
  examples.flatMap((example) => [
    '.PP',
    `${plain(example.words.text)}:`,
    '.EX',
    plain(`  ${exampleLine(example)}`),
    '.EE',
  ]);

const pageName = (command: string) => `ocibench-${command}`;

/** `.TH` and NAME of a page. */
const head = (name: string, version: string, summary: string): readonly string[] => [
  '.\\" Written by `npm run build` from the definitions of the commands.',
  `.TH ${plain(name.toUpperCase())} 1 "" "ocibench ${version}" "User Commands"`,
  '.SH NAME',
  `${plain(name)} \\- ${plain(summary)}`,
  '.SH SYNOPSIS',
];

const reference = (name: string, section = 1) => `${bold(name)}(${section})`;

/** ocibench-COMMAND(1): a command with its options, or a group with each of its commands. */
function commandPage(
  own: CommandDefinition,
  members: readonly CommandDefinition[],
  version: string,
): readonly string[] {
  const examples = examplesOf(own);
  return [
    ...head(pageName(own.name), version, own.words.text),
    ...[own, ...members]
      .filter(canRun)
      .flatMap((each, at) => [...(at === 0 ? [] : ['.br']), bold(usageOf(each))]),
    ...(canRun(own) ? ['.SH OPTIONS', ...optionsOf(own)] : []),
    ...(examples.length > 0 ? ['.SH EXAMPLES', ...examples] : []),
    ...(members.length > 0 ? ['.SH COMMANDS'] : []),
    ...members.flatMap((member) => [
      `.SS ${plain(member.name)}`,
      plain(member.words.text),
      ...optionsOf(member),
      ...examplesOf(member),
    ]),
    '.SH SEE ALSO',
    reference('ocibench'),
  ];
}

/** ocibench(1): what there is, and what all commands share. */
function programPage(commands: readonly CommandDefinition[], version: string): readonly string[] {
  const titled = Map.groupBy(commands, ({ group }) => group?.text ?? '');
  return [
    ...head('ocibench', version, 'measure what a container runtime costs'),
    `${bold('ocibench')} \\fIcommand\\fR [\\fIoptions\\fR]`,
    '.SH DESCRIPTION',
    plain(helpWords.program.text),
    '.SH COMMANDS',
    ...[...titled].flatMap(([title, members]) => [
      ...(title === '' ? [] : [`.SS ${plain(title.replace(/:$/, ''))}`]),
      ...members.flatMap(({ name, words }) => tagged(reference(pageName(name)), words.text)),
    ]),
    '.SH EXIT STATUS',
    ...exitStatus.flatMap(([code, text]) => tagged(bold(code), text)),
    '.SH ENVIRONMENT',
    ...variables.flatMap(([name, text]) => tagged(bold(name), text)),
    '.SH FILES',
    ...files.flatMap(([name, text]) => tagged(`\\fI${plain(name)}\\fR`, text)),
    '.SH SEE ALSO',
    `${reference('docker')}, ${reference('runc', 8)}`,
  ];
}

/** Pages for man(1), by the names of their files: ocibench(1), and one for each command or group. */
export function manPages(
  commands: readonly CommandDefinition[],
  version: string,
): ReadonlyMap<string, string> {
  const membersOf = ({ name }: CommandDefinition) =>
    commands.filter((each) => each.name.startsWith(`${name} `) && canRun(each));
  const groups = commands.filter(
    (command) => !command.name.includes(' ') && (canRun(command) || membersOf(command).length > 0),
  );
  const pages = [
    ['ocibench', programPage(groups, version)] as const,
    ...groups.map(
      (command) => [pageName(command.name), commandPage(command, membersOf(command), version)] as const,
    ),
  ];
  return new Map(pages.map(([name, lines]) => [`${name}.1`, `${lines.join('\n')}\n`]));
}
