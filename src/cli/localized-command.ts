import { Command, type Option } from 'commander';
import { settingOf } from '../core/config/settings.ts';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { nearest } from '../core/model/nearest.ts';
import { helpIn, helpWords } from './help.ts';

const words = messages('usage', {
  keyOption: '{error}\n(It is a key:  --set {key}={value})',
  didYouMean: '{error}\n(Did you mean {name}?)',
  unknownOption: "error: unknown option ''{option}''",
  unknownCommand: "error: unknown command ''{command}''",
  missingArgument: "error: missing required argument ''{argument}''",
  missingValue: "error: option ''{option}'' argument missing",
  missingOption: "error: required option ''{option}'' not specified",
  noChoice: "error: option ''{option}'' argument ''{value}'' is invalid. Allowed choices are {choices}.",
  belongsTo: '{error}\n(It is an option of: {commands}.  {example})',
  afterDashes: '{error}\n(Options for what is started go after --:  {example})',
  workloadsOption: '{error}\n(Did you mean --workloads {names}?)',
  tooManyArguments:
    'error: too many arguments. Expected {expected} {expected, plural, one {argument} other {arguments}} but got {given}: {arguments}.',
  tooManyArgumentsOf:
    "error: too many arguments for ''{command}''. Expected {expected} {expected, plural, one {argument} other {arguments}} but got {given}: {arguments}.",
});

/** Of more commands than that a word means none. */
const mostMeant = 3;

/** Commands of other programs, and those that do it here. */
const otherWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['setup', ['doctor --install']],
  ['start', ['run']],
]);

/** Commander's command with help and errors in the user's language: overrides the methods that report errors. */
export class LocalizedCommand extends Command {
  readonly #lang: Lang;

  constructor(name: string, lang: Lang) {
    super(name);
    this.#lang = lang;
    this.exitOverride();
    this.configureHelp(helpIn(lang));
    this.helpOption('-h, --help', translate(helpWords.helpOption, lang));
  }

  override createCommand(name = ''): LocalizedCommand {
    return new LocalizedCommand(name, this.#lang);
  }

  /** How it is called: `ocibench lab run`. */
  get path(): string {
    const { parent } = this;
    return parent instanceof LocalizedCommand ? `${parent.path} ${this.name()}` : this.name();
  }

  #complain(message: Message, code: string): never {
    this.showHelpAfterError(translate(helpWords.hint({ command: this.path }), this.#lang));
    return this.error(translate(message, this.#lang), { code: `commander.${code}` });
  }

  /** The commands below this one that its help lists. */
  get #listed(): readonly LocalizedCommand[] {
    return this.createHelp()
      .visibleCommands(this)
      .filter((command) => command instanceof LocalizedCommand);
  }

  /** A group that is itself a command, and takes no arguments: a word after it is the name of a command. */
  get #isMisnamed(): boolean {
    const [name = '-'] = this.args;
    return this.commands.length > 0 && this.registeredArguments.length === 0 && !name.startsWith('-');
  }

  unknownOption(flag: string): never {
    if (this.#isMisnamed) return this.unknownCommand();
    const known = ['--help', ...this.options.flatMap(({ long }) => long ?? [])];
    const error = words.unknownOption({ option: flag });
    return this.#complain(flag.startsWith('--') ? this.#hint(error, flag, known) : error, 'unknownOption');
  }

  /** Hint that names the command to which an unknown option belongs. */
  #hint(error: Message, flag: string, known: readonly string[]): Message {
    const [name = '', value] = flag.split('=');
    const key = name.slice(2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const setting = known.includes('--set') ? settingOf(key) : undefined;
    if (setting !== undefined && setting.flag === undefined)
      return words.keyOption({ error, key, value: value ?? setting.kind?.example ?? 'true' });
    const below = this.#listed;
    const having = [below, below.flatMap((group) => group.#listed)]
      .map((all) => all.filter(({ options }) => options.some(({ long }) => long === name)))
      .find((all) => all.length > 0);
    const [first] = having ?? [];
    if (first !== undefined)
      return words.belongsTo({
        error,
        commands: listed((having ?? []).map((command) => command.path.slice(this.path.length + 1))),
        example: `${first.path} ${flag}`,
      });
    const meant = nearest(flag, known);
    if (meant !== null) return words.didYouMean({ error, name: meant });
    if (!this.registeredArguments.some(({ variadic }) => variadic)) return error;
    return words.afterDashes({ error, example: `${this.path} -- ${flag}` });
  }

  unknownCommand(): never {
    const [name = '', next = ''] = this.args;
    const error = words.unknownCommand({ command: name });
    const meant = this.#meant(name, next);
    return this.#complain(
      meant.length === 0 ? error : words.didYouMean({ error, name: listed(meant) }),
      'unknownCommand',
    );
  }

  /**
   * What an unknown name may mean, as words after the program's name: a command of any group that is called so, one that is
   * called nearly so, one of a group that is called as the word after it, an option that does it (`report --anonymous`), or what other
   * programs call so.
   */
  #meant(name: string, next: string): readonly string[] {
    const root = this.#root;
    const shown = (command: LocalizedCommand) => command.path.slice(root.path.length + 1);
    const grouped = root.#listed.flatMap((group) => group.#listed);
    const called = (all: readonly LocalizedCommand[], word: string) =>
      all.filter((command) => command.name() === word).map(shown);
    const nearly = (all: readonly LocalizedCommand[]) => {
      const names = all.map((command) => command.name());
      const begun = name.length < 3 ? [] : names.filter((each) => each.startsWith(name));
      return called(all, nearest(name, names) ?? (new Set(begun).size === 1 ? (begun[0] ?? '') : ''));
    };
    const every = [...root.#listed, ...grouped];
    const asOption = () =>
      every
        .filter(({ options }) => options.some(({ flags }) => flags === `--${name}`))
        .map((command) => `${shown(command)} --${name}`);
    const found = [
      called(every, name),
      nearly(this.#listed),
      nearly(every),
      called(grouped, next),
      asOption(),
      this.parent === null ? (otherWords.get(name) ?? []) : [],
    ].find((meant) => meant.length > 0 && meant.length <= mostMeant);
    return found ?? [];
  }

  get #root(): LocalizedCommand {
    return this.parent instanceof LocalizedCommand ? this.parent.#root : this;
  }

  missingArgument(argument: string): never {
    return this.#complain(words.missingArgument({ argument }), 'missingArgument');
  }

  optionMissingArgument({ flags }: Option): never {
    return this.#complain(words.missingValue({ option: flags }), 'optionMissingArgument');
  }

  missingMandatoryOptionValue({ flags }: Option): never {
    return this.#complain(words.missingOption({ option: flags }), 'missingMandatoryOptionValue');
  }

  _excessArguments(received: readonly string[]): void {
    if (this.#isMisnamed) this.unknownCommand();
    const counts = {
      expected: this.registeredArguments.length,
      given: received.length,
      arguments: listed(received),
    };
    const error =
      this.parent === null
        ? words.tooManyArguments(counts)
        : words.tooManyArgumentsOf({ ...counts, command: this.name() });
    const takesWorkloads = this.options.some(({ long }) => long === '--workloads');
    this.#complain(
      takesWorkloads ? words.workloadsOption({ error, names: received.join(',') }) : error,
      'excessArguments',
    );
  }

  _callParseArg(target: Option, value: string, previous: unknown): unknown {
    const { argChoices } = target;
    if (argChoices !== undefined && !argChoices.includes(value))
      this.#complain(
        words.noChoice({ option: target.flags, value, choices: listed(argChoices) }),
        'invalidArgument',
      );
    return target.parseArg === undefined ? value : target.parseArg(value, previous as string);
  }
}
