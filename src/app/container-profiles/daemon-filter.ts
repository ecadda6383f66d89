import { machine } from 'node:os';
import { isAbsolute } from 'node:path';
import { readPlainFile } from '../../core/files/plain-file.ts';
import type { TrialRunner } from '../../core/measure/execute/runner.ts';
import { listed } from '../../core/messages/compose.ts';
import { reasons } from '../../core/messages/define.ts';
import type { SeccompChoice } from '../../core/model/runtime/container-profile.ts';
import { daemonSettings } from '../../core/model/runtime/engine-kind.ts';
import { onThisMachine } from '../../core/model/runtime/unreachable-engine.ts';
import { defaultLayer } from '../../core/model/trial/cell.ts';
import type { ContainerEngine } from '../measure/engines.ts';
import { strictFile } from './seccomp-profile.ts';
import { explainingRefusals, type FilterTrial, loggingRules, openKernelLog } from './seccomp-refusals.ts';

const text = reasons('daemonFilter', {
  refused: {
    message:
      "the daemon's seccomp profile, {path}, refuses {calls}; without the profile the same start succeeds",
    fix: 'allow these calls in {path} ("action": "SCMP_ACT_ALLOW"), or remove "seccomp-profile" from {file}; {restart}',
  },
  unseen: {
    message:
      "the daemon's seccomp profile, {path}, refuses a call that the kernel’s log does not name; without the profile the same start succeeds",
    fix: 'compare {path} with a profile under which runtimes start ({strict}), or remove "seccomp-profile" from {file}; {restart}',
  },
});

/** Codes of failures that a refused call may have caused; the others have a reason of their own. */
const possible: ReadonlySet<string> = new Set([
  'exit-code',
  'start-failed',
  'step-failed',
  'permission-denied',
]);

type Daemon = Pick<ContainerEngine, 'facts' | 'conditions'>;

/** The file of the daemon's own seccomp profile; null where it has Docker's, or none. */
async function profileOf({ conditions }: Daemon): Promise<string | null> {
  const { seccomp = '' } = await conditions().catch(() => ({ seccomp: '' }));
  return isAbsolute(seccomp) ? seccomp : null;
}

/** The profile with every call allowed, and those logged that it refuses; `unconfined` where the file cannot be read here. */
async function withoutRefusals(path: string, { facts }: Daemon): Promise<SeccompChoice> {
  if (!onThisMachine(facts)) return 'unconfined';
  try {
    const source = (await readPlainFile(path, { followLinks: true })).toString('utf8');
    return { file: path, sha256: '', rules: loggingRules(JSON.parse(source)) };
  } catch {
    return 'unconfined';
  }
}

/**
 * Runs trials of this harness's own images. Where one fails under a daemon with a seccomp profile of its own, repeats it without
 * that profile, and if the repetition succeeds the reason names the profile. `under`: runs a trial with this filter in the place
 * of the daemon's. `log`: null where the kernel's log cannot be read.
 */
export function explainingDaemonFilter(
  engine: Daemon,
  under: (seccomp?: SeccompChoice) => TrialRunner,
  log: Parameters<typeof explainingRefusals>[2] = onThisMachine(engine.facts)
    ? () => openKernelLog(machine())
    : null,
): TrialRunner {
  const find = async (): Promise<FilterTrial | null> => {
    const path = await profileOf(engine);
    if (path === null) return null;
    const { file, restart } = daemonSettings(engine.facts);
    return {
      run: under(await withoutRefusals(path, engine)),
      told: (calls) =>
        calls.length === 0
          ? text.unseen({ path, file, restart, strict: strictFile })
          : text.refused({ path, calls: listed(calls, 'and'), file, restart }),
    };
  };
  let found: ReturnType<typeof find> | null = null;
  return explainingRefusals(
    under(),
    async ({ cell }, { code }) => {
      if (cell.layer !== defaultLayer || !possible.has(code)) return null;
      found ??= find();
      return found;
    },
    log,
  );
}
