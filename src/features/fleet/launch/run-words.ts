import { messages, reasons } from '../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../core/model/error.ts';

const words = messages('launch', { afterDashes: 'after --' });
const why = reasons('launch', {
  ownWord: { message: 'is what the launcher gives to each host', fix: 'leave it out after --' },
});

/** Options of `ocibench run` that a launcher chooses for each host, by their name. */
const chosen = { out: '--out', resume: '--resume', until: '--until', json: '--json' } as const;

/**
 * The same arguments of `ocibench run` for every host. `given`: as typed, `flags`: as parsed, `draw`: makes a seed where none is
 * given. `reserved`: further options that this launcher chooses.
 */
export function sameRun(
  given: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  draw: () => number,
  reserved: Readonly<Record<string, string>> = {},
): { readonly words: readonly string[]; readonly problems: readonly Problem[] } {
  const taken = Object.entries({ ...chosen, ...reserved }).filter(([name]) => flags[name] !== undefined);
  const problems = taken.map(([, key]) => problemOf({ file: words.afterDashes, key }, why.ownWord));
  const seed = flags.seed === undefined ? ['--seed', String(draw())] : [];
  return { words: [...given, ...seed], problems };
}

/** A seed from the random end of a run's id. */
export function drawnSeed(id: string): number {
  return Number.parseInt(id.slice(-4), 16);
}
