import { describe, expect, it } from 'vitest';
import { explainPreflight } from '../../../../src/core/host/preflight/explain.ts';
import type { EngineFacts, HostFacts } from '../../../../src/core/model/machine/host.ts';
import type { RuntimeEntry } from '../../../../src/core/model/runtime/runtime.ts';

const host: HostFacts = {
  hostname: 'h',
  os: 'Debian GNU/Linux 13 (trixie)',
  kernel: '6.12.48',
  arch: 'x86_64',
  cpuModel: 'x',
  cpus: 2,
  microcode: null,
  memoryBytes: 1,
  cgroup: 'v2',
  controllers: [],
  hypervisor: 'kvm',
  emulation: null,
  clocksource: 'tsc',
  governor: null,
  turbo: null,
  smt: null,
  thpShmem: null,
  ksm: null,
  swapUsedBytes: null,
  loadAverage1: 0,
  mitigations: {},
};
const engine: EngineFacts = {
  kind: 'docker',
  endpoint: 'unix:///var/run/docker.sock',
  transport: 'unix',
  local: true,
  version: '29.1.0',
  apiVersion: '1.52',
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  storageDriver: 'overlay2',
  defaultRuntime: 'runc',
  containerdVersion: null,
};
const origin = 'daemon.json' as const;
const entries = {
  runc: { name: 'runc', path: 'runc', origin: 'built-in' },
  crun: { name: 'crun', path: '/usr/bin/crun', origin },
  runsc: { name: 'runsc', path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap'], origin },
  runscKvm: { name: 'runsc-kvm', path: '/usr/bin/runsc', runtimeArgs: ['--platform=kvm'], origin },
  runscShim: { name: 'gv', runtimeType: 'io.containerd.runsc.v1', origin },
  kata: { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin },
  kataPath: { name: 'kata-runtime', path: '/usr/bin/kata-runtime', origin },
  other: { name: 'mine', path: '/opt/mine', origin },
} as const satisfies Record<string, RuntimeEntry>;

const task = 'failed to create task for container: ';
const shim = `${task}failed to create shim task: `;
const oci = `${shim}OCI runtime create failed: `;
const log = (rest: string) =>
  `${oci}unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v2.task/moby/5a33/log.json: no such file or directory): ${rest}`;

/** Texts of real engines (Docker 26.1 with runc, crun, runsc 20240729, Kata 1.12), with paths made neutral. */
const cases: readonly (readonly [
  code: string,
  entry: keyof typeof entries,
  error: string,
  fixHas: string,
])[] = [
  [
    'crun-hybrid-cgroup',
    'crun',
    `${oci}cgroups in hybrid mode not supported, drop all controllers from cgroupv2: unknown`,
    '--engine embedded',
  ],
  [
    'runsc-network-namespace',
    'runsc',
    'OCI runtime start failed: starting container: setting up network: creating interfaces from net namespace "/proc/280/ns/net": cannot run with network enabled in root network namespace: unknown',
    '--network=none',
  ],
  ['runsc-platform-unknown', 'runsc', `${oci}unknown platform: bogus: unknown`, '--platform=systrap'],
  [
    'runsc-shim-missing',
    'runscShim',
    `${task}failed to start shim: failed to resolve runtime path: runtime "io.containerd.runsc.v1" binary not installed "containerd-shim-runsc-v1": file does not exist: unknown`,
    '"path": "/usr/bin/runsc"',
  ],
  ['systemd-bus-missing', 'crun', `${oci}cannot open sd-bus: No such file or directory: unknown`, 'dbus'],
  [
    'cgroup-controller-missing',
    'crun',
    `${oci}controller \`io\` is not available under /sys/fs/cgroup/cgroup.controllers: unknown`,
    '+io',
  ],
  [
    'cgroup-controller-missing',
    'runsc',
    `${oci}creating container: mandatory cgroup controller "pids" is missing: unknown`,
    '+pids',
  ],
  [
    'cgroup-controller-missing',
    'runc',
    'NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted',
    '+cpu',
  ],
  [
    'kata-shim-missing',
    'kata',
    `${task}failed to start shim: failed to resolve runtime path: runtime "io.containerd.kata.v2" binary not installed "containerd-shim-kata-v2": file does not exist: unknown`,
    'containerd-shim-kata-v2',
  ],
  [
    'kata-shim-missing',
    'kata',
    `${task}failed to start shim: failed to resolve runtime path: invalid custom binary path: stat /opt/kata/bin/containerd-shim-kata-v2: no such file or directory: unknown`,
    'runtimeType',
  ],
  [
    'kata-runtime-missing',
    'kataPath',
    log('fork/exec /usr/bin/kata-runtime: no such file or directory: unknown'),
    'Kata 1.x only',
  ],
  [
    'kata-runtime-missing',
    'kataPath',
    'error while looking up the specified runtime path: exec: "/usr/bin/kata-runtime": stat /usr/bin/kata-runtime: no such file or directory',
    '"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"',
  ],
  ['kata-syslog-missing', 'kata', `${shim}Unix syslog delivery error: unknown`, 'syslog'],
  [
    'kata-config-missing',
    'kata',
    `${shim}Cannot find usable config file (config file "/etc/kata-containers/configuration.toml" unresolvable: file /etc/kata-containers/configuration.toml does not exist): not found`,
    '/etc/kata-containers/configuration.toml',
  ],
  [
    'kata-file-missing',
    'kata',
    `${shim}/usr/share/defaults/kata-containers/configuration.toml: file /usr/bin/qemu-system-x86_64 does not exist: unknown`,
    '/usr/bin/qemu-system-x86_64',
  ],
  [
    'kata-guest-image-missing',
    'kata',
    `${shim}Either initrd or image must be set to a valid path: unknown`,
    'image =',
  ],
  [
    'kata-virtiofsd-missing',
    'kata',
    `${shim}virtiofs daemon /usr/bin/virtiofsd returned with error: fork/exec /usr/bin/virtiofsd: no such file or directory: not found`,
    'virtiofsd',
  ],
  [
    'kvm-missing',
    'kata',
    `${shim}failed to launch qemu: exit status 1, error messages from qemu log: Could not access KVM kernel module: No such file or directory\nqemu-system-x86_64: failed to initialize kvm: unknown`,
    'nested',
  ],
  [
    'kvm-permission',
    'kata',
    `${shim}failed to launch qemu: exit status 1, error messages from qemu log: Could not access KVM kernel module: Permission denied`,
    '/dev/kvm',
  ],
  [
    'kvm-unusable',
    'kata',
    `${shim}failed to launch qemu: error messages from qemu log: error: failed to set MSR 0x10a to 0x0\nqemu: kvm_buf_set_msrs: Assertion 'ret == cpu->kvm_msr_buf->nmsrs' failed.`,
    'bare metal',
  ],
  [
    'kata-qemu-too-new',
    'kata',
    `${shim}failed to launch qemu: -machine pc,accel=kvm,kernel_irqchip: Expected '=' after parameter 'kernel_irqchip'`,
    '3.29.0',
  ],
  ['kata-qemu-too-new', 'kata', `${shim}QMP command failed: Parameter 'size' is missing: unknown`, 'QEMU'],
  [
    'kata-qemu-too-new',
    'kataPath',
    `${oci}failed to hot add vCPUs: only 0 vCPUs of 1 were added: unknown`,
    'QEMU',
  ],
  [
    'kata-guest-unreachable',
    'kata',
    `${shim}Failed to check if grpc server is working: rpc error: code = Unavailable desc = transport is closing: unknown`,
    'enable_debug',
  ],
  [
    'kata-cgroup-v2',
    'kata',
    `${shim}Could not create cgroup for /docker/kata_8869ef16: cgroups: cgroup mountpoint does not exist: unknown`,
    'Kata 3.0',
  ],
  ['kata-guest-memory-cgroup', 'kata', `${shim}path "memory" missing: unknown`, 'cgroup_enable=memory'],
  ['runtime-not-registered', 'other', 'unknown or invalid runtime name: nosuch.', 'add "nosuch"'],
  [
    'podman-default-runtime',
    'other',
    'podman starts every container with its default runtime, crun, whatever runtime is requested',
    '--layers podman',
  ],
  [
    'runtime-type-invalid',
    'other',
    `${task}failed to start shim: failed to resolve runtime path: invalid runtime name foo, correct runtime name should be either format like \`io.containerd.runc.v1\` or a full path to the binary: unknown`,
    'runtimes.mine.runtimeType',
  ],
  [
    'shim-missing',
    'other',
    `${task}failed to start shim: failed to resolve runtime path: runtime "io.containerd.wasm.v1" binary not installed "containerd-shim-wasm-v1": file does not exist: unknown`,
    'containerd-shim-wasm-v1',
  ],
  [
    'runtime-binary-missing',
    'other',
    log('exec: "nosuchruntime": executable file not found in $PATH: unknown'),
    'runtimes.mine.path',
  ],
  [
    'runtime-binary-missing',
    'runsc',
    log('fork/exec /usr/bin/runsc: no such file or directory: unknown'),
    'runtimes.runsc.path',
  ],
  [
    'runtime-binary-not-executable',
    'other',
    log('fork/exec /opt/mine: permission denied: unknown'),
    'chmod +x /opt/mine',
  ],
  [
    'runtime-binary-invalid',
    'other',
    log('fork/exec /opt/mine: exec format error: unknown'),
    'file /opt/mine',
  ],
  [
    'runsc-slimvm-unavailable',
    'runsc',
    `${oci}creating sandbox: opening device file: open /dev/slimvm: no such file or directory: unknown`,
    '--platform=systrap',
  ],
  [
    'runsc-sidecars',
    'runsc',
    `${oci}creating container: cannot create sandbox: fork/exec /usr/local/bin/gvisor-bin/gvisor_sentry: no such file or directory: unknown`,
    'install runsc and gvisor-bin/ together',
  ],
  [
    'runtime-exit',
    'runsc',
    log('/var/lib/docker/runtimes/runsc did not terminate successfully: exit status 2: unknown'),
    '/usr/bin/runsc --platform=systrap --version',
  ],
  ['cgroup-mount-missing', 'runc', `${shim}cgroups: cgroup mountpoint does not exist: unknown`, 'findmnt'],
  [
    'rlimit',
    'runc',
    `${oci}runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown`,
    'default-ulimits".nofile',
  ],
  [
    'rlimit',
    'crun',
    `${oci}setrlimit \`RLIMIT_NOFILE\`: Operation not permitted: unknown`,
    'default-ulimits".nofile',
  ],
  [
    'rlimit-nameless',
    'runc',
    `${oci}runc create failed: wrong rlimit value: RLIMIT_: unknown`,
    '"Name": "nofile"',
  ],
  ['rlimit-nameless', 'crun', `${oci}invalid rlimit \`RLIMIT_\`: unknown`, '"Name": "nofile"'],
  ['no-space', 'runc', `${oci}mkdir /run/x: no space left on device: unknown`, 'df -h'],
  ['out-of-memory', 'runc', `${oci}fork: cannot allocate memory: unknown`, 'free -h'],
  ['permission-denied', 'runc', `${oci}mount proc: operation not permitted: unknown`, 'dmesg'],
  [
    'command-missing',
    'runc',
    `${oci}runc create failed: unable to start container process: exec: "/bin/nope": stat /bin/nope: no such file or directory: unknown`,
    'image',
  ],
  [
    'command-missing',
    'crun',
    `${oci}executable file \`nope\` not found in $PATH: No such file or directory: unknown`,
    'image',
  ],
  ['file-missing', 'runc', `${oci}open /etc/some.conf: no such file or directory: unknown`, '/etc/some.conf'],
  ['timeout', 'crun', 'no answer within 30 s', '--runtime crun'],
  ['timeout', 'runsc', 'The operation was aborted due to timeout', '--runtime runsc'],
  ['runsc-kvm-hang', 'runscKvm', 'no answer within 30 s', '--platform=systrap'],
  [
    'runsc-kvm-unavailable',
    'runscKvm',
    `${oci}creating sandbox: opening KVM device file: open /dev/kvm: no such file or directory: unknown`,
    '--platform=systrap',
  ],
  ['start-failed', 'crun', `${oci}something that nobody has seen: unknown`, 'docker run'],
];

describe('explainPreflight', () => {
  it.each(cases)('%s (%s): %s', (code, entry, error, fixHas) => {
    const explained = explainPreflight(error, { entry: entries[entry], host, engine });
    expect(explained.code).toBe(code);
    expect(explained.reason).not.toBe('');
    expect(explained.reason + explained.fix).not.toMatch(/undefined|null|NaN/);
    expect(explained.fix).toContain(fixHas);
  });

  it.each(cases)('%s (%s) is found behind the prefixes of the docker command', (code, entry, error) => {
    const wrapped = `docker: Error response from daemon: ${error}.\n\nRun 'docker run --help' for more information\n`;
    expect(explainPreflight(wrapped, { entry: entries[entry], host, engine }).code).toBe(code);
  });

  it('says where the program is whose registered path leads nowhere', () => {
    const { reason, fix } = explainPreflight(
      log('fork/exec /usr/bin/runsc: no such file or directory: unknown'),
      {
        entry: { ...entries.runsc, path: '/usr/bin/runsc' },
        host,
        engine,
        elsewhere: '/usr/local/bin/runsc',
      },
    );
    expect(reason).toContain('/usr/bin/runsc does not exist');
    expect(fix).toContain('put /usr/local/bin/runsc into runtimes.runsc.path');
  });

  it('does not guess why one start failed of a runtime that started others', () => {
    const error = log('/usr/bin/runsc did not terminate successfully: exit status 2: unknown');
    const never = explainPreflight(error, { entry: entries.runsc, host, engine });
    const once = explainPreflight(error, { entry: entries.runsc, host, engine, started: true });
    expect(never.reason).toContain('often because');
    expect(once.reason).toContain('it has started other containers of this run');
    expect(once.code).toBe(never.code);
  });

  it('gives no argument that may be secret: reasons are part of results', () => {
    const error = log('/usr/bin/runsc did not terminate successfully: exit status 2: unknown');
    const entry = { ...entries.runsc, path: '/usr/bin/runsc', runtimeArgs: ['--token=hunter2'] };
    const explained = explainPreflight(error, { entry, host, engine });
    expect(explained.fix).toContain('/usr/bin/runsc ARGS --version');
    expect(JSON.stringify(explained)).not.toContain('hunter2');
  });

  it('tells the two shapes of a missing Kata apart, and each fix names the entry to write', () => {
    const v2 =
      'runtime "io.containerd.kata.v2" binary not installed "containerd-shim-kata-v2": file does not exist';
    const path = log('fork/exec /usr/bin/kata-runtime: no such file or directory: unknown');
    const a = explainPreflight(v2, { entry: entries.kata, host, engine });
    const b = explainPreflight(path, {
      entry: entries.kataPath,
      host,
      engine,
      daemonJson: '/srv/daemon.json',
    });
    expect([a.code, b.code]).toEqual(['kata-shim-missing', 'kata-runtime-missing']);
    for (const { fix } of [a, b]) {
      expect(fix).toContain('https://github.com/kata-containers/kata-containers/releases');
      expect(fix).toContain('"runtimeType": "/opt/kata/runtime-rs/bin/containerd-shim-kata-v2"');
      expect(fix).toContain('Docker 29.1.0 needs Kata 3.29.0');
    }
    expect(a.fix).toContain('/etc/docker/daemon.json');
    expect(b.fix).toContain('/srv/daemon.json');
  });

  it('does not take the same words from another runtime for a Kata failure', () => {
    const error = 'cgroups: cgroup mountpoint does not exist';
    expect(explainPreflight(error, { entry: entries.kata, host }).code).toBe('kata-cgroup-v2');
    expect(explainPreflight(error, { entry: entries.runc, host }).code).toBe('cgroup-mount-missing');
  });

  it('tells a guest without /dev/kvm from bare metal without it', () => {
    const error = 'Could not access KVM kernel module: No such file or directory';
    expect(explainPreflight(error, { entry: entries.kata, host }).fix).toContain('nested');
    expect(
      explainPreflight(error, { entry: entries.kata, host: { ...host, hypervisor: null } }).fix,
    ).toContain('modprobe');
  });

  it('proposes to try by hand with the program that the engine is', () => {
    const fixOf = (change: Partial<EngineFacts>, entry: RuntimeEntry = entries.other, error = 'never seen') =>
      explainPreflight(error, { entry, host, engine: { ...engine, ...change } }).fix;
    expect(fixOf({})).toContain('docker run --rm --runtime mine --network none IMAGE true');
    const podman = 'podman --runtime /opt/mine run --rm --network none IMAGE true';
    expect(fixOf({ kind: 'podman', product: 'Podman' })).toContain(podman);
    expect(fixOf({ product: 'Podman' })).toContain(podman);
    expect(fixOf({ kind: 'containerd' })).toContain('ctr run --rm --runc-binary /opt/mine IMAGE try true');
    expect(fixOf({ kind: 'containerd' }, entries.kata)).toContain(
      '--runtime io.containerd.kata.v2 IMAGE try',
    );
    expect(fixOf({ kind: 'containerd' }, entries.other, 'no answer within 30 s')).toMatch(
      /timeout 60 ctr run/,
    );
  });

  it('knows the program that is missing without Docker, too', () => {
    for (const kind of ['podman', 'containerd'] as const) {
      const error = 'no program is registered for the runtime mine, or it is not installed';
      const { code, reason, fix } = explainPreflight(error, {
        entry: entries.other,
        host,
        engine: { ...engine, kind },
      });
      expect(code).toBe('runtime-binary-missing');
      expect(reason).toContain('/opt/mine');
      expect(fix).toMatch(/runtimes\.mine\.path in \/etc\/docker\/daemon\.json; then start ocibench again/);
    }
  });

  it('names the files and the restart of a rootless daemon, and of podman', () => {
    const fixOf = (change: Partial<EngineFacts>) =>
      explainPreflight('unknown or invalid runtime name: mine.', {
        entry: entries.other,
        host,
        engine: { ...engine, ...change },
      }).fix;
    const rootless = { local: false, hidden: 'rootless' } as const;
    expect(fixOf(rootless)).toMatch(/~\/\.config\/docker\/daemon\.json; .*systemctl --user restart docker/);
    expect(fixOf({ product: 'Podman' })).toMatch(/\/etc\/containers\/containers\.conf; .*restart podman/);
    expect(fixOf({ ...rootless, product: 'Podman' })).toContain('~/.config/containers/containers.conf');
  });

  it('speaks of restarting docker only where a system daemon is in use', () => {
    const error = 'unknown platform: bogus';
    expect(explainPreflight(error, { entry: entries.runsc, host, engine }).fix).toContain(
      'systemctl restart docker',
    );
    expect(
      explainPreflight(error, { entry: entries.runsc, host, engine: { ...engine, kind: 'embedded' } }).fix,
    ).not.toContain('systemctl');
  });
});
