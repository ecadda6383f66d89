import { listed } from '../messages/compose.ts';
import { type Reason, reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { dropUndefined } from '../model/objects.ts';
import type { Design } from '../model/run/design.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import type { RuntimeExtension, Variant } from './define-config.ts';

const text = reasons('matrix', {
  tooMany: {
    message: 'asks for {asked} combinations, more than {most}',
    fix: 'use fewer factors or levels: four factors with two levels each are {most} combinations',
  },
  setTwice: {
    message: 'must not set the factor {factor} as well',
    fix: 'leave it to matrix: the first level is what the others are compared with',
  },
  sameName: {
    message: "has levels of ''{factor}'' whose names differ only in punctuation: {name}",
    fix: 'remove one of them',
  },
  duet: {
    message: 'cannot be measured in duets, in which only a runtime and the baseline run at once',
    fix: 'leave out duet',
  },
});

/** Maximum number of arms: a longer block would take too long for its arms to share the same conditions. */
const mostArms = 16;

/** A value of a factor, as written in the configuration. */
type Level = string | number | boolean;

/** One combination of a matrix: a variant whose flags are known by name, but not yet in the notation of its base. */
interface Arm extends Omit<RuntimeExtension, 'matrix'> {
  /** Name of the variant with the matrix. */
  readonly design: string;
  readonly flags: Readonly<Record<string, Level>>;
}

/** A variant that is one runtime. */
export type SingleVariant =
  | Exclude<Variant, { readonly extends: string }>
  | Omit<RuntimeExtension, 'matrix'>
  | Arm;

/** Makes a level such as `root:self` valid in the name of a runtime. */
const asName = (level: Level) => String(level).replace(/[^A-Za-z0-9_.-]+/g, '.');

/** Replaces every matrix by its arms; returns the variants and the designs that the arms form. */
export function expandMatrices(
  variants: readonly Variant[],
  { file, duet }: { readonly file: string; readonly duet: boolean },
): {
  readonly variants: readonly SingleVariant[];
  readonly designs: readonly Design[];
  readonly problems: readonly Problem[];
} {
  const singles: SingleVariant[] = [];
  const designs: Design[] = [];
  const problems: Problem[] = [];
  for (const variant of variants) {
    if (!('extends' in variant) || variant.matrix === undefined) {
      singles.push(variant);
      continue;
    }
    const { matrix, ...own } = variant;
    const found = matrixProblems(own, matrix, duet);
    const counts = Object.values(matrix).map(({ length }) => length);
    const asked = counts.reduce((product, count) => product * count, 1);
    const complain = (key: string, reason: Reason) =>
      problems.push(problemOf({ file, key: `runtimes.${own.name}.${key}` }, reason));
    for (const { key, reason } of found) complain(key, reason);
    if (asked > mostArms) {
      complain('matrix', text.tooMany({ asked, most: mostArms }));
      continue;
    }
    const arms = combineLevels(counts).map((levels) => armOf(own, matrix, levels));
    singles.push(...arms);
    designs.push(describeDesign(own, matrix, arms));
  }
  return { variants: singles, designs, problems };
}

type Matrix = NonNullable<RuntimeExtension['matrix']>;

function matrixProblems(
  { runtimeArgs = [], options = {} }: Omit<RuntimeExtension, 'matrix'>,
  matrix: Matrix,
  duet: boolean,
): readonly { readonly key: string; readonly reason: Reason }[] {
  const flags = runtimeArgs.map(flagName);
  return [
    ...(duet ? [{ key: 'matrix', reason: text.duet }] : []),
    ...Object.entries(matrix).flatMap(([factor, levels]) => {
      const names = levels.map(asName);
      const twice = names.find((name, at) => names.indexOf(name) < at);
      return [
        ...(flags.includes(factor) ? [{ key: 'runtimeArgs', reason: text.setTwice({ factor }) }] : []),
        ...(Object.hasOwn(options, factor) ? [{ key: 'options', reason: text.setTwice({ factor }) }] : []),
        ...(twice === undefined
          ? []
          : [{ key: `matrix.${factor}`, reason: text.sameName({ factor, name: twice }) }]),
      ];
    }),
  ];
}

/** Every combination of so many levels of each factor, the first factor changing fastest: the first has all references. */
export function combineLevels(counts: readonly number[]): readonly (readonly number[])[] {
  return counts.reduce<readonly (readonly number[])[]>(
    (found, count) =>
      Array.from({ length: count }, (_, level) => found.map((levels) => [...levels, level])).flat(),
    [[]],
  );
}

/** The arm with these levels. Its name lists the levels that differ from the references. */
function armOf(own: Omit<RuntimeExtension, 'matrix'>, matrix: Matrix, levels: readonly number[]): Arm {
  const chosen = Object.entries(matrix).map(([factor, values], at) => {
    const place = levels[at] ?? 0;
    return { factor, place, value: values[place] ?? '' };
  });
  const differs = chosen.filter(({ place }) => place > 0);
  const name = [own.name, ...differs.map(({ factor, value }) => `${factor}-${asName(value)}`)].join('+');
  const flags = Object.fromEntries(chosen.map(({ factor, value }) => [factor, value]));
  return { ...own, name, design: own.name, flags };
}

function describeDesign(own: Omit<RuntimeExtension, 'matrix'>, matrix: Matrix, arms: readonly Arm[]): Design {
  return {
    name: own.name,
    base: own.extends,
    factors: Object.entries(matrix).map(([name, values]) => ({ name, levels: values.map(String) })),
    arms: arms.map(({ name, flags }) => ({ runtime: name, levels: Object.values(flags).map(String) })),
  };
}

const variantsText = reasons('variant', {
  nameTaken: {
    message: 'must have a name of its own: a registered runtime already uses it',
    fix: 'rename the variant',
  },
  unknownBase: {
    message: "extends must be a registered runtime or an earlier variant, but is ''{base}''",
    fix: 'use one of: {known}',
  },
  argsOfShim: {
    message: "runtimeArgs must be absent: ''{base}'' is a shim (runtimeType), which takes none",
    fix: 'give it its own configuration file with options.ConfigPath',
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
  return dropUndefined({
    name: variant.name,
    path: base.path,
    runtimeType: base.runtimeType,
    runtimeArgs: runtimeArgs.length === 0 ? undefined : runtimeArgs,
    options: Object.keys(options).length === 0 ? undefined : options,
    origin: 'bench.config.ts' as const,
  });
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
    // A problem that all arms of a matrix share is reported once.
    const complain = (reason: Reason) => {
      if (!problems.some((known) => known.key === key)) problems.push(problemOf({ file, key }, reason));
    };
    if (registered.some(({ name }) => name === variant.name)) {
      complain(variantsText.nameTaken);
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
        variantsText.unknownBase({ base: variant.extends, known: listed(known.map(({ name }) => name)) }),
      );
    else if (base.runtimeType !== undefined && (variant.runtimeArgs ?? []).length > 0)
      complain(variantsText.argsOfShim({ base: base.name }));
    else if (base.runtimeType === undefined && variant.options !== undefined)
      complain(variantsText.optionsOfProgram({ base: base.name }));
    else entries.push(extended(base, variant));
  }
  return { entries, problems };
}
