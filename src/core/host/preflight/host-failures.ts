import { reasons } from '../../messages/define.ts';
import { type FailureRule, restartHint } from '../../runtimes/failure-rule.ts';

const text = reasons('preflight', {
  cgroupControllerMissing: {
    message: 'the cgroup controller {controller} is not available to containers',
    fix: 'enable it:  echo +{controller} > /sys/fs/cgroup/cgroup.subtree_control ; if /sys/fs/cgroup/cgroup.controllers does not list it, v1 holds it: boot with systemd.unified_cgroup_hierarchy=1 and without cgroup_disable=',
  },
  systemdBusMissing: {
    message: 'the systemd cgroup driver needs D-Bus and a running systemd, and none answers',
    fix: 'apt-get install dbus && systemctl start dbus; or "exec-opts": ["native.cgroupdriver=cgroupfs"] in {file}; {restart}',
  },
  rlimit: {
    message:
      'the daemon gives containers a limit (default-ulimits{limit}) above its own hard limit, and may not raise it',
    fix: 'lower "default-ulimits"{limit} in {file} to the daemon\'s own limit (prlimit --pid "$(pidof dockerd)"), or raise that one (LimitNOFILE= and the like in docker.service); {restart}',
  },
});

/** Resource limits by number, those commonly set by `default-ulimits`. */
const limitNames: Readonly<Record<string, string>> = {
  3: 'stack',
  4: 'core',
  6: 'nproc',
  7: 'nofile',
  8: 'memlock',
};

/** `.nofile`; empty for an unknown limit. */
function limitName(number: string, name: string): string {
  const known = name === '' ? limitNames[number] : name.toLowerCase();
  return known === undefined ? '' : `.${known}`;
}

/** Failures of the host's cgroups and of the daemon's settings. Order matters: the first match counts. */
export const hostFailures: readonly FailureRule[] = [
  {
    code: 'cgroup-controller-missing',
    match:
      /controller `(\w+)` is not available|mandatory cgroup controller "(\w+)" is missing|(NanoCPUs) can not be set/,
    explain: ([crun = '', runsc = '']) =>
      text.cgroupControllerMissing({ controller: crun || runsc || 'cpu' }),
  },
  {
    code: 'systemd-bus-missing',
    match: /cannot open sd-bus|system_bus_socket|\/run\/systemd\/private: (?:connect|no such)/,
    explain: (_, context) => text.systemdBusMissing({ file: context.file, restart: restartHint(context) }),
  },
  {
    // runc names the limit by number (asm-generic/resource.h), crun by name.
    code: 'rlimit',
    match: /error setting rlimit type (\d+)|setrlimit `?RLIMIT_(\w+)/,
    explain: ([number = '', name = ''], context) =>
      text.rlimit({
        limit: limitName(number, name),
        file: context.file,
        restart: restartHint(context),
      }),
  },
];
