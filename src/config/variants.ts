import type { Problem } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import type { Variant } from './define-config.ts';

/** `--platform=kvm` and `-platform` → `platform`; null for what is not a flag. */
function flagName(argument: string): string | null {
  return /^--?([^=]+)/.exec(argument)?.[1] ?? null;
}

/** The base's arguments followed by the variant's; a flag that the variant gives again is taken from it alone. */
export function mergeArgs(base: readonly string[], own: readonly string[]): string[] {
  const replaced = new Set(own.map(flagName).filter((name) => name !== null));
  return [...base.filter((argument) => !replaced.has(flagName(argument) ?? '')), ...own];
}

function extended(base: RuntimeEntry, variant: Extract<Variant, { extends: string }>): RuntimeEntry {
  const runtimeArgs = mergeArgs(base.runtimeArgs ?? [], variant.runtimeArgs ?? []);
  const options = { ...base.options, ...variant.options };
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
 * Makes runtimes of the variants in bench.config.ts. Only the embedded engine can register them. A variant
 * may extend a registered runtime or a variant before it. Names must be new; `registered` are the others.
 */
export function variantEntries(
  variants: readonly Variant[],
  registered: readonly RuntimeEntry[],
  file: string,
): { readonly entries: readonly RuntimeEntry[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const entries: RuntimeEntry[] = [];
  for (const variant of variants) {
    const complain = (message: string, fix: string) =>
      problems.push({ file, key: `runtimes.${variant.name}`, message, fix });
    if (registered.some(({ name }) => name === variant.name)) {
      complain('must have a name of its own: a registered runtime has it already', 'rename the variant');
      continue;
    }
    if (!('extends' in variant)) {
      entries.push({ ...variant, origin: 'bench.config.ts' } as RuntimeEntry);
      continue;
    }
    const known = [...registered, ...entries];
    const base = known.find(({ name }) => name === variant.extends);
    if (base === undefined)
      complain(
        `extends must be a registered runtime or an earlier variant, but is '${variant.extends}'`,
        `use one of: ${known.map(({ name }) => name).join(', ')}`,
      );
    else if (base.runtimeType !== undefined && (variant.runtimeArgs ?? []).length > 0)
      complain(
        `runtimeArgs must be absent: '${base.name}' is a shim (runtimeType), which takes none`,
        'give options.ConfigPath, a configuration file of its own',
      );
    else if (base.runtimeType === undefined && variant.options !== undefined)
      complain(
        `options must be absent: '${base.name}' is a program (path), which takes runtimeArgs`,
        'use runtimeArgs',
      );
    else entries.push(extended(base, variant));
  }
  return { entries, problems };
}
