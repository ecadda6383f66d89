import { messages } from '../../messages/define.ts';
import type { Lang, Message } from '../../messages/message.ts';
import { localized, type MessageRefs, recorded } from '../../messages/record.ts';
import { translate } from '../../messages/translate.ts';

const words = messages('problem', {
  fix: '{where}: {message}\n  fix: {fix}',
  fixBelow: '{where}: {message}',
});

/** One error in an input: the file, the key, the error and its fix. */
export interface Problem {
  readonly file: string;
  /** JSON path such as `runtimes.runsc.path`; empty when it is the file as a whole. */
  readonly key: string;
  readonly message: string;
  readonly fix: string;
  /** Messages of these texts. */
  readonly messages?: MessageRefs | undefined;
}

/** The place of a problem: a file, or the source of the value in words, and the key in it. */
export interface ProblemPlace {
  readonly file: Message | string;
  readonly key: string;
}

/**
 * Convert a reason into a problem of an input: `problemOf({ file, key }, text.notANumber({ value }))`. A place that is text is
 * the file as a whole.
 */
export function problemOf(
  place: ProblemPlace | string,
  { message, fix }: { readonly message: Message; readonly fix: Message },
): Problem {
  const { file, key } = typeof place === 'string' ? { file: place, key: '' } : place;
  return typeof file === 'string'
    ? { file, key, ...recorded({ message, fix }) }
    : { key, ...recorded({ file, message, fix }) };
}

/** Process exit codes; `cli.ts` exits with no other number. */
export const exitCodes = {
  ok: 0,
  someFailed: 1,
  misuse: 2,
  noEngine: 3,
  /** Another process measures on this host. */
  busy: 4,
  /** The result of the night is unknown: it was skipped, or too little was measured. */
  cannotTell: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Thrown only for errors that no runtime causes: misuse, bad input, no engine. Its text is for the user. */
export class OcibenchError extends Error {
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];
  readonly messages: MessageRefs;

  constructor(
    message: Message,
    options: { exitCode: ExitCode; problems?: readonly Problem[]; cause?: unknown },
  ) {
    super(message.text, { cause: options.cause });
    this.messages = recorded({ message }).messages;
    this.name = 'OcibenchError';
    this.exitCode = options.exitCode;
    this.problems = options.problems ?? [];
  }
}

/** The refusal of an input (exit 2) for several reasons, or for none where the title says all. */
export function misuse(title: Message, problems: readonly Problem[] = [], cause?: unknown): OcibenchError {
  return new OcibenchError(title, { exitCode: exitCodes.misuse, problems, cause });
}

/** The refusal of an input (exit 2) for one reason: `refusal(text.cannot, { file, key }, why.notThere)`. */
export function refusal(
  title: Message,
  place: ProblemPlace | string,
  reason: Parameters<typeof problemOf>[1],
  cause?: unknown,
): OcibenchError {
  return misuse(title, [problemOf(place, reason)], cause);
}

/** Format as `file: key: message` with the fix on a second line: the form of every input error. */
export function formatProblem(problem: Problem, lang: Lang = 'en'): string {
  const file = localized(problem, 'file', lang).text;
  const where = problem.key === '' ? file : `${file}: ${problem.key}`;
  const [message, fix] = [localized(problem, 'message', lang).text, localized(problem, 'fix', lang).text];
  return translate(words.fix({ where, message, fix }), lang);
}

/**
 * Problems as text: those of one file with the same message and fix are one, with all their keys; a fix that several in a row
 * share stands below the last.
 */
export function formatProblems(problems: readonly Problem[], lang: Lang = 'en'): readonly string[] {
  const texts = problems.map((problem) => {
    const text = (field: 'file' | 'message' | 'fix') => localized(problem, field, lang).text;
    return { file: text('file'), key: problem.key, message: text('message'), fix: text('fix') };
  });
  const groups = Map.groupBy(texts, ({ file, message, fix }) => JSON.stringify([file, message, fix]));
  const lines = [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, key: [first, ...others].map(({ key }) => key).join(', ') }],
  );
  return lines.map(({ file, key, message, fix }, at) => {
    const where = key === '' ? file : `${file}: ${key}`;
    const isShared = lines[at + 1]?.fix === fix;
    return translate(
      isShared ? words.fixBelow({ where, message }) : words.fix({ where, message, fix }),
      lang,
    );
  });
}
