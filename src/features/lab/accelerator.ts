import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { bootGuest } from '../../core/host/boot-guest.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { probeMarker } from './guest-files.ts';
import { type Accelerator, type BootFiles, labQemu, probeArguments } from './qemu.ts';

/** Time limit of the probe, ms. Under a working KVM it prints its line within a second or two. */
const probeLimitMs = 8_000;
const probeSign = new RegExp(probeMarker);

const text = notices('lab.accelerator', {
  noSign: 'an ordinary guest did not respond within {seconds} s',
  notBooted: 'an ordinary guest did not boot: {words}',
  asked: 'as requested',
  noKvm: '/dev/kvm does not exist',
  kvmDenied: 'this user may not open /dev/kvm (is it in the group kvm?)',
  booted: 'a guest booted under it',
  kvmTried: 'KVM was tried: {why}',
});

/** The chosen accelerator, and the reason. */
export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  readonly reason: Message;
}

/** The last line with text, without terminal control sequences. */
function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? '';
}

/** Boots the guest's kernel up to its first program. Returns null, or why that did not succeed in time. */
export async function probe(
  accelerator: Accelerator,
  { kernel, initrd }: BootFiles,
  limitMs = probeLimitMs,
): Promise<Message | null> {
  const files = { kernel: basename(kernel), initrd: basename(initrd) };
  const { kind, printed, said } = await bootGuest({
    qemu: labQemu,
    args: probeArguments(accelerator, files),
    directory: dirname(kernel),
    sign: probeSign,
    limitMs,
  });
  if (kind === 'sign') return null;
  if (kind === 'time') return text.noSign({ seconds: limitMs / 1000 });
  return text.notBooted({ words: lastWords(said) || lastWords(printed) });
}

/** Chooses KVM if a guest really boots under it, else emulation. `asked` is used without a test. Never throws. */
export async function chooseAccelerator(
  boot: BootFiles,
  asked: Accelerator | null,
): Promise<AcceleratorChoice> {
  if (asked !== null) return { accelerator: asked, reason: text.asked };
  const emulated = (why: Message): AcceleratorChoice => ({ accelerator: 'tcg', reason: why });
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return emulated(absent ? text.noKvm : text.kvmDenied);
  }
  const why = await probe('kvm', boot);
  return why === null ? { accelerator: 'kvm', reason: text.booted } : emulated(text.kvmTried({ why }));
}
