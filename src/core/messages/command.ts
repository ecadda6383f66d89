/**
 * How this process was called: what a command of ocibench that somebody copies from its output begins with, and what it needs
 * beside its own words.
 */
export interface Caller extends Called {
  /** Which of `given` a command takes, by the words that it begins with. */
  takes(words: readonly string[]): readonly string[];
  /** The command of this process, and its arguments as typed: where it needs root, it is asked for again as it was. */
  readonly own: { readonly name: string; readonly words: readonly string[] } | null;
}

/** What of it a file keeps, so that it can be made again. */
export interface Called {
  /** The program, as a shell takes it: `ocibench`, `./ocibench`. */
  readonly program: string;
  /** The same behind `sudo`, which has another PATH. */
  readonly rootProgram: string;
  /** `always`: this process was started so; `asRoot`: for what needs root; `never`: there is none, or this is root. */
  readonly sudo: 'always' | 'asRoot' | 'never';
  /** Variables that name the state of ocibench. */
  readonly variables: Readonly<Record<string, string>>;
  /** What this process was given: `--out` → the directory; `true` for an option without a value. */
  readonly given: Readonly<Record<string, string | true>>;
}

/** For records and documents, which are read anywhere. */
const anywhere: Caller = {
  program: 'ocibench',
  rootProgram: 'ocibench',
  sudo: 'asRoot',
  variables: {},
  given: {},
  takes: () => [],
  own: null,
};

/** How a process says its commands, and how it writes them into files. */
interface Calling {
  here: Caller;
  files: Caller;
}

/** The newest counts. There is more than one only where a test runs several programs at once. */
const callings: Calling[] = [{ here: anywhere, files: anywhere }];
let here = anywhere;

/**
 * From now on commands are said for this process. `inFiles`: for who reads a file of it later, from any directory. Returns what
 * takes that back.
 */
export function callAs(caller: Caller, inFiles: Caller): () => void {
  const calling = { here: caller, files: inFiles };
  callings.push(calling);
  here = caller;
  return () => {
    const at = callings.indexOf(calling);
    if (at > 0) callings.splice(at, 1);
    here = newest().here;
  };
}

const newest = () => callings.at(-1) as Calling;

/** Adds what this process has found that a command needs: null takes an option out. */
export function alsoGiven(flag: string, forHere: string | null, forFiles: string | null): void {
  const calling = newest();
  calling.here = here = withGiven(calling.here, flag, forHere);
  calling.files = withGiven(calling.files, flag, forFiles);
}

function withGiven(caller: Caller, flag: string, value: string | null): Caller {
  if (caller === anywhere) return caller;
  const { [flag]: _, ...given } = caller.given;
  return { ...caller, given: value === null ? given : { ...given, [flag]: value } };
}

/** Says something for who reads it in a file of this process, from any directory; `called`: as another process wrote it. */
export function sayInFiles<T>(say: () => T, called?: Called): T {
  const { files } = newest();
  return sayFor(called === undefined ? files : { ...files, ...called }, say);
}

/** Says something for who reads it anywhere: in canonical form. */
export function sayAnywhere<T>(say: () => T): T {
  return sayFor(anywhere, say);
}

function sayFor<T>(caller: Caller, say: () => T): T {
  const before = here;
  here = caller;
  try {
    return say();
  } finally {
    here = before;
  }
}

/** How the commands that are said now are called; null in canonical form. */
export function calledNow(): Called | null {
  const { program, rootProgram, sudo, variables, given } = here;
  return here === anywhere ? null : { program, rootProgram, sudo, variables, given };
}

/** Commands that work on the state of ocibench on a host, whatever they are asked. */
const stateful = new Set(['clean', 'pin', 'nightly']);

/**
 * A command of ocibench as a POSIX shell takes it: the only place that makes one. `words`: without the program. They may come
 * from a record: they are quoted, and neither break the line nor reorder it.
 */
export function commandText(words: readonly string[], { asRoot = false } = {}): string {
  const { program, rootProgram, sudo, variables, own } = here;
  const bySudo = sudo === 'always' || (asRoot && sudo === 'asRoot');
  const again = asRoot && own !== null && isAgain(own.name, words.join(' '));
  const all = again ? [...own.name.split(' '), ...own.words] : withCarried(words);
  const kept = bySudo || stateful.has(words[0] ?? '') ? Object.entries(variables) : [];
  return [
    ...(bySudo ? ['sudo'] : []),
    ...kept.map(([name, value]) => `${name}=${shellWord(harmless(value))}`),
    bySudo ? rootProgram : program,
    ...all.map((word) => shellWord(harmless(word))),
  ].join(' ');
}

/** Is a command that needs root the one of this process? No words are this one, and `run` is any that opens an engine. */
function isAgain(own: string, asked: string): boolean {
  return (
    asked === '' || asked === own || (asked === 'run' && here.takes(own.split(' ')).includes('--engine'))
  );
}

/** Control sequences of terminals (ECMA-48 5.4), and their strings to the end (5.6). Browsers load this module, too: node:util is not there. */
const controlSequence =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[PX\]^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Without what would make what is copied another command than what is read. */
function harmless(word: string): string {
  return word
    .replace(controlSequence, '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, '')
    .toWellFormed();
}

/** With what a command needs of what this process was given, and does not name itself. Behind `--` is another command. */
function withCarried(words: readonly string[]): readonly string[] {
  const more = here.takes(words).flatMap((flag) => {
    const value = here.given[flag];
    if (value === undefined || words.some((word) => word === flag || word.startsWith(`${flag}=`))) return [];
    return value === true ? [flag] : [flag, value];
  });
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return [...words.slice(0, end), ...more, ...words.slice(end)];
}

/** A word of a command in a template: texts, and names of values. */
type TemplateWord = readonly (string | { readonly value: string })[];

/** A command in a template: `@(report {run})`; `@(sudo clean)` needs root; `@(sudo)`: this command as root. */
export interface TemplateCommand {
  readonly words: readonly TemplateWord[];
  readonly asRoot: boolean;
}

/** A command whose values are known. A value is never an option. */
export function filledCommand({ words, asRoot }: TemplateCommand, textOf: (name: string) => string): string {
  const filled = words.map((parts) =>
    parts
      .map((part, i) => {
        if (typeof part === 'string') return part;
        // What is not seen must not hide a dash.
        const value = harmless(textOf(part.value));
        return i === 0 ? value.replace(/^[-\s]+/, '') : value;
      })
      .join(''),
  );
  return commandText(filled, { asRoot });
}

/** Splits what stands between `@(` and `)`, where texts and values alternate, into words. Quotation marks keep a word together. */
export function templateCommand(parts: TemplateWord): TemplateCommand {
  const words: (string | { readonly value: string })[][] = [[]];
  let isQuoted = false;
  for (const part of parts) {
    if (typeof part !== 'string') {
      words.at(-1)?.push(part);
      continue;
    }
    for (const piece of part.split(/(["\s])/)) {
      if (piece === '"') isQuoted = !isQuoted;
      else if (/^\s$/.test(piece) && !isQuoted) words.push([]);
      else if (piece !== '') words.at(-1)?.push(piece);
    }
  }
  const all = words.filter((word) => word.length > 0);
  const asRoot = all[0]?.[0] === 'sudo';
  return { words: asRoot ? all.slice(1) : all, asRoot };
}

/** Quotes a word for a POSIX shell where it needs that. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
