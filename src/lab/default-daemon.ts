/**
 * The daemon.json of the guest where the user gives none: runc, which every daemon has, and the others that Debian
 * packages. gVisor has no network there because Debian's runsc refuses to have one on recent kernels. Kata is
 * registered so that the reports say why it is missing.
 */
export const defaultDaemonJson = {
  runtimes: {
    crun: { path: '/usr/bin/crun' },
    runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=none'] },
    'runsc-ptrace': { path: '/usr/bin/runsc', runtimeArgs: ['--platform=ptrace', '--network=none'] },
    kata: { runtimeType: 'io.containerd.kata.v2' },
  },
} as const;
