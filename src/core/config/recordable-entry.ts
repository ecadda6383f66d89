import { createHash } from 'node:crypto';
import { maskUrls } from '../model/mask-url.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { families } from '../runtimes/registry.ts';

/** Flags of runtimes with recorded values. Any other flag's value may be a secret, and stays out of results. */
const recordedFlags: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedFlags));

/** Options of shims with recorded values. */
const recordedOptions: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedOptions));

const unrecorded = 'not recorded';

/** Distinguish two values without revealing either: 16 bits, far too few to guess a value from. */
export function placeholder(value: unknown): string {
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
 * A runtime's entry for results: arguments and options that are known to affect figures are kept, and every other value
 * becomes a placeholder. The runtime is always started with the entry itself.
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
