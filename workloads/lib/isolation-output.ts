import { notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/workload.ts';
import { lastSystemCall } from './isolation-script.ts';

const says = notices('tool.isolation', {
  cutShort: 'the script did not come to its end: {output}',
  noLine: 'not a line of the script: {output}',
  notTold: "the script did not tell ''{name}''",
  impossible: "''{name}'' is {text}, which cannot be",
  noCall: 'not a system call and its errno: {output}',
  outOfOrder: 'system calls are not told of in their order',
  tooFewCalls: 'only {tried} system calls were tried',
});

/** errno of a call that the kernel lacks, and of one that a filter or a missing capability refuses. */
const errnos = { EPERM: 1, ENOSYS: 38 } as const;

/** Checked output of the script of `isolation/facts`. A missing or impossible part throws ParseError. */
export interface IsolationReport {
  readonly text: (name: string) => string;
  readonly words: (name: string) => readonly string[];
  readonly number: (name: string, low: number, high: number) => number;
  readonly calls: { readonly answered: number; readonly refused: number; readonly absent: number };
}

/** Parse the output of the script of `isolation-script.ts`. */
export function readIsolation(stdout: string): IsolationReport {
  const lines = stdout.split('\n');
  if (lines.at(-2) !== 'end' || lines.at(-1) !== '')
    throw new ParseError(says.cutShort({ output: JSON.stringify(stdout.slice(-120)) }));
  const said = new Map<string, string>();
  for (const line of lines.slice(0, -2)) {
    const [, name, value] = /^([a-z_]+)\t([^\t]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || said.has(name))
      throw new ParseError(says.noLine({ output: JSON.stringify(line.slice(0, 120)) }));
    said.set(name, value);
  }
  const text = (name: string): string => {
    const value = said.get(name);
    if (value === undefined) throw new ParseError(says.notTold({ name }));
    return value;
  };
  const words = (name: string) => text(name).split(' ').filter(Boolean);
  const number = (name: string, low: number, high: number): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value) || value < low || value > high)
      throw new ParseError(says.impossible({ name, text: text(name).slice(0, 40) }));
    return value;
  };
  return { text, words, number, calls: callsOf(words) };
}

/** Every tried call is reported once, in ascending order. */
function callsOf(words: IsolationReport['words']): IsolationReport['calls'] {
  const calls = words('calls').map((word) => {
    const [, number, errno] = /^(\d{1,3}):(\d{1,4})$/.exec(word) ?? [];
    if (number === undefined || Number(number) > lastSystemCall)
      throw new ParseError(says.noCall({ output: JSON.stringify(word.slice(0, 40)) }));
    return { number: Number(number), errno: Number(errno) };
  });
  if (calls.some(({ number }, i) => number <= (calls[i - 1]?.number ?? -1)))
    throw new ParseError(says.outOfOrder);
  const tried = calls.length + words('calls_ended').length;
  // Both tables have more than 280 tried calls; every Linux has read, write and getpid.
  if (tried < 280) throw new ParseError(says.tooFewCalls({ tried }));
  const having = (errno: number) => calls.filter((call) => call.errno === errno).length;
  const [refused, absent] = [having(errnos.EPERM), having(errnos.ENOSYS)];
  return { answered: calls.length - refused - absent, refused, absent };
}
