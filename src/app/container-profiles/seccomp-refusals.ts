import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import type { TrialRunner } from '../../core/measure/execute/runner.ts';
import type { TrialResult } from '../../core/measure/execute/trial.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices, type Reason } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { recalled, recorded } from '../../core/messages/record.ts';
import type { ErrorRecord } from '../../core/model/failure/error-record.ts';
import { lookup } from '../../core/model/nearest.ts';
import type { TrialSpec } from '../../core/model/run/schedule.ts';
import type { ContainerProfile, SeccompChoice } from '../../core/model/runtime/container-profile.ts';
import { cellKey } from '../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../core/model/trial/trial.ts';
import { type CallNames, callTables } from './syscalls/call-names.ts';

const text = notices('seccompRefusal', {
  refused: 'refused by seccomp: {calls} (with a filter that only logs, the same start succeeds); {error}',
  unseen:
    'refused by seccomp (with a filter that only logs, the same start succeeds), but the kernel’s log does not say which call; {error}',
});

/** Failure code for a trial that failed because of a seccomp filter. */
const refusedCode = 'seccomp-refused';

/** A reason names at most this many calls. */
const named = 8;

type Filter = Exclude<SeccompChoice, 'unconfined'>;

/** The same profile with a filter that allows every call and logs those that the original refuses. */
export function loosened(profile: ContainerProfile): ContainerProfile {
  const { seccomp } = profile;
  return seccomp === undefined || seccomp === 'unconfined'
    ? profile
    : { ...profile, seccomp: { ...seccomp, rules: loggingRules(seccomp.rules) } };
}

/**
 * Rules that allow every call and log those that the original ones refuse. Those that answer ENOSYS (38) stay: programs probe
 * for calls that way.
 */
export function loggingRules(rules: Filter['rules']): Filter['rules'] {
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

/** How it is found out whether a filter is the cause of a failure. */
export interface FilterTrial {
  /** Runs the trial with a filter that allows every call. */
  readonly run: TrialRunner;
  /** The reason in the place of the trial's own, with the calls that were logged; the fix where one is known. */
  readonly told: (
    calls: readonly string[],
    error: Message,
  ) => Pick<Reason, 'message'> & Partial<Pick<Reason, 'fix'>>;
}

/**
 * Runs trials. Where one fails that a filter of system calls may have stopped, repeats it without. If the repetition succeeds,
 * the filter was the cause, and the kernel's log names the refused calls. The repetition is not part of the run and happens once
 * per cell.
 *
 * `filterOf`: null where no filter can be the cause. `log`: null where the kernel's log cannot be read.
 */
export function explainingRefusals(
  run: TrialRunner,
  filterOf: (spec: TrialSpec, error: ErrorRecord) => Promise<FilterTrial | null>,
  log: (() => Promise<KernelLog | null>) | null,
): TrialRunner {
  /** Cell → the reason; null where the filter is not the cause. */
  const found = new Map<string, ((error: Message) => ReturnType<FilterTrial['told']>) | null>();
  return async (spec, place) => {
    const result = await run(spec, place);
    const { outcome } = result.record;
    if (outcome.status !== 'failed') return result;
    const filter = await filterOf(spec, outcome.error);
    if (filter === null) return result;
    const key = cellKey(spec.cell);
    if (!found.has(key)) {
      const { party: _, ...alone } = place;
      const reading = (await log?.()) ?? null;
      const repeated = await filter.run({ ...spec, trialId: `${spec.trialId}log` }, alone);
      const calls = (await reading?.refused()) ?? [];
      const isCause = repeated.record.outcome.status === 'ok';
      found.set(key, isCause ? (error) => filter.told(calls.slice(0, named), error) : null);
    }
    const told = found.get(key) ?? null;
    return told === null ? result : withReason(result, outcome, told);
  };
}

/** The {@link FilterTrial} of cells whose profile has a filter of its own. `again`: runs a trial with {@link loosened} profiles. */
export function filterOfProfiles(
  profiles: readonly ContainerProfile[],
  again: TrialRunner,
): Parameters<typeof explainingRefusals>[1] {
  const filtered = new Set(
    profiles.flatMap(({ name, seccomp }) => (typeof seccomp === 'object' ? [name] : [])),
  );
  const told: FilterTrial['told'] = (calls, error) => ({
    message: calls.length === 0 ? text.unseen({ error }) : text.refused({ calls: listed(calls), error }),
  });
  return async ({ cell }) => (filtered.has(cell.profile) ? { run: again, told } : null);
}

function withReason(
  result: TrialResult,
  outcome: Extract<TrialRecord['outcome'], { status: 'failed' }>,
  told: (error: Message) => ReturnType<FilterTrial['told']>,
): TrialResult {
  const error = recalled(outcome.error, 'message');
  const { detail = error.text } = outcome.error;
  const { message, fix } = told(error);
  const said = { code: refusedCode, ...recorded({ message, fix }), detail };
  return { ...result, record: { ...result.record, outcome: { ...outcome, error: said } } };
}

/** The kernel's log, from the moment it was opened. */
export interface KernelLog {
  /** Calls logged since then, with the process: `setpgid (docker-init)`. Each once, in the order of the log. */
  refused(): Promise<readonly string[]>;
}

/** Mark of SECCOMP_RET_LOG in a log record (uapi/linux/seccomp.h). Other filters of the host rarely log. */
const loggedCode = 'code=0x7ffc0000';

/**
 * Parses a seccomp record of the kernel's log; null for any other record. `comm` is a name, or hexadecimal where it has special
 * characters.
 */
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
  return { pid: Number(pid), call: names[Number(number)] ?? 'unknown', program };
}

/** Opens the kernel's log at its end; null where it cannot be read, or the calls of this machine are not known. */
export async function openKernelLog(machine: string): Promise<KernelLog | null> {
  const names = lookup(callTables, machine);
  if (names === undefined) return null;
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

/** Longest record of the kernel's log including its prefix, bytes (PRINTK_MESSAGE_MAX). */
const recordBytes = 8192;

/** Reads all available records. Each read returns one; EPIPE: records were overwritten before they were read. */
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
