import { reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/error.ts';
import { type BenchConfig, benchConfigSchema } from './define-config.ts';
import { describeValue } from './describe-value.ts';
import { profileKeys } from './profile-shape.ts';
import { checkValue } from './zod-problems.ts';

const text = reasons('benchConfig', {
  noObject: {
    message: 'must export an object by default, but exports {value}',
    fix: "write: export default defineConfig('{ … }')",
  },
});

const known = [
  ...Object.keys(benchConfigSchema.shape),
  'confirmTime',
  'keepRuns',
  'loadLimit',
  'notify',
  'exports',
  'exportsTo',
  'limit',
  'vs',
  'min',
  'max',
  'practical',
  'alpha',
  'name',
  'extends',
  'runtimeArgs',
  'matrix',
  'path',
  'runtimeType',
  'options',
  'env',
  'daemonJson',
  'containerd',
  ...profileKeys,
];

/** Check the value that a bench.config.ts exports by default; report all problems at once, each with its key. */
export function parseBenchConfig(
  value: unknown,
  file: string,
):
  | { readonly ok: true; readonly config: BenchConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      ok: false,
      problems: [problemOf({ file, key: '' }, text.noObject({ value: describeValue(value) }))],
    };
  const parsed = checkValue(benchConfigSchema, value, file, known);
  return parsed.ok ? { ok: true, config: parsed.data } : parsed;
}
