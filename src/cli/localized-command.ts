import { Command, type Option } from 'commander';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { nearest } from '../core/model/nearest.ts';
import { helpIn, helpWords } from './help.ts';

const words = messages('usage', {
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

  #suggest(error: Message, name: string, known: readonly string[]): Message {
    const meant = nearest(name, known);
    return meant === null ? error : words.didYouMean({ error, name: meant });
  }

  unknownOption(flag: string): never {
    const known = this.createHelp()
      .visibleOptions(this)
      .flatMap(({ long }) => long ?? []);
    const error = words.unknownOption({ option: flag });
    return this.#complain(flag.startsWith('--') ? this.#hint(error, flag, known) : error, 'unknownOption');
  }

  /** Hint that names the command to which an unknown option belongs. */
  #hint(error: Message, flag: string, known: readonly string[]): Message {
    const [name = ''] = flag.split('=');
    const having = this.commands.filter(({ options }) => options.some(({ long }) => long === name));
    const [first] = having;
    if (first !== undefined)
      return words.belongsTo({
        error,
        commands: listed(having.map((command) => command.name())),
        example: `${this.path} ${first.name()} ${flag}`,
      });
    const meant = this.#suggest(error, flag, known);
    if (meant !== error || !this.registeredArguments.some(({ variadic }) => variadic)) return meant;
    return words.afterDashes({ error, example: `${this.path} -- ${flag}` });
  }

  unknownCommand(): never {
    const [name = ''] = this.args;
    const known = this.createHelp()
      .visibleCommands(this)
      .map((command) => command.name());
    const error = words.unknownCommand({ command: name });
    return this.#complain(this.#suggest(error, name, known), 'unknownCommand');
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
