import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { execa } from 'execa';
import { probeMarker } from './guest-files.ts';
import { type Accelerator, type BootFiles, probeArguments } from './qemu.ts';

/** Under a KVM that works the probe says its line within a second or two. */
const probeLimitMs = 8_000;

/** Which accelerator is used, and why. */
export interface Choice {
  readonly accelerator: Accelerator;
  readonly reason: string;
}

/** The last line that says something, without what moves a cursor. */
function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? '';
}

/** Boots the guest's kernel up to its first program. Returns why it did not get there within the time, or null. */
export async function probe(
  accelerator: Accelerator,
  boot: BootFiles,
  limitMs = probeLimitMs,
): Promise<string | null> {
  const result = await execa('qemu-system-x86_64', probeArguments(accelerator, boot), {
    stdin: 'ignore',
    reject: false,
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1_000_000,
  });
  if (result.stdout.includes(probeMarker)) return null;
  if (result.timedOut) return `an ordinary guest gave no sign of life within ${limitMs / 1000} s`;
  return `an ordinary guest did not boot: ${lastWords(result.stderr) || lastWords(result.stdout) || result.shortMessage}`;
}

/** KVM where a guest really boots under it, else emulation. `asked` is taken without trying. Never throws. */
export async function chooseAccelerator(boot: BootFiles, asked: Accelerator | null): Promise<Choice> {
  if (asked !== null) return { accelerator: asked, reason: 'it was asked for' };
  const emulated = (why: string): Choice => ({ accelerator: 'tcg', reason: why });
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return emulated(
      absent ? 'there is no /dev/kvm' : 'this user may not open /dev/kvm (is it in the group kvm?)',
    );
  }
  const why = await probe('kvm', boot);
  return why === null
    ? { accelerator: 'kvm', reason: 'a guest booted under it' }
    : emulated(`KVM was tried: ${why}`);
}
