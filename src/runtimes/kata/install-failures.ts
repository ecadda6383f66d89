import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { type FailureRule, restartHint } from '../failure-rule.ts';
import { configOf, install, kataConfigFile, shimEntry, syslogFix, vsockFix } from './fixes.ts';
import { kataReleases } from './releases.ts';

const kata = ['kata'] as const;
/** A wrapper around Kata may have any name. */
const kataOrOther = ['kata', 'other'] as const;

const words = messages('kata', {
  kernel: "the guest's kernel",
  image: "the guest's image or initrd",
  hypervisor: 'the hypervisor',
  somePart: "the guest's kernel, image or initrd, the hypervisor or the proxy",
  copyConfig:
    'mkdir -p {directory} && cp /opt/kata/share/defaults/kata-containers/configuration.toml {config} (without /opt/kata: from /usr/share/defaults/kata-containers)',
});

const text = reasons('preflight', {
  kataShimMissing: {
    message: 'Kata Containers is not installed: the shim {shim} is missing',
    fix: "{install}; put containerd-shim-kata-v2 on dockerd's PATH (ln -s /opt/kata/bin/containerd-shim-kata-v2 /usr/local/bin/); {file}: {entry}; {restart}",
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
  kataSyslogMissing: {
    message: 'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached',
    fix: '{fix}',
  },
  kataVsockMissing: {
    message: 'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock',
    fix: '{fix}',
  },
  kataConfigMissing: { message: 'Kata finds no configuration file', fix: '{fix}' },
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

/** The part of Kata that a file of its configuration is, by file name. */
function partOf(file: string): Message {
  if (/vmlinu|bzimage|kernel/i.test(file)) return words.kernel;
  if (/initrd|\.img$|\.image$|rootfs/i.test(file)) return words.image;
  if (/qemu|cloud-hypervisor|firecracker|stratovirt/i.test(file)) return words.hypervisor;
  return words.somePart;
}

const directoryOf = (path: string) => path.replace(/\/[^/]*$/, '');

/**
 * Incomplete installations of Kata, by the errors that Docker passes on. Those of 1.12.1 and 3.25.0 (Go runtime) were
 * produced with broken installations; those of the Rust runtime are from its sources
 * (libs/kata-types/src/config/hypervisor). Order matters: the first match counts.
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
    code: 'kata-syslog-missing',
    match: /Unix syslog delivery error/,
    explain: () => text.kataSyslogMissing({ fix: syslogFix }),
  },
  {
    code: 'kata-vsock-missing',
    match: /(?:host system doesn't support vsock|\/dev\/vhost-vsock: no such file or directory)/,
    explain: () => text.kataVsockMissing({ fix: vsockFix }),
  },
  {
    code: 'kata-config-missing',
    match: /Cannot find usable config file/,
    explain: (_, context) => {
      const config = configOf(context);
      const fix = words.copyConfig({ directory: directoryOf(config), config });
      if (config === kataConfigFile) return text.kataConfigMissing({ fix });
      return text.kataConfigGone({ config, name: context.entry.name, fix, file: context.file });
    },
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
      /(?:guest (?:kernel|boot|initrd) image file|(?:qemu|cloud.hypervisor) binary path) `?(\S+?)`? is invalid/i,
    families: kataOrOther,
    explain: ([path = ''], context) =>
      text.kataFileMissing({
        path,
        config: configOf(context),
        part: partOf(path),
        releases: kataReleases,
      }),
  },
  {
    code: 'kata-guest-image-missing',
    match:
      /Either initrd or image must be set to a valid path|Missing image and initrd path|Both guest boot image and initrd for \S+ are empty/,
    explain: (_, context) =>
      text.kataGuestImageMissing({ config: configOf(context), releases: kataReleases }),
  },
];
