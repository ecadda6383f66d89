import { BlockList, isIP } from 'node:net';
import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { messages, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type Against, type DockerHere, isSince } from './objection.ts';

const why = reasons('judgePlaces', {
  networkAddress: {
    message: '{value} is the first or last address of its network, which no bridge can have',
    fix: 'write "bip": "{better}"',
  },
  gateway: { message: '{value} is not in the bridge’s network, {network}', fix: 'write an address in it' },
  noSubnet: {
    message: 'before Docker 27, ipv6 needs fixed-cidr-v6',
    fix: 'add "fixed-cidr-v6": "fd00:1::/64"',
  },
  pool: {
    message: 'a network of /{size} is larger than its pool, {base}',
    fix: 'write a size of more than {length}, such as 24',
  },
  bridge: { message: 'there is no bridge {name} on this host', fix: 'make it first, or remove the line' },
  dataRoot: {
    message: '{path} does not exist: dockerd makes it, and starts without the images and containers of now',
    fix: 'to keep them, stop Docker and copy /var/lib/docker there:  rsync -aHAX',
  },
  relative: { message: '{path} is not an absolute path, and no container starts', fix: 'begin it with /' },
  missing: { message: '{path} does not exist', fix: 'correct the path, or remove the line' },
  group: { message: 'there is no group {name}', fix: 'groupadd {name}' },
  user: { message: 'there is no user {name}', fix: 'write "default", or:  useradd {name}' },
  ids: {
    message: '{name} has no ids in /etc/subuid and /etc/subgid',
    fix: 'add a line to both, such as:  {name}:100000:65536',
  },
  plugin: {
    message: 'dockerd starts only if the plugin {name} answers; no socket or description of it was found',
    fix: 'start it first:  docker plugin enable {name}, or its service',
  },
  metrics: { message: '{value} has no port', fix: 'write "metrics-addr": "127.0.0.1:9323"' },
  flag: {
    message: 'the service of dockerd sets it by a flag too, and dockerd does not start with both',
    fix: 'take the flag out:  systemctl edit docker  (ExecStart= twice: empty, then without the flag)',
  },
  plainTcp: {
    message: 'anyone who reaches this port becomes root here, since it asks for no certificate',
    fix: 'add "tlsverify": true with tlscacert, tlscert and tlskey, or use ssh://',
  },
  gone: { message: 'Docker {release} removed this key' },
  young: {
    message: 'only Docker {release} and later know this key',
    fix: 'remove it, or install that release',
  },
});

const instead = messages('judgePlaces.instead', {
  dataRoot: 'write "data-root"',
  swarm: 'remove it; clusters are made with  docker swarm init',
  remove: 'remove it',
});

/** Keys that came or went: tried with Docker 26.1 and 28.5, and docker/cli, docs/deprecated.md. */
const removed: readonly (readonly [keyof DaemonConfig, release: number, fix: Message])[] = [
  ['graph', 23, instead.dataRoot],
  ['cluster-advertise', 23, instead.swarm],
  ['cluster-store', 23, instead.swarm],
  ['cluster-store-opts', 23, instead.swarm],
  ['oom-score-adjust', 25, instead.remove],
  ['api-cors-header', 28, instead.remove],
];
const added: readonly (readonly [keyof DaemonConfig, release: number])[] = [
  ['allow-direct-routing', 28],
  ['bip6', 28],
  ['host-gateway-ips', 28],
  ['ip-forward-no-drop', 28],
  ['apparmor-profile', 29],
  ['bridge-accept-fwmark', 29],
  ['firewall-backend', 29],
  ['min-api-version', 29],
  ['nri-opts', 29],
  ['swarm-raft-election-tick', 29],
  ['swarm-raft-heartbeat-tick', 29],
];

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (value: number) => [24, 16, 8, 0].map((shift) => (value / 2 ** shift) & 255).join('.');

/** Is the address the first or last of its IPv4 network? */
function isEdge(network: string): boolean {
  const [address = '', length = ''] = network.split('/');
  if (isIP(address) !== 4 || Number(length) > 30) return false;
  const hosts = 2 ** (32 - Number(length));
  return [0, hosts - 1].includes(toNumber(address) % hosts);
}

function firstAddress(network: string): string {
  const [address = '', length = ''] = network.split('/');
  const hosts = 2 ** (32 - Number(length));
  return `${toAddress(Math.floor(toNumber(address) / hosts) * hosts + 1)}/${length}`;
}

function isWithin(address: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const list = new BlockList();
  if (isIP(base) !== isIP(address)) return true;
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(base, Number(length), family);
  return list.check(address, family);
}

function judgeNetworks(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const { bip = '', bridge = '', 'default-gateway': gateway = '' } = config;
  const isOther = !['', 'none', 'docker0'].includes(bridge);
  return [
    [isEdge(bip), 'bip', 'unnoticed', why.networkAddress({ value: bip, better: bip && firstAddress(bip) })],
    [
      bip !== '' && gateway !== '' && !isWithin(gateway, bip),
      'default-gateway',
      'unnoticed',
      why.gateway({ value: gateway, network: bip }),
    ],
    [
      config.ipv6 === true && !config['fixed-cidr-v6'] && !(here.version !== null && isSince(here, 27)),
      'ipv6',
      'unnoticed',
      why.noSubnet,
    ],
    ...(config['default-address-pools'] ?? []).map(({ base = '', size = 0 }): Against => {
      const length = base.split('/')[1] ?? '';
      const isBad = size < Number(length);
      return [isBad, 'default-address-pools', 'unnoticed', why.pool({ size, base, length })];
    }),
    [isOther && !here.devices.has(bridge), 'bridge', 'unnoticed', why.bridge({ name: bridge })],
  ];
}

function judgeUsers(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const { group = '', 'userns-remap': remap = '' } = config;
  const [name = ''] = remap.split(':');
  const isNamed = name !== '' && name !== 'default' && !/^\d+$/.test(name);
  const isThere = here.users.has(name);
  const isGroup = group === '' || /^\d+$/.test(group) || here.groups.has(group);
  return [
    [!isGroup, 'group', 'unnoticed', why.group({ name: group })],
    [isNamed && !isThere, 'userns-remap', 'refused', why.user({ name })],
    [isNamed && isThere && !here.subordinate.has(name), 'userns-remap', 'refused', why.ids({ name })],
  ];
}

/** Paths of the file that must exist, and what follows where they do not. */
const needed = [
  ['seccomp-profile', 'unnoticed'],
  ['tlscacert', 'refused'],
  ['tlscert', 'refused'],
  ['tlskey', 'refused'],
  ['userland-proxy-path', 'refused'],
  ['containerd', 'unnoticed'],
] as const;

/** Where the sockets and descriptions of a plugin are (moby, pkg/plugins/discovery.go). */
export function pluginPlaces(name: string): readonly string[] {
  const places = [`/etc/docker/plugins/${name}`, `/usr/lib/docker/plugins/${name}`];
  return [
    `/run/docker/plugins/${name}.sock`,
    ...places.flatMap((place) => [`${place}.spec`, `${place}.json`]),
  ];
}

/** What speaks against the keys, addresses, users and paths of a file. */
export function judgePlaces(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const { 'data-root': root = '', 'metrics-addr': metrics = '', hosts = [] } = config;
  const usesTls = config.tls === true || config.tlsverify !== undefined;
  const isPlain = hosts.some((host) => !/^(unix|fd|npipe):/.test(host)) && !usesTls;
  return [
    ...removed.map(([key, release, then]): Against => {
      const isGone = config[key] !== undefined && isSince(here, release);
      return [isGone, key, 'refused', why.gone({ release, fix: then })];
    }),
    ...added.map(([key, release]): Against => {
      const isYoung = config[key] !== undefined && here.version !== null && !isSince(here, release);
      return [isYoung, key, 'refused', why.young({ release })];
    }),
    ...judgeNetworks(config, here),
    ...judgeUsers(config, here),
    ...needed.map(([key, effect]): Against => {
      const path = config[key] ?? '';
      const isNone = path === '' || path === 'builtin' || path === 'unconfined' || here.present.has(path);
      const isRead = !key.startsWith('tls') || usesTls;
      return [!isNone && isRead, key, effect, why.missing({ path })];
    }),
    ...(config['authorization-plugins'] ?? []).map((name): Against => {
      const isFound = pluginPlaces(name).some((place) => here.present.has(place));
      return [!isFound, 'authorization-plugins', 'note', why.plugin({ name })];
    }),
    [root.startsWith('/') && !here.present.has(root), 'data-root', 'note', why.dataRoot({ path: root })],
    [root !== '' && !root.startsWith('/'), 'data-root', 'no-container', why.relative({ path: root })],
    [metrics !== '' && !/:\d+$/.test(metrics), 'metrics-addr', 'unnoticed', why.metrics({ value: metrics })],
    ...(['hosts', 'containerd', 'data-root'] as const).map((key): Against => {
      return [config[key] !== undefined && here.flags.has(key), key, 'unnoticed', why.flag];
    }),
    [isPlain, 'hosts', 'note', why.plainTcp],
  ];
}
