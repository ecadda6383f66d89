import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import type { DaemonFlags } from '../../../app/measure/engines.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import { wrongFlag } from '../../../core/config/command-line.ts';
import { kinds } from '../../../core/config/settings.ts';
import { readHostFacts } from '../../../core/host/facts.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { type ExitCode, exitCodes, misuse, problemOf } from '../../../core/model/failure/error.ts';
import { findContainer } from './container.ts';
import { type Recording, recordingFile, recordingPrefix, recordingVersion } from './recording.ts';
import { findCgroup, findCgroups, refuseTarget } from './target.ts';
import { recordWindow } from './window.ts';

const text = notices('recording', {
  misused: 'this cannot be recorded',
  recording: '{target}: recording for {seconds} s',
  interrupted: 'interrupted: ending the recording',
});
const why = reasons('recording', {
  oneTarget: {
    message: 'records one container or one cgroup',
    fix: 'name one:  --container NAME  or  --cgroup PATH',
  },
  gone: { message: 'it ended before recording began', fix: 'start it again, or choose another one' },
});

/** Flags of `ocibench capacity record`, as typed. */
export interface RecordFlags extends DaemonFlags {
  readonly container?: string;
  readonly cgroup?: string;
  readonly for?: string;
  readonly out?: string;
}

/** A recording and its file. */
export interface RecordingResult {
  readonly recording: Recording;
  readonly file: string;
  readonly exitCode: ExitCode;
}

const usualTime = '30s';

/** The target's name, and the length of the window, ms. OcibenchError (exit 2) with every invalid flag. */
export function parseRecordFlags({ container, cgroup, for: time = usualTime }: RecordFlags) {
  const forMs = kinds.duration.parse(time);
  const isOne = (container === undefined) !== (cgroup === undefined);
  if (isOne && forMs !== null) return { name: container ?? cgroup ?? '', forMs };
  throw misuse(text.misused, [
    ...(isOne ? [] : [problemOf('capacity record', why.oneTarget)]),
    ...(forMs === null ? [wrongFlag('--for', time, kinds.duration)] : []),
  ]);
}

/**
 * `ocibench capacity record`: what a running container or cgroup uses, by the files of its cgroup. OcibenchError: exit 2 if there
 * is no such target, 3 if no daemon answers or no cgroups are mounted.
 */
export async function record(app: AppContext, flags: RecordFlags): Promise<RecordingResult> {
  const { reporter, environment, clock, store } = app;
  const { name, forMs } = parseRecordFlags(flags);
  const cgroups = findCgroups();
  const out = resolve(environment.workingDirectory, flags.out ?? '.');
  claimOut(out);
  const isContainer = flags.container !== undefined;
  const target = isContainer ? await findContainer(name, flags, cgroups) : findCgroup(name, cgroups);
  using interrupt = app.interrupts(text.interrupted);
  const startedAt = clock.date();
  const host = await readHostFacts();
  const window = await recordWindow(cgroups, {
    cgroup: target.cgroup.slice(1),
    forMs,
    interrupt: interrupt.signal,
    begun: () => reporter.log(text.recording({ target: name, seconds: forMs / 1000 })),
  });
  if (window.windowNs === 0) throw refuseTarget(isContainer ? '--container' : '--cgroup', why.gone);
  const recordingId = `${recordingPrefix}${newRunId(startedAt)}`;
  const recording = {
    recordingVersion,
    recordingId,
    startedAt: startedAt.toISOString(),
    harnessVersion: environment.version,
    host,
    target,
    ...window,
  } satisfies Recording;
  const file = join(out, 'results', recordingId, recordingFile);
  await store.writeAtomically(file, `${JSON.stringify(recording, null, 1)}\n`);
  const exitCode = window.endedBy === 'interrupt' ? exitCodes.interrupted : exitCodes.ok;
  return { recording, file, exitCode };
}
