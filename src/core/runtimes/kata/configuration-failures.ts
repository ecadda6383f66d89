import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { configPathOf } from '../entry.ts';
import { type FailureRule, restartHint } from '../failure-rule.ts';
import { compareConfig, configOf, copyConfig, rustConfigEntry } from './fixes.ts';
import { kataReleases } from './releases.ts';

/** A wrapper around Kata may have any name. */
const families = ['kata', 'other'] as const;

const words = messages('kata', {
  kernel: "the guest's kernel",
  image: "the guest's image or initrd",
  hypervisor: 'the hypervisor',
  somePart: "the guest's kernel, image or initrd, the hypervisor or the proxy",
});

const text = reasons('preflight', {
  kataConfigInvalid: {
    message: '{config} is not a valid configuration of Kata: line {line}: {said}',
    fix: 'correct line {line} of {config}, or compare it with the file that Kata ships:  {compare}',
  },
  kataConfigKey: {
    message: '{config} is not a valid configuration of Kata: line {line}, {key}: {said}',
    fix: 'correct line {line} of {config}, or compare it with the file that Kata ships:  {compare}',
  },
  kataMachineType: {
    message: '{config} asks QEMU for the machine type {type}, which this Kata does not know',
    fix: 'write machine_type = "{usual}" under [hypervisor.qemu] in {config}',
  },
  kataConfigForeign: {
    message: "{config} is a configuration file of Kata's Go runtime, but this shim is the Rust runtime",
    fix: '{fix}; {restart}',
  },
  kataConfigGone: {
    message:
      "Kata's configuration file {config}, which runtimes.{name}.options.ConfigPath names, does not exist or cannot be used",
    fix: '{fix}; or correct runtimes.{name}.options.ConfigPath in {file}',
  },
  kataFileMissing: {
    message: '{path}, which {config} names, does not exist: {part} is missing',
    fix: 'install what provides {path}, or correct its path in {config}; the static build of {releases} contains everything',
  },
  kataGuestImageMissing: {
    message: 'Kata has no guest image',
    fix: 'set image = "…" or initrd = "…" under [hypervisor.qemu] in {config}; the static build of {releases} contains an image in /opt/kata/share/kata-containers',
  },
  kataConfigMissing: { message: 'Kata finds no configuration file', fix: '{fix}' },
});

/** Machine types of QEMU that Kata is configured with, by architecture (runtime/arch of 3.25.0). */
const machineTypes: Readonly<Record<string, string>> = {
  aarch64: 'virt',
  arm64: 'virt',
  ppc64le: 'pseries',
  s390x: 's390-ccw-virtio',
};

/** Name of the component of Kata that a file in its configuration contains, judged by the file's name. */
function partOf(file: string): Message {
  if (/vmlinu|bzimage|kernel/i.test(file)) return words.kernel;
  if (/initrd|\.img$|\.image$|rootfs/i.test(file)) return words.image;
  if (/qemu|cloud-hypervisor|firecracker|openvmm|stratovirt/i.test(file)) return words.hypervisor;
  return words.somePart;
}

/** The engine passes on the causes of an error of the Rust runtime by number, with newlines as `\n`. */
const cause = String.raw`(?:\\n|\s)+\d+:\s`;

const noConfig = new RegExp(
  `(Cannot find usable config file)|load TOML config failed \\(tried \\[[^\\]]*\\]\\)${cause}(?:entity not found|No such file)`,
);

/**
 * Failures of Kata's configuration and of the files that it names. Where they are known from: see `install-failures.ts`. Order
 * matters: the first match counts.
 */
export const configurationFailures: readonly FailureRule[] = [
  {
    code: 'kata-config-invalid',
    // Seen with 3.25.0 (runtime/pkg/katautils/config.go; BurntSushi/toml, error.go).
    match: /toml: line (\d+)(?: \(last key "([^"]*)"\))?: ([^\n]*?)(?:: unknown)?\.?(?:\n|$)/,
    families,
    explain([line = '', key = '', said = ''], context) {
      const config = configOf(context);
      const values = { config, line, said: said.slice(0, 200), compare: compareConfig(config) };
      return key === '' ? text.kataConfigInvalid(values) : text.kataConfigKey({ ...values, key });
    },
  },
  {
    code: 'kata-machine-type',
    match: /unrecognised machinetype: (\S+?)(?::|\s|$)/,
    families,
    explain: ([type = ''], context) =>
      text.kataMachineType({
        type,
        config: configOf(context),
        usual: machineTypes[context.host.arch] ?? 'q35',
      }),
  },
  {
    code: 'kata-config-missing',
    match: noConfig,
    explain: ([go = ''], context) => {
      const runtime = go === '' ? 'rust' : 'go';
      const config = configOf(context, runtime);
      const fix = copyConfig(config, runtime);
      if (configPathOf(context.entry) === null) return text.kataConfigMissing({ fix });
      return text.kataConfigGone({ config, name: context.entry.name, fix, file: context.file });
    },
  },
  {
    code: 'kata-config-foreign',
    // The Go runtime's configuration has no such names (libs/kata-types/src/annotations/mod.rs).
    match: /(?:Runtime|Hypervisor|Agent) name is missing in the configuration/,
    families,
    explain: (_, context) =>
      text.kataConfigForeign({
        config: configOf(context, 'rust'),
        fix: rustConfigEntry(context),
        restart: restartHint(context),
      }),
  },
  {
    code: 'kata-file-missing',
    match: /(\/\S+\.toml): file (\S+) does not exist/,
    families,
    explain: ([config = '', path = '']) =>
      text.kataFileMissing({ path, config, part: partOf(path), releases: kataReleases }),
  },
  {
    code: 'kata-file-missing',
    // runtime-rs; does not name the configuration file.
    match:
      /(?:(?:guest (?:kernel|boot|initrd)|firmware|flash|extra) image file|(?:qemu|CH|firecracker|openvmm|hypervisor) binary path) `?(\S+?)`? is invalid/i,
    families,
    explain: ([path = ''], context) =>
      text.kataFileMissing({
        path,
        config: configOf(context, 'rust'),
        part: partOf(path),
        releases: kataReleases,
      }),
  },
  {
    code: 'kata-guest-image-missing',
    match:
      /Either initrd or image must be set to a valid path|Missing image and initrd path|(Both (?:of )?guest boot image and initrd for )/,
    explain: ([rust = ''], context) =>
      text.kataGuestImageMissing({
        config: rust === '' ? configOf(context) : configOf(context, 'rust'),
        releases: kataReleases,
      }),
  },
];
