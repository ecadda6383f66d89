import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import type { TrialRunner } from '../../core/measure/execute/runner.ts';
import type { TrialResult } from '../../core/measure/execute/trial.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices } from '../../core/messages/define.ts';
import { recalled } from '../../core/messages/record.ts';
import { cellKey } from '../../core/model/cell.ts';
import type { ContainerProfile, SeccompChoice } from '../../core/model/container-profile.ts';
import { saidAs } from '../../core/model/said.ts';
import type { TrialRecord } from '../../core/model/trial.ts';
import { type CallNames, callNames } from '../../core/syscalls/call-names.ts';

const text = notices('seccompRefusal', {
  refused: 'refused by seccomp: {calls} (with a filter that only logs, the same start succeeds); {error}',
  unseen:
    'refused by seccomp (with a filter that only logs, the same start succeeds), but the kernel’s log does not say which call; {error}',
});

/** Code of a failure that a filter of system calls caused. */
const refusedCode = 'seccomp-refused';

/** Most calls that a reason names. */
const named = 8;

type Filter = Exclude<SeccompChoice, 'unconfined'>;

/** The same profile with a filter that lets every call pass and logs those that it would refuse. */
export function loosened(profile: ContainerProfile): ContainerProfile {
  const { seccomp } = profile;
  return seccomp === undefined || seccomp === 'unconfined'
    ? profile
    : { ...profile, seccomp: { ...seccomp, rules: loggingRules(seccomp) } };
}

/** A call that is absent (ENOSYS, 38) stays so: programs ask for it to learn that. */
function loggingRules({ rules }: Filter): Filter['rules'] {
  const { defaultErrnoRet: _, defaultAction, syscalls, ...others } = rules;
  const logged = (action: unknown) => (action === 'SCMP_ACT_ALLOW' ? action : 'SCMP_ACT_LOG');
  return {
    ...others,
    defaultAction: logged(defaultAction),
    ...(Array.isArray(syscalls)
      ? {
          syscalls: syscalls.map((rule: Readonly<Record<string, unknown>>) => {
            if (rule.errnoRet === 38) return rule;
            const { errnoRet: __, ...rest } = rule;
            return { ...rest, action: logged(rule.action) };
          }),
        }
      : {}),
  };
}

/**
 * Runs trials, and finds out what a filter of system calls refused where one failed under a profile with a filter of its own: once
 * more with a filter that only logs. Where that succeeds, the filter was the cause, and the kernel's log names the calls. The
 * further start is no part of the run, and is made once for a cell.
 *
 * `again`: runs a trial with {@link loosened} profiles. `log`: null where the kernel's log cannot be read.
 */
export function explainingRefusals(
  run: TrialRunner,
  again: TrialRunner,
  profiles: readonly ContainerProfile[],
  log: (() => Promise<KernelLog | null>) | null,
): TrialRunner {
  const filtered = new Set(
    profiles.flatMap(({ name, seccomp }) => (typeof seccomp === 'object' ? [name] : [])),
  );
  /** Cell → the calls that were refused; null where the filter is not the cause. */
  const found = new Map<string, readonly string[] | null>();
  return async (spec, place) => {
    const result = await run(spec, place);
    const { outcome } = result.record;
    if (outcome.status !== 'failed' || !filtered.has(spec.cell.profile)) return result;
    const key = cellKey(spec.cell);
    if (!found.has(key)) {
      const { party: _, ...alone } = place;
      const reading = (await log?.()) ?? null;
      const repeated = await again({ ...spec, trialId: `${spec.trialId}log` }, alone);
      const calls = (await reading?.refused()) ?? [];
      found.set(key, repeated.record.outcome.status === 'ok' ? calls : null);
    }
    const calls = found.get(key) ?? null;
    return calls === null ? result : withReason(result, outcome, calls);
  };
}

function withReason(
  result: TrialResult,
  outcome: Extract<TrialRecord['outcome'], { status: 'failed' }>,
  calls: readonly string[],
): TrialResult {
  const error = recalled(outcome.error, 'message');
  const message =
    calls.length === 0
      ? text.unseen({ error })
      : text.refused({ calls: listed(calls.slice(0, named)), error });
  const { detail } = outcome.error;
  const said = {
    code: refusedCode,
    ...saidAs('message', message),
    ...(detail === undefined ? {} : { detail }),
  };
  return { ...result, record: { ...result.record, outcome: { ...outcome, error: said } } };
}

/** The kernel's log from one moment on. */
export interface KernelLog {
  /** `setpgid (docker-init)` …: what processes were logged for that began since then, each once, in their order. */
  refused(): Promise<readonly string[]>;
}

/** What SECCOMP_RET_LOG leaves in a record (uapi/linux/seccomp.h); other filters of the host seldom log. */
const loggedCode = 'code=0x7ffc0000';

/** A record of the kernel's log about a filter; null for any other. `comm` is a name, or hexadecimal where it is not plain. */
export function refusalIn(
  record: string,
  names: CallNames,
): { readonly pid: number; readonly call: string; readonly program: string } | null {
  if (!record.includes('type=1326') || !record.includes(loggedCode)) return null;
  const match = / pid=(\d+) comm=(?:"([^"]*)"|([0-9A-F]+)) .* syscall=(\d+) /.exec(record);
  if (match === null) return null;
  const [, pid, plain, hex = '', number] = match;
  const program =
    plain ??
    Buffer.from(hex, 'hex')
      .toString('latin1')
      .replace(/[^ -~]/g, '?');
  return { pid: Number(pid), call: names.nameOf(Number(number)), program };
}

/** Opens the kernel's log at its end; null where it cannot be read, or the calls of this machine are not known. */
export async function openKernelLog(machine: string): Promise<KernelLog | null> {
  const names = callNames(machine);
  if (names === null) return null;
  const { O_RDONLY, O_NONBLOCK } = constants;
  const file = await open('/dev/kmsg', O_RDONLY | O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  await records(file);
  const before = new Set((await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number));
  return {
    async refused() {
      const own = (await records(file)).flatMap((record) => refusalIn(record, names) ?? []);
      await file.close();
      return [
        ...new Set(
          own.filter(({ pid }) => !before.has(pid)).map(({ call, program }) => `${call} (${program})`),
        ),
      ];
    },
  };
}

/** Longest record of the kernel's log, bytes (PRINTK_MESSAGE_MAX, and its prefix). */
const recordBytes = 8192;

/** All records that are there; a read returns one. EPIPE: some were overwritten before they were read. */
async function records(file: FileHandle): Promise<readonly string[]> {
  const found: string[] = [];
  const buffer = Buffer.alloc(recordBytes);
  for (;;) {
    try {
      const { bytesRead } = await file.read(buffer, 0, recordBytes, null);
      if (bytesRead === 0) return found;
      found.push(buffer.toString('utf8', 0, bytesRead));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return found;
    }
  }
}
