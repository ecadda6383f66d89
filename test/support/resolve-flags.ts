import { parseFlags, type RunFlags } from '../../src/core/config/command-line.ts';
import { resolveConfig } from '../../src/core/config/resolve.ts';

type Others = Parameters<typeof resolveConfig> extends [unknown, ...infer Rest] ? Rest : never;

/** What options resolve to as they are typed, or every problem of theirs and of the configuration. */
export function resolveFlags(flags: RunFlags, ...others: Others): ReturnType<typeof resolveConfig> {
  const { request, problems } = parseFlags(flags);
  const resolved = resolveConfig(request, ...others);
  if (resolved.ok && problems.length === 0) return resolved;
  return { ok: false, problems: [...problems, ...(resolved.ok ? [] : resolved.problems)] };
}
