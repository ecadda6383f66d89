import { styleText } from 'node:util';
import { spoken } from './language.ts';

/** Where text goes: results to stdout, progress and logs to stderr, these in the language that is spoken. */
export const terminal = {
  result(text: string): void {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  },
  log(text: string): void {
    process.stderr.write(`${spoken(text)}\n`);
  },
  /** Colour only where a person looks and did not ask for none (https://no-color.org). */
  colour(stream: NodeJS.WriteStream): boolean {
    return stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
  },
  bold(text: string): string {
    return terminal.colour(process.stderr) ? styleText('bold', text) : text;
  },
};
