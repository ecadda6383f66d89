import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { SeccompFile } from '../../core/config/container-profiles.ts';
import { canonicalJson } from '../../core/config/resolve.ts';
import { listed } from '../../core/messages/compose.ts';
import { reasons } from '../../core/messages/define.ts';
import { nearest } from '../../core/model/nearest.ts';
import { callTables } from './syscalls/call-names.ts';

/**
 * System calls that common filters name although neither x86-64 nor arm64 has them: calls of 32-bit programs and of other
 * architectures. Those that end like {@link ofOtherWidth} are known by the call that they stand for.
 */
const otherCalls: readonly string[] = [
  '_llseek',
  '_newselect',
  'arm_fadvise64_64',
  'arm_sync_file_range',
  'breakpoint',
  'cacheflush',
  'fadvise64_64',
  'fstatat64',
  'getsid',
  'ipc',
  'mmap2',
  'nice',
  'oldfstat',
  'oldlstat',
  'oldolduname',
  'oldstat',
  'olduname',
  'pciconfig_iobase',
  'pciconfig_read',
  'pciconfig_write',
  'readdir',
  'recv',
  'riscv_flush_icache',
  'riscv_hwprobe',
  's390_pci_mmio_read',
  's390_pci_mmio_write',
  's390_runtime_instr',
  's390_guarded_storage',
  's390_sthyi',
  'send',
  'set_tls',
  'sgetmask',
  'sigaction',
  'signal',
  'sigpending',
  'sigprocmask',
  'sigreturn',
  'sigsuspend',
  'socketcall',
  'spu_create',
  'spu_run',
  'ssetmask',
  'stime',
  'subpage_prot',
  'swapcontext',
  'switch_endian',
  'sync_file_range2',
  'ugetrlimit',
  'ulimit',
  'umount',
  'usr26',
  'usr32',
  'vm86',
  'vm86old',
  'waitpid',
];

const ofOtherWidth = /(_time64|64|32)$/;

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
  unknownCall: {
    message: "must not name the system call ''{call}'', which Linux does not have",
    fix: 'remove it',
  },
  misspeltCall: {
    message: "must not name the system call ''{call}'', which Linux does not have",
    fix: "did you mean ''{guess}''?",
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

/** Names of system calls that a filter may contain. */
function knownCalls(): ReadonlySet<string> {
  return new Set([...Object.values(callTables).flatMap((table) => Object.values(table)), ...otherCalls]);
}

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
  const known = knownCalls();
  const named = new Set([defaultAction, ...rules.map(({ action }) => action)]);
  const calls = new Set(rules.flatMap(({ name, names = [] }) => [name ?? [], names].flat()));
  const found = [
    ...[...named]
      .filter((action) => !actions.includes(action))
      .map((action) => text.unknownAction({ action, known: listed(actions) })),
    ...[...calls]
      .filter((call) => !known.has(call) && !known.has(call.replace(ofOtherWidth, '')))
      .map((call) => {
        const guess = nearest(call, [...known]);
        return guess === null ? text.unknownCall({ call }) : text.misspeltCall({ call, guess });
      }),
  ];
  if (found.length > 0) return { ok: false, reasons: found };
  const content = value as Readonly<Record<string, unknown>>;
  const sha256 = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { ok: true, choice: { file, sha256, rules: content } };
}
