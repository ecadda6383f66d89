import { commandWords } from '../../../../core/config/service-shape.ts';
import { findProgram } from '../../../../core/files/programs.ts';
import { type Reason, reasons } from '../../../../core/messages/define.ts';
import { spawn } from '../../../../core/programs/spawn.ts';

const why = reasons('notifyCommand', {
  line: { message: 'is not a command line: {why}', fix: "for example 'mail-alarm root@example.org'" },
  missing: { message: 'is not on PATH, or not executable', fix: 'install it, or give its full path' },
});

/** A command of the user, as its words; runs without a shell unless the user names one. */
export type NotifyCommand = readonly [program: string, ...words: string[]];

/** How a command ended. */
export type NotifyEnd =
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'not-started'; readonly why: string };

/** The words of a command line or list, with the path of the program; a Reason if it is not a command. */
export async function notifyCommand(asked: string | readonly string[]): Promise<NotifyCommand | Reason> {
  const split = typeof asked === 'string' ? commandWords(asked) : { ok: true as const, words: [...asked] };
  if (!split.ok) return why.line({ why: split.why });
  const [name = '', ...words] = split.words;
  const program = await findProgram(name);
  return program === null ? why.missing : [program, ...words];
}

/** Time limit of a command, ms. */
export const notifyLimitMs = 60_000;

/**
 * Runs a command with `input` on its stdin; its output goes to stderr. The command has its own process group, which is killed
 * after the time limit. Never rejects.
 */
export async function startNotify(
  command: NotifyCommand,
  input: string,
  limitMs: number = notifyLimitMs,
): Promise<NotifyEnd> {
  try {
    return await started(command, input, limitMs);
  } catch (error) {
    // For example, a word contains a NUL byte.
    return { kind: 'not-started', why: (error as Error).message };
  }
}

async function started(
  [program, ...words]: NotifyCommand,
  input: string,
  limitMs: number,
): Promise<NotifyEnd> {
  const child = spawn(program, words, {
    stdio: ['pipe', process.stderr.fd, process.stderr.fd],
    detached: true,
    // It is the user's own: what it needs may stand in any variable.
    env: { ...process.env },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  // The command may end without reading its stdin.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const end = await new Promise<NotifyEnd>((done) => {
    child.on('error', (error) => done({ kind: 'not-started', why: error.message }));
    // Not `close`: a process that the command left behind may hold its stdio open.
    child.on('exit', (exitCode, signal) => {
      if (child.killed) done({ kind: 'too-long' });
      else if (exitCode !== null) done({ kind: 'ended', exitCode });
      else done({ kind: 'signal', signal: signal ?? '' });
    });
  });
  child.stdin?.destroy();
  if (end.kind === 'too-long' && child.pid !== undefined) endGroup(child.pid);
  return end;
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
}
