import { createHash } from 'node:crypto';
import { maskUrls } from '../model/mask-url.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { families } from '../runtimes/registry.ts';

/** Flags of runtimes whose values are recorded. The value of any other flag may be anything, and stays out of results. */
const recordedFlags: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedFlags));

/** Options of shims whose values are recorded. */
const recordedOptions: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedOptions));

const unrecorded = 'not recorded';

/** Tells two values apart without telling either: 16 bits, far too few to guess a value from. */
function placeholder(value: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
  return `(${unrecorded}, #${digest.slice(0, 4)})`;
}

function recordableArguments(args: readonly string[]): string[] {
  let named = false;
  return args.map((argument) => {
    const flag = /^--?([^=\s]+)(=.*)?$/s.exec(argument);
    if (flag === null) {
      const kept = named ? maskUrls(argument) : placeholder(argument);
      named = false;
      return kept;
    }
    const [, name = '', value] = flag;
    const known = recordedFlags.has(name);
    named = known && value === undefined;
    if (value === undefined) return argument;
    return known ? maskUrls(argument) : `${argument.slice(0, argument.indexOf('='))}=${placeholder(value)}`;
  });
}

/**
 * A runtime's entry as results keep it: arguments and options that are known to decide figures, a placeholder for the value of
 * every other one. What is started is always the entry itself.
 */
export function recordableEntry(entry: RuntimeEntry): RuntimeEntry {
  const { runtimeArgs, options } = entry;
  return {
    ...entry,
    ...(runtimeArgs === undefined ? {} : { runtimeArgs: recordableArguments(runtimeArgs) }),
    ...(options === undefined
      ? {}
      : {
          options: Object.fromEntries(
            Object.entries(options).map(([key, value]) => [
              key,
              recordedOptions.has(key) && typeof value !== 'object' ? value : placeholder(value),
            ]),
          ),
        }),
  };
}
