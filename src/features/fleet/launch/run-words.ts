import type { parseFlags, RunRequest } from '../../../core/config/command-line.ts';
import { messages, reasons } from '../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../core/model/error.ts';

const words = messages('launch', { afterDashes: 'after --' });
const why = reasons('launch', {
  ownWord: { message: 'is what the launcher gives to each host', fix: 'leave it out after --' },
});

/** The run of every host: the arguments of `ocibench run` as typed, and what they say. */
export interface FleetRun extends ReturnType<typeof parseFlags> {
  readonly words: readonly string[];
}

/** Options of `ocibench run` that a launcher chooses for each host, by their name. */
const chosen = { out: '--out', resume: '--resume', until: '--until', json: '--json' } as const;

/**
 * The same arguments of `ocibench run` for every host. `given`: as typed, `request`: as parsed, `draw`: makes a seed where none is
 * given. `reserved`: further options that this launcher chooses.
 */
export function sameRun(
  given: readonly string[],
  request: RunRequest,
  draw: () => number,
  reserved: Readonly<Record<string, string>> = {},
): { readonly words: readonly string[]; readonly problems: readonly Problem[] } {
  const taken = Object.entries({ ...chosen, ...reserved }).filter(
    ([name]) => request[name as keyof RunRequest] !== undefined,
  );
  const problems = taken.map(([, key]) => problemOf({ file: words.afterDashes, key }, why.ownWord));
  const seed = request.seed === undefined ? ['--seed', String(draw())] : [];
  return { words: [...given, ...seed], problems };
}

/** A seed from the random end of a run's id. */
export function drawnSeed(id: string): number {
  return Number.parseInt(id.slice(-4), 16);
}
