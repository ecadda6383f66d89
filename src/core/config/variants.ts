import { listed } from '../messages/compose.ts';
import { type Reason, reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import type { SingleVariant } from './matrix.ts';

const text = reasons('variant', {
  nameTaken: {
    message: 'must have a name of its own: a registered runtime has it already',
    fix: 'rename the variant',
  },
  unknownBase: {
    message: "extends must be a registered runtime or an earlier variant, but is ''{base}''",
    fix: 'use one of: {known}',
  },
  argsOfShim: {
    message: "runtimeArgs must be absent: ''{base}'' is a shim (runtimeType), which takes none",
    fix: 'give options.ConfigPath, a configuration file of its own',
  },
  optionsOfProgram: {
    message: "options must be absent: ''{base}'' is a program (path), which takes runtimeArgs",
    fix: 'use runtimeArgs',
  },
});

/** Name of a flag: `--platform=kvm` and `-platform` → `platform`; null for other arguments. */
function flagName(argument: string): string | null {
  return /^--?([^=]+)/.exec(argument)?.[1] ?? null;
}

/** The base's arguments followed by the variant's; a flag that the variant repeats is taken only from the variant. */
export function mergeArgs(base: readonly string[], own: readonly string[]): string[] {
  const replaced = new Set(own.map(flagName).filter((name) => name !== null));
  return [...base.filter((argument) => !replaced.has(flagName(argument) ?? '')), ...own];
}

type ExtendingVariant = Extract<SingleVariant, { readonly extends: string }>;

function extended(base: RuntimeEntry, variant: ExtendingVariant): RuntimeEntry {
  const flags = 'flags' in variant ? variant.flags : {};
  const asOptions = base.runtimeType === undefined ? {} : flags;
  const asArgs = base.runtimeType === undefined ? Object.entries(flags) : [];
  const runtimeArgs = mergeArgs(base.runtimeArgs ?? [], [
    ...(variant.runtimeArgs ?? []),
    ...asArgs.map(([flag, level]) => `--${flag}=${level}`),
  ]);
  const options = { ...base.options, ...variant.options, ...asOptions };
  return {
    name: variant.name,
    ...(base.path === undefined ? {} : { path: base.path }),
    ...(base.runtimeType === undefined ? {} : { runtimeType: base.runtimeType }),
    ...(runtimeArgs.length === 0 ? {} : { runtimeArgs }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    origin: 'bench.config.ts',
  };
}

/**
 * Convert the variants in bench.config.ts to runtimes. Only the embedded engine can register them. A variant may extend
 * a registered runtime or an earlier variant. Names must be new; `registered` are the others.
 */
export function variantEntries(
  variants: readonly SingleVariant[],
  registered: readonly RuntimeEntry[],
  file: string,
): { readonly entries: readonly RuntimeEntry[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const entries: RuntimeEntry[] = [];
  for (const variant of variants) {
    const key = `runtimes.${'design' in variant ? variant.design : variant.name}`;
    // What is wrong with all arms of a matrix is said once.
    const complain = (reason: Reason) => {
      if (!problems.some((known) => known.key === key)) problems.push(problemOf({ file, key }, reason));
    };
    if (registered.some(({ name }) => name === variant.name)) {
      complain(text.nameTaken);
      continue;
    }
    if (!('extends' in variant)) {
      entries.push({ ...variant, origin: 'bench.config.ts' } as RuntimeEntry);
      continue;
    }
    const known = [...registered, ...entries];
    const base = known.find(({ name }) => name === variant.extends);
    if (base === undefined)
      complain(text.unknownBase({ base: variant.extends, known: listed(known.map(({ name }) => name)) }));
    else if (base.runtimeType !== undefined && (variant.runtimeArgs ?? []).length > 0)
      complain(text.argsOfShim({ base: base.name }));
    else if (base.runtimeType === undefined && variant.options !== undefined)
      complain(text.optionsOfProgram({ base: base.name }));
    else entries.push(extended(base, variant));
  }
  return { entries, problems };
}
