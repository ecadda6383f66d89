import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../../../core/files/programs.ts';
import type { Reason } from '../../../../core/messages/define.ts';
import { tracerCommand } from '../tracer-process.ts';
import { tracerReasons } from '../words.ts';
import type { KernelShape } from './program.ts';

const relro = 0x6474e552;
const nothing = 0;

/**
 * A copy of a 64-bit little-endian ELF program with its PT_GNU_RELRO headers changed to PT_NULL (elf(5)), so that the region
 * they name stays writable after relocation; null if the file is no such program or has no such header. In Debian's bpftrace
 * 0.23.2-1, LLVM's constructors write to that region, which ends it with SIGSEGV before `main`.
 */
export function withoutRelro(program: Buffer): Buffer | null {
  const is64BitLittleEndian =
    program.length >= 64 && program.readUInt32BE(0) === 0x7f454c46 && program[4] === 2 && program[5] === 1;
  if (!is64BitLittleEndian) return null;
  const table = Number(program.readBigUInt64LE(32));
  const size = program.readUInt16LE(54);
  const count = program.readUInt16LE(56);
  const copy = Buffer.from(program);
  let changed = false;
  for (let at = 0; at < count; at++) {
    const header = table + at * size;
    if (size < 56 || header + size > copy.length) return null;
    if (copy.readUInt32LE(header) !== relro) continue;
    copy.writeUInt32LE(nothing, header);
    changed = true;
  }
  return changed ? copy : null;
}

const btf = '/sys/kernel/btf/vmlinux';
const lockdown = '/sys/kernel/security/lockdown';

/** Time limit for listing structures, ms: bpftrace reads the kernel's types, which takes seconds on a busy host. */
const answerLimitMs = 60_000;

/** A bpftrace that starts here. */
export interface Bpftrace {
  readonly program: string;
  readonly version: string;
  /** Is it a private copy without the RELRO header? */
  readonly repaired: boolean;
  readonly shape: KernelShape;
}

interface Answer {
  readonly stdout: string;
  readonly said: string;
  /** The signal that ended it; null if none did. */
  readonly signal: string | null;
  readonly failed: boolean;
}

async function ask(program: string, ...words: readonly string[]): Promise<Answer> {
  const [file, ...args] = tracerCommand([program, ...words]);
  const result = await execa(file, args, {
    reject: false,
    stdin: 'ignore',
    timeout: answerLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 4_000_000,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    extendEnv: false,
  });
  return {
    stdout: String(result.stdout ?? ''),
    said: `${result.stderr ?? ''}`.trim() || (result.shortMessage ?? ''),
    signal: result.signal ?? null,
    failed: result.failed,
  };
}

const versionIn = (text: string) => /v(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1] ?? null;

/** The program if it prints its version; if it crashes, a repaired private copy that does. */
async function startable(
  program: string,
  scratch: string,
): Promise<Pick<Bpftrace, 'program' | 'version' | 'repaired'> | Reason> {
  const first = await ask(program, '--version');
  const version = versionIn(first.stdout);
  if (version !== null) return { program, version, repaired: false };
  const refused = () => tracerReasons.refused({ program, said: first.said.slice(0, 400) });
  if (first.signal === null) return refused();
  const mended = withoutRelro(await readFile(program));
  const crashes = tracerReasons.crashes({ program, signal: first.signal });
  if (mended === null) return crashes;
  const copy = join(scratch, 'bpftrace');
  await writeFile(copy, mended, { mode: 0o700, flag: 'wx' });
  const second = versionIn((await ask(copy, '--version')).stdout);
  return second === null ? crashes : { program: copy, version: second, repaired: true };
}

/** The kernel's structures, as bpftrace lists them from BTF. */
async function shapeOf(
  program: string,
  controller: number | null,
  architecture: string,
): Promise<KernelShape | Reason> {
  const [cgroup, task, faults] = [
    await ask(program, '-lv', 'struct cgroup'),
    await ask(program, '-lv', 'struct task_struct'),
    await ask(program, '-l', 'rawtracepoint:page_fault_*'),
  ];
  const wrong = [cgroup, task].find(({ stdout }) => !stdout.includes('{'));
  if (wrong !== undefined) return tracerReasons.refused({ program, said: wrong.said.slice(0, 400) });
  return {
    controller,
    ancestors: /\bancestors\[/.test(cgroup.stdout)
      ? 'ancestors'
      : /\bancestor_ids\[/.test(cgroup.stdout)
        ? 'ancestor_ids'
        : null,
    numberField: architecture === 'aarch64' ? 'syscallno' : 'orig_ax',
    stateField: /\b__state;/.test(task.stdout) ? '__state' : 'state',
    faults: ['page_fault_user', 'page_fault_kernel'].every((name) => faults.stdout.includes(name)),
  };
}

/** Finds a bpftrace that starts, or returns the reason why there is none. */
export async function findBpftrace(place: {
  readonly scratch: string;
  readonly controller: number | null;
  readonly architecture: string;
}): Promise<Bpftrace | Reason> {
  const { architecture } = place;
  const program = await findProgram('bpftrace');
  if (program === null) return tracerReasons.missing({ program: 'bpftrace', package: 'bpftrace' });
  if (!existsSync(btf)) return tracerReasons.noBtf({ file: btf });
  const mode = /\[(confidentiality)\]/.exec(await readFile(lockdown, 'utf8').catch(() => ''))?.[1];
  if (mode !== undefined) return tracerReasons.lockdown({ mode });
  const found = await startable(program, place.scratch);
  if ('code' in found) return found;
  const shape = await shapeOf(found.program, place.controller, architecture);
  return 'code' in shape ? shape : { ...found, shape };
}
