import type { Lang } from './message.ts';

/**
 * How this process was called. Commands of ocibench in its output begin the same way and repeat the options that they
 * need, so that they can be copied.
 */
export interface Invocation extends StoredInvocation {
  /** The options among `given` that a command accepts, by the first words of the command. */
  takes(words: readonly string[]): readonly string[];
  /** The command of this process, with its arguments as typed: where it needs root, the same command is proposed again. */
  readonly own: { readonly name: string; readonly words: readonly string[] } | null;
}

/** The part of {@link Invocation} that a file keeps, so that its commands can be written again. */
export interface StoredInvocation {
  /** The program, as a shell takes it: `ocibench`, `./ocibench`. */
  readonly program: string;
  /** The program as called through `sudo`, which has another PATH. */
  readonly rootProgram: string;
  /**
   * `always`: this process was started by sudo; `asRoot`: sudo is used for commands that need root; `never`: this user
   * is root; `missing`: this user is not, and has no sudo.
   */
  readonly sudo: 'always' | 'asRoot' | 'never' | 'missing';
  /** Environment variables that locate the state of ocibench. */
  readonly variables: Readonly<Record<string, string>>;
  /** Options given to this process: `--out` → the directory, `--set KEY` → its value; `true` for an option without a value. */
  readonly given: Readonly<Record<string, string | true>>;
}

/** Canonical form, for records and documents, which may be read anywhere. */
const anywhere: Invocation = {
  program: 'ocibench',
  rootProgram: 'ocibench',
  sudo: 'asRoot',
  variables: {},
  given: {},
  takes: () => [],
  own: null,
};

/**
 * The form of commands in the output of a process, and in the files that it writes. The last entry counts; there is more
 * than one only where a test runs several programs at once.
 */
const callings: { here: Invocation; files: Invocation }[] = [{ here: anywhere, files: anywhere }];
let here = anywhere;

/**
 * Writes commands in the form of this process from now on. `inFiles`: the form in its files, which may be read later
 * and from any directory. Returns a function that undoes this.
 */
export function callAs(caller: Invocation, inFiles: Invocation): () => void {
  const calling = { here: caller, files: inFiles };
  callings.push(calling);
  here = caller;
  return () => {
    const at = callings.indexOf(calling);
    if (at > 0) callings.splice(at, 1);
    here = newest().here;
  };
}

const newest = () => callings.at(-1) as (typeof callings)[number];

/** Adds an option that commands need, found by this process itself; null removes the option. */
export function alsoGiven(flag: string, forHere: string | null, forFiles: string | null): void {
  const calling = newest();
  calling.here = here = withGiven(calling.here, flag, forHere);
  calling.files = withGiven(calling.files, flag, forFiles);
}

function withGiven(caller: Invocation, flag: string, value: string | null): Invocation {
  if (caller === anywhere) return caller;
  const { [flag]: _, ...given } = caller.given;
  return { ...caller, given: value === null ? given : { ...given, [flag]: value } };
}

/**
 * Calls `say` with commands in the form for a file of this process, to be read from any directory. `called`: the
 * caller, where another process wrote the file.
 */
export function sayInFiles<T>(say: () => T, called?: StoredInvocation): T {
  const { files } = newest();
  return sayFor(called === undefined ? files : { ...files, ...called }, say);
}

/** Calls `say` with commands in canonical form, which may be read anywhere. */
export function sayAnywhere<T>(say: () => T): T {
  return sayFor(anywhere, say);
}

function sayFor<T>(caller: Invocation, say: () => T): T {
  const before = here;
  here = caller;
  try {
    return say();
  } finally {
    here = before;
  }
}

/** The present form of commands; null for the canonical form. */
export function calledNow(): StoredInvocation | null {
  const { program, rootProgram, sudo, variables, given } = here;
  return here === anywhere ? null : { program, rootProgram, sudo, variables, given };
}

/**
 * A command of ocibench, quoted for a POSIX shell. No other code composes commands. `words`: without the program. They
 * may come from a record, so they are quoted, and characters that break or reorder the line are removed.
 */
export function commandText(words: readonly string[], { asRoot = false } = {}): string {
  const { program, rootProgram, sudo, variables, own } = here;
  const bySudo = sudo === 'always' || (asRoot && sudo === 'asRoot');
  const again = asRoot && own !== null && isAgain(own.name, words.join(' '));
  const all = again ? [...own.name.split(' '), ...own.words] : withCarried(words);
  const kept = bySudo || ['clean', 'nightly'].includes(words[0] ?? '') ? Object.entries(variables) : [];
  return [
    ...(bySudo ? ['sudo'] : []),
    ...kept.map(([name, value]) => `${name}=${shellWord(harmless(value))}`),
    bySudo ? rootProgram : program,
    ...all.map((word) => shellWord(harmless(word))),
  ].join(' ');
}

/** Is the command that needs root the one of this process? True for no words, and for `run` if this process opens an engine. */
function isAgain(own: string, asked: string): boolean {
  return (
    asked === '' || asked === own || (asked === 'run' && here.takes(own.split(' ')).includes('--engine'))
  );
}

/**
 * Control sequences of terminals (ECMA-48 5.4) and control strings (5.6). Not from node:util, since browsers load this
 * module.
 */
const controlSequence =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[PX\]^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** The word without characters that make the copied command differ from the displayed one. */
function harmless(word: string): string {
  return word
    .replace(controlSequence, '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, '')
    .toWellFormed();
}

/**
 * The words, with the options given to this process that the command accepts and does not contain. They are inserted
 * before `--`, which is followed by another command.
 */
function withCarried(words: readonly string[]): readonly string[] {
  const more = here.takes(words).flatMap((place) => {
    const value = here.given[place];
    const [flag = place, key] = place.split(' ');
    const isThere = (word: string) =>
      word === (key === undefined ? flag : null) || word.startsWith(`${key ?? flag}=`);
    if (value === undefined || words.some(isThere)) return [];
    if (key !== undefined) return [flag, `${key}=${value}`];
    return value === true ? [flag] : [flag, value];
  });
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return [...words.slice(0, end), ...more, ...words.slice(end)];
}

/** A word of a command in a template: literal texts and names of values. */
type TemplateWord = readonly (string | { readonly value: string })[];

/** A command in a template: `@(report {run})`; `@(sudo clean)` needs root; `@(sudo)` is the command of this process as root. */
export interface TemplateCommand {
  readonly words: readonly TemplateWord[];
  readonly asRoot: boolean;
}

/** Without sudo, a command that needs root would repeat what was just typed. */
const byRoot = { en: 'as root:  ', fr: 'en tant que root\u00a0:  ' } as const;

/** A command with its values filled in. A value is never taken for an option. */
export function filledCommand(
  { words, asRoot }: TemplateCommand,
  textOf: (name: string) => string,
  lang: Lang = 'en',
): string {
  const filled = words.map((parts) =>
    parts
      .map((part, i) => {
        if (typeof part === 'string') return part;
        // Invisible characters, which could hide a dash, are removed first.
        const value = harmless(textOf(part.value));
        return i === 0 ? value.replace(/^[-\s]+/, '') : value;
      })
      .join(''),
  );
  return `${asRoot && here.sudo === 'missing' ? byRoot[lang] : ''}${commandText(filled, { asRoot })}`;
}

/** Splits the content of `@(` … `)`, in which texts and values alternate, into words. Quotation marks keep a word together. */
export function templateCommand(parts: TemplateWord): TemplateCommand {
  const words: (string | { readonly value: string })[][] = [[]];
  let isQuoted = false;
  for (const part of parts) {
    if (typeof part !== 'string') words.at(-1)?.push(part);
    else
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

/** Quotes a word for a POSIX shell if necessary. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
