import { notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { between, type Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';

export { median } from 'simple-statistics';

const says = notices('tool.wasm', {
  noRound: 'no round: {output}',
  otherCount: 'expected {rounds} rounds, got {output}',
  interpretedInstead:
    'this WasmEdge interpreted the module instead of running the code compiled ahead, which Debian’s WasmEdge {compiler} made: install a libwasmedge of that release, or measure code=interpreted',
  tooLong: 'the program says that it ran for {ms} ms, but its container ran for {ranMs} ms',
});

/** The release of `wasmedge` in the suite of the image `wasm`, which compiles the modules ahead. */
const compiler = '0.14';

/**
 * Why a module compiled ahead could not run as such: WasmEdge refuses the code of another release, says so on stdout and
 * interprets the module. null where it did not.
 */
export function interpretedInstead({ stdout }: Pick<Evidence, 'stdout'>): Message | null {
  return stdout.includes('Load AOT section failed. Use interpreter mode instead')
    ? says.interpretedInstead({ compiler })
    : null;
}

/**
 * The lines `round NS …` that a program of `wasm-programs.ts` prints, with the time of each phase, and the text after them.
 * ParseError for other lines, and for more time than the container ran by the host's clock.
 */
export function roundsOf(
  evidence: Pick<Evidence, 'stdout' | 'marks'>,
  { rounds, phases }: { readonly rounds: number; readonly phases: number },
): { readonly rounds: readonly (readonly number[])[]; readonly rest: string } {
  const lines = evidence.stdout.split('\n');
  if (lines.pop() !== '' || lines.length < rounds)
    throw new ParseError(says.otherCount({ rounds, output: JSON.stringify(evidence.stdout.slice(-120)) }));
  const form = new RegExp(`^round((?: \\d{1,15}){${phases}})$`);
  const found = lines.slice(0, rounds).map((line) => {
    const numbers = form.exec(line)?.[1];
    if (numbers === undefined)
      throw new ParseError(says.noRound({ output: JSON.stringify(line.slice(0, 120)) }));
    return numbers.trim().split(' ').map(Number);
  });
  const ranNs = between(evidence, 'start-begin', 'exit');
  const claimedNs = found.flat().reduce((sum, ns) => sum + ns, 0);
  if (claimedNs > ranNs * clockTolerance)
    throw new ParseError(says.tooLong({ ms: claimedNs / 1e6, ranMs: ranNs / 1e6 }));
  return { rounds: found, rest: lines.slice(rounds).join('\n') };
}

/** A clock inside may be this much faster than the host's. */
const clockTolerance = 1.05;
