import { setPair } from '../../core/config/set-pair.ts';
import { bareGuest } from '../../core/host/boot-guest.ts';
import { channelName, inputDirectory } from './guest-files.ts';

/**
 * Options of `ocibench run` whose value is a path on this host, and keys of `--set`, whose values have such paths. The lab provides these to the guest by
 * other means.
 */
const hostPlaces = ['--out', '--config'];
const hostKeys = ['daemonJson', 'profiles'];
const isOfHost = (pair: string) => hostKeys.includes(setPair(pair)?.path[0] ?? '');

/** Removes these options, what `--set` says of {@link hostKeys}, and their values, in both forms: `--out X`, `--out=X`. */
function without(words: readonly string[], options: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const isSet = word === '--set' && isOfHost(words[at + 1] ?? '');
    if (isSet || options.includes(word)) at++;
    else if (word.startsWith('--set=') && isOfHost(word.slice('--set='.length))) continue;
    else if (!options.some((option) => word.startsWith(`${option}=`))) kept.push(word);
  }
  return kept;
}

/** The options of `ocibench run` for the guest. `resumed`: id of the run to go on with, or null. */
export function runArguments(words: readonly string[], resumed: string | null): readonly string[] {
  if (resumed === null) return without(words, hostPlaces);
  return [...without(words, [...hostPlaces, '--resume']), '--resume', resumed];
}

/** Encodes a command for the guest: each word ends with a NUL, so that no shell parses it again. */
export function encodeCommand(words: readonly string[]): string {
  const broken = words.find((word) => word.includes('\0'));
  if (broken !== undefined) throw new RangeError('a word of a command cannot hold a NUL');
  return words.map((word) => `${word}\0`).join('');
}

/** Executor of the guest's instructions: the processor (KVM), or QEMU (TCG, several times slower). */
export type Accelerator = 'kvm' | 'tcg';

/** Kernel and initramfs of the guest, stored beside its disk. */
export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
}

/** The files of a guest; their paths are relative to the directory in which QEMU is started. */
export interface MachineFiles extends BootFiles {
  readonly directory: string;
  /** Name of the guest in a list of processes. */
  readonly name: string;
  /** Read only: the guest's writes to it are discarded when it ends. */
  readonly systemDisk: string;
  /** Written by the guest, read afterwards. */
  readonly runDisk: string;
  /** File for the serial console; in the mode `shell` the console is standard input and output. */
  readonly consoleLog: string;
}

/** Everything that QEMU needs to boot the guest. */
export interface MachineSpec extends MachineFiles {
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly mode: 'exec' | 'shell';
}

/** Escapes a file name for QEMU: a comma separates options, and a doubled comma is one in a name. */
function quoted(path: string): string {
  return path.replaceAll(',', ',,');
}

const drive = (path: string, options: string) =>
  `file=${quoted(path)},format=raw,if=virtio,cache=unsafe,${options}`;

/** The program that runs the lab's guests. */
export const labQemu = 'qemu-system-x86_64';

/** The arguments of a guest. */
export function qemuArguments(spec: MachineSpec): readonly string[] {
  const kernelLine = [
    'root=/dev/vda rw console=ttyS0 quiet panic=-1',
    'systemd.unified_cgroup_hierarchy=1 systemd.getty_auto=no systemd.show_status=no',
    `systemd.run=${inputDirectory}/${spec.mode} ocibench.accelerator=${spec.accelerator}`,
  ].join(' ');
  const shell = spec.mode === 'shell';
  return [
    '-name',
    quoted(spec.name),
    ...bareGuest,
    '-accel',
    spec.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi',
    '-cpu',
    'max',
    '-smp',
    String(spec.cpus),
    '-m',
    String(spec.memoryMiB),
    '-kernel',
    spec.kernel,
    '-initrd',
    spec.initrd,
    '-append',
    kernelLine,
    '-drive',
    drive(spec.systemDisk, 'snapshot=on'),
    '-drive',
    drive(spec.runDisk, 'snapshot=off'),
    '-chardev',
    'stdio,id=stdio,signal=off',
    '-serial',
    shell ? 'chardev:stdio' : `file:${quoted(spec.consoleLog)}`,
    ...(shell
      ? []
      : ['-device', 'virtio-serial', '-device', `virtserialport,chardev=stdio,name=${channelName}`]),
  ];
}
