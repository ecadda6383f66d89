import type { Problem } from '../model/error.ts';
import { type BenchConfig, benchConfigSchema } from './define-config.ts';
import { checkValue, describeValue } from './zod-problems.ts';

const known = [
  ...Object.keys(benchConfigSchema.shape),
  'min',
  'max',
  'practical',
  'alpha',
  'name',
  'extends',
  'runtimeArgs',
  'path',
  'runtimeType',
  'options',
];

/** Checks the value that a bench.config.ts exports by default; all problems at once, each with its key. */
export function parseBenchConfig(
  value: unknown,
  file: string,
):
  | { readonly ok: true; readonly config: BenchConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      ok: false,
      problems: [
        {
          file,
          key: '',
          message: `must export an object by default, but exports ${describeValue(value)}`,
          fix: 'write: export default defineConfig({ … })',
        },
      ],
    };
  const parsed = checkValue(benchConfigSchema, value, file, known);
  return parsed.ok ? { ok: true, config: parsed.data } : parsed;
}
