import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { SeccompFile } from '../../core/config/container-profiles.ts';
import { canonicalJson } from '../../core/config/resolve.ts';
import { listed } from '../../core/messages/compose.ts';
import { reasons } from '../../core/messages/define.ts';

const text = reasons('seccomp', {
  noJson: { message: 'is not JSON: {cause}', fix: 'write a seccomp profile in Docker’s format' },
  noProfile: {
    message: 'is not a seccomp profile in Docker’s format: {what}',
    fix: 'compare it with the one that ocibench ships:  {path}',
  },
  unknownAction: {
    message: "must not name the action ''{action}'', which does not exist",
    fix: 'use one of {known}',
  },
});

/** The filter that ocibench ships, for programs that compute and use files but no sockets. */
export const strictFile = join(import.meta.dirname, '../../core/config/seccomp-strict.json');

/** libseccomp's actions (seccomp.h, libseccomp 2.5). */
const actions = [
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_TRAP',
];

/** The fields that are checked. The others are passed to the engine unchanged. */
const rulesSchema = z.looseObject({
  defaultAction: z.string(),
  syscalls: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        names: z.array(z.string()).optional(),
        action: z.string(),
      }),
    )
    .nullish(),
});

/** Parses a seccomp profile in Docker's format; returns it or all its problems. `file`: its name, without directories. */
export function parseSeccomp(source: string, file: string): SeccompFile {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    return {
      ok: false,
      reasons: [text.noJson({ cause: cause instanceof Error ? cause.message : String(cause) })],
    };
  }
  const parsed = rulesSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = [issue?.path.join('.') ?? '', issue?.message ?? ''].filter((part) => part !== '').join(': ');
    return { ok: false, reasons: [text.noProfile({ what, path: strictFile })] };
  }
  const { defaultAction, syscalls } = parsed.data;
  const rules = syscalls ?? [];
  const named = new Set([defaultAction, ...rules.map(({ action }) => action)]);
  const found = [...named]
    .filter((action) => !actions.includes(action))
    .map((action) => text.unknownAction({ action, known: listed(actions) }));
  if (found.length > 0) return { ok: false, reasons: found };
  const content = value as Readonly<Record<string, unknown>>;
  const sha256 = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { ok: true, choice: { file, sha256, rules: content } };
}
