import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { configPathOf, executedName } from '../entry.ts';
import { type FailureRule, restartHint } from '../failure-rule.ts';
import { configOf, copyConfig, install, rustConfigEntry, shimEntry, syslogFix, vsockFix } from './fixes.ts';
import { kataReleases } from './releases.ts';

const kata = ['kata'] as const;
/** A wrapper around Kata may have any name. */
const kataOrOther = ['kata', 'other'] as const;

const words = messages('kata', {
  kernel: "the guest's kernel",
  image: "the guest's image or initrd",
  hypervisor: 'the hypervisor',
  somePart: "the guest's kernel, image or initrd, the hypervisor or the proxy",
});

const text = reasons('preflight', {
  kataShimMissing: {
    message: 'Kata Containers is not installed: the shim {shim} is missing',
    fix: '{install}; {file}: {entry}; {restart}',
  },
  kataVirtiofsdMissing: {
    message: 'Kata shares the root file system through virtiofsd, and {path} cannot be started',
    fix: 'install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "{path}" in {config}',
  },
  kataProgramMissing: {
    message: "Kata's shim could not start {path}, which does not exist",
    fix: 'install what provides {path}, or correct its path in {config}; the static build of {releases} holds everything',
  },
  kataRuntimeMissing: {
    message: 'Kata Containers is not installed: {path} is missing',
    fix: 'a "path" entry works with Kata 1.x only, which is no longer maintained; {install}, and replace the entry in {file} by {entry}; {restart}',
  },
  kataNotOci: {
    message: '{path} is a tool since Kata 2 and no runtime that Docker can call',
    fix: 'replace the entry in {file} by {entry}; {restart}',
  },
  kataSyslogMissing: {
    message: 'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
    fix: '{fix}',
  },
  kataVsockMissing: {
    message: 'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock',
    fix: '{fix}',
  },
  kataConfigMissing: { message: 'Kata finds no configuration file', fix: '{fix}' },
  kataConfigForeign: {
    message: "{config} is a configuration file of Kata's Go runtime, and this shim is the Rust runtime",
    fix: '{fix}; {restart}',
  },
  kataConfigGone: {
    message:
      "Kata's configuration file {config}, which runtimes.{name}.options.ConfigPath names, does not exist or cannot be used",
    fix: '{fix}; or correct runtimes.{name}.options.ConfigPath in {file}',
  },
  kataFileMissing: {
    message: '{path}, which {config} names, does not exist: {part} is missing',
    fix: 'install what provides {path}, or correct its path in {config}; the static build of {releases} holds everything',
  },
  kataGuestImageMissing: {
    message: 'Kata has no guest image',
    fix: 'set image = "…" or initrd = "…" under [hypervisor.qemu] in {config}; the static build of {releases} holds an image in /opt/kata/share/kata-containers',
  },
});

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
 * Incomplete installations of Kata, by the errors that Docker passes on. Those of 1.12.1 and 3.25.0 (Go runtime) were
 * produced with broken installations, and are in the sources of 4.1.0 as well; those of the Rust runtime are from its
 * sources, 3.25.0 to 4.1.0 (libs/kata-types/src/config, runtime-rs crates/runtimes/src/manager.rs and
 * crates/hypervisor/src/device/driver/virtio_vsock.rs). Order matters: the first match counts.
 */
export const installFailures: readonly FailureRule[] = [
  {
    code: 'kata-shim-missing',
    match:
      /binary not installed "(containerd-shim-kata[^"]*)"|invalid custom binary path: stat (\S*kata\S*): no such file/,
    explain: ([name = '', path = ''], context) =>
      text.kataShimMissing({
        shim: path || name,
        install: install(context),
        file: context.file,
        entry: shimEntry(context),
        restart: restartHint(context),
      }),
  },
  {
    code: 'kata-virtiofsd-missing',
    match:
      /virtiofs daemon (\S+) returned with error|fork\/exec (\S*virtiofsd\S*): no such file or directory/,
    explain: ([path = '', started = ''], context) =>
      text.kataVirtiofsdMissing({ path: path || started, config: configOf(context) }),
  },
  {
    code: 'kata-virtiofsd-missing',
    match: /Virtio-fs daemon path (\S+) is invalid/,
    explain: ([path = ''], context) => text.kataVirtiofsdMissing({ path, config: configOf(context, 'rust') }),
  },
  {
    code: 'kata-program-missing',
    match: /fork\/exec (\S+): no such file or directory/,
    families: kata,
    when: ({ entry }) => entry.runtimeType !== undefined,
    explain: ([path = ''], context) =>
      text.kataProgramMissing({ path, config: configOf(context), releases: kataReleases }),
  },
  {
    code: 'kata-runtime-missing',
    match:
      /(?:fork\/exec (\S+): no such file or directory|exec: "([^"]+)": (?:stat|executable file not found))/,
    families: kata,
    explain: ([direct = '', looked = ''], context) =>
      text.kataRuntimeMissing({
        path: direct || looked,
        install: install(context),
        file: context.file,
        entry: shimEntry(context),
        restart: restartHint(context),
      }),
  },
  {
    code: 'kata-not-oci',
    // runtime/cmd/kata-runtime/main.go, 3.25.0 to 4.1.0; seen with 3.25.0.
    match: /Invalid command "create"/,
    families: kataOrOther,
    explain: (_, context) =>
      text.kataNotOci({
        path: executedName(context.entry),
        file: context.file,
        entry: shimEntry(context),
        restart: restartHint(context),
      }),
  },
  {
    code: 'kata-syslog-missing',
    match: /Unix syslog delivery error/,
    explain: () => text.kataSyslogMissing({ fix: syslogFix }),
  },
  {
    code: 'kata-vsock-missing',
    // A device whose module cannot be loaded exists without a driver: "No such device".
    match:
      /host system doesn't support vsock|\/dev\/vhost-vsock: no such file or directory|failed to open \/dev\/vhost-vsock\b[\s\S]*?No such (?:file|device)/,
    explain: () => text.kataVsockMissing({ fix: vsockFix }),
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
    families: kataOrOther,
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
    families: kataOrOther,
    explain: ([config = '', path = '']) =>
      text.kataFileMissing({ path, config, part: partOf(path), releases: kataReleases }),
  },
  {
    code: 'kata-file-missing',
    // runtime-rs; does not name the configuration file.
    match:
      /(?:(?:guest (?:kernel|boot|initrd)|firmware|flash|extra) image file|(?:qemu|CH|firecracker|openvmm|hypervisor) binary path) `?(\S+?)`? is invalid/i,
    families: kataOrOther,
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
