import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDaemonJson } from '../../../src/core/config/daemon-json.ts';
import { daemonKeys } from '../../../src/core/config/daemon-keys.ts';

const dockerd = spawnSync('dockerd', ['--version']).error === undefined;
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ocibench-oracle-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * `dockerd --validate` adds the user of `userns-remap` to /etc of the host, where root calls it. It gets a copy of /etc.
 */
const apart = [
  'mount -t tmpfs tmpfs "$1" && mkdir "$1/upper" "$1/work" &&',
  'mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc &&',
  'exec dockerd --validate --config-file "$2"',
].join(' ');

/** What `dockerd --validate` says: null when it is content. */
function oracle(text: string): string | null {
  const file = join(directory, 'daemon.json');
  writeFileSync(file, text);
  const copy = join(directory, 'etc');
  mkdirSync(copy, { recursive: true });
  const { status, stderr } =
    process.getuid?.() === 0
      ? spawnSync('unshare', ['--mount', 'sh', '-c', apart, 'sh', copy, file], { encoding: 'utf8' })
      : spawnSync('dockerd', ['--validate', '--config-file', file], { encoding: 'utf8' });
  return status === 0 ? null : stderr;
}

const accepted: readonly string[] = [
  '{}',
  '\uFEFF{"debug": true}',
  '{"debug": null, "runtimes": null}',
  '{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"}}',
  '{"exec-opts": ["native.cgroupdriver=systemd"], "cgroup-parent": "docker.slice"}',
  '{"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 64000, "Soft": 64000}}}',
  '{"default-address-pools": [{"base": "172.30.0.0/16", "size": 24}, {"base": "172.31.0.0/16", "size": 24}]}',
  '{"features": {"containerd-snapshotter": true, "buildkit": true}}',
  '{"builder": {"gc": {"enabled": true, "defaultKeepStorage": "10GB", "policy": [{"keepStorage": "10GB", "filter": ["unused-for=2200h"]}]}}}',
  '{"proxies": {"http-proxy": "http://proxy:3128", "no-proxy": "*.test.example.com,.example.org"}}',
  '{"http-proxy": "http://proxy:3128"}',
  '{"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376", "fd://", "127.0.0.1:2375"]}',
  '{"default-shm-size": "64M", "dns": ["8.8.8.8", "2001:4860:4860::8888"], "dns-search": ["example.org"]}',
  '{"bip": "", "bridge": "", "fixed-cidr": "", "default-gateway": "", "ip": "0.0.0.0", "log-level": "", "log-format": "", "default-ipc-mode": "", "default-cgroupns-mode": ""}',
  '{"node-generic-resources": ["NVIDIA-GPU=UUID1", "NVIDIA-GPU=UUID2"], "labels": ["a=b", "c=d"]}',
  '{"default-network-opts": {"bridge": {"com.docker.network.driver.mtu": "1234"}}}',
  '{"default-runtime": "runc", "runtimes": {"nvidia": {"args": [], "path": "nvidia-container-runtime"}}}',
  '{"runtimes": {"a": {"Path": "/usr/bin/crun", "RUNTIMEARGS": ["--log-level=debug"]}}}',
  '{"runtimes": {"kata": {"runtimeType": "io.containerd.kata.v2", "options": {"ConfigPath": "/etc/kata/a.toml"}}}}',
  '{"runtimes": {"kata-runtime": {"path": "/usr/bin/kata-runtime"}}, "default-runtime": "kata-runtime"}',
  '{"default-runtime": "io.containerd.kata.v2"}',
  '{"label": ["a=b"], "storage-opt": []}',
  '{"live-restore": true, "userland-proxy": false, "icc": false, "no-new-privileges": true, "shutdown-timeout": 15}',
  '{"userns-remap": "default", "init": true, "max-concurrent-downloads": 0, "mtu": 0, "log-level": "WARN"}',
  '{"insecure-registries": ["10.0.0.0/8", "registry:5000"], "registry-mirrors": ["https://mirror.gcr.io"]}',
];

const refused: readonly (readonly [text: string, key: string])[] = [
  ['{"debug": true,}', ''],
  ['{"debug" true}', ''],
  ['{"debug": true', ''],
  ['// words\n{}', ''],
  ["{'debug': true}", ''],
  ['[]', ''],
  ['"text"', ''],
  ['{"Debug": true}', 'Debug'],
  ['{"runtime": {"runsc": {"path": "/usr/bin/runsc"}}}', 'runtime'],
  ['{"debug": "yes"}', 'debug'],
  ['{"debug": ""}', 'debug'],
  ['{"log-opts": {"max-file": 3}}', 'log-opts.max-file'],
  ['{"log-level": "loud"}', 'log-level'],
  ['{"log-format": "xml"}', 'log-format'],
  ['{"mtu": "1500"}', 'mtu'],
  ['{"mtu": 1500.5}', 'mtu'],
  ['{"mtu": -5}', 'mtu'],
  ['{"max-concurrent-downloads": -1}', 'max-concurrent-downloads'],
  ['{"default-shm-size": 67108864}', 'default-shm-size'],
  ['{"default-shm-size": "zz"}', 'default-shm-size'],
  ['{"dns": ["zz"]}', 'dns.0'],
  ['{"dns": "8.8.8.8"}', 'dns'],
  ['{"ip": "zz"}', 'ip'],
  ['{"default-gateway": "zz"}', 'default-gateway'],
  ['{"labels": ["a"]}', 'labels.0'],
  ['{"labels": ["a=b", "a=c"]}', 'labels.1'],
  ['{"hosts": ["foo://x"]}', 'hosts.0'],
  ['{"default-ulimits": {"nofile": 5}}', 'default-ulimits.nofile'],
  ['{"default-address-pools": [{"base": "10.0.0.0/8", "size": "24"}]}', 'default-address-pools.0.size'],
  ['{"features": {"buildkit": "true"}}', 'features.buildkit'],
  ['{"proxies": {"foo": "x"}}', 'proxies.foo'],
  ['{"builder": {"gc": {"enabled": "true"}}}', 'builder.gc.enabled'],
  ['{"node-generic-resources": ["GPU"]}', 'node-generic-resources.0'],
  ['{"default-cgroupns-mode": "x"}', 'default-cgroupns-mode'],
  ['{"default-ipc-mode": "x"}', 'default-ipc-mode'],
  ['{"tls": true}', 'tls'],
  ['{"tlsverify": true}', 'tlsverify'],
  ['{"runtimes": ["a"]}', 'runtimes'],
  ['{"runtimes": {"a": "b"}}', 'runtimes.a'],
  ['{"runtimes": {"a": {"path": "runsc", "runtimeArgs": "x"}}}', 'runtimes.a.runtimeArgs'],
  ['{"runtimes": {"a": {"path": "runsc", "runtimeArgs": [1]}}}', 'runtimes.a.runtimeArgs.0'],
  ['{"runtimes": {"a": {"runtimeType": "io.containerd.kata.v2", "options": []}}}', 'runtimes.a.options'],
];

describe.runIf(dockerd)('daemon.json beside dockerd --validate', () => {
  it.each(accepted.map((text) => [text]))('accepts what dockerd accepts: %s', (text) => {
    expect(oracle(text)).toBeNull();
    const ours = parseDaemonJson(text, 'daemon.json');
    expect(ours.ok ? [] : ours.problems).toEqual([]);
  });

  it.each(refused)('refuses what dockerd refuses: %s', (text, key) => {
    expect(oracle(text)).not.toBeNull();
    const ours = parseDaemonJson(text, 'daemon.json');
    expect(ours.ok).toBe(false);
    expect(ours.ok ? [] : ours.problems.map((problem) => problem.key)).toContain(key);
  });

  it('leaves the users of the host alone', () => {
    const before = readFileSync('/etc/passwd', 'utf8');
    oracle('{"userns-remap": "default"}');
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
  });

  it('knows every key of this dockerd', () => {
    const flags = execFileSync('dockerd', ['--help'], { encoding: 'utf8' });
    const names = [...flags.matchAll(/^ +(?:-\w, +)?--([\w-]+)/gm)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(50);
    const notForFiles = ['help', 'version', 'config-file'];
    const unknown = names.filter((name) => {
      if (notForFiles.includes(name)) return false;
      const ours = parseDaemonJson(JSON.stringify({ [name]: null }), 'daemon.json');
      return !ours.ok;
    });
    expect(unknown).toEqual([]);
  });

  it('lists no key that no dockerd has', () => {
    // Keys that came or went with other releases than the installed one may be missing from it; others may not.
    const otherReleases = [
      'allow-direct-routing',
      'allow-nondistributable-artifacts',
      'api-cors-header',
      'apparmor-profile',
      'bip6',
      'bridge-accept-fwmark',
      'cluster-advertise',
      'cluster-store',
      'cluster-store-opts',
      'deprecated-key-path',
      'firewall-backend',
      'graph',
      'host-gateway-ip',
      'host-gateway-ips',
      'ip-forward-no-drop',
      'min-api-version',
      'nri-opts',
      'oom-score-adjust',
      'swarm-raft-election-tick',
      'swarm-raft-heartbeat-tick',
    ];
    const text = JSON.stringify(
      Object.fromEntries(Object.keys(daemonKeys).map((key) => [key, key === 'proxies' ? {} : null])),
    );
    const unknown =
      /don't match any configuration option: (.*)/.exec(oracle(text) ?? '')?.[1]?.split(', ') ?? [];
    expect(unknown.filter((key) => !otherReleases.includes(key))).toEqual([]);
  });
});
