import type { Section } from './row.ts';

const sameFile = (source: string) => ({ source, effect: 'ok' }) as const;

/** Storage, logs, networks and the daemon itself. */
export const daemonSections: readonly Section[] = [
  {
    title: ['Storage', 'Stockage'],
    rows: [
      {
        line: '"storage-driver": "overlay2"',
        right: 'yes',
        today: ['It is the default.', 'C’est la valeur par défaut.'],
        file: sameFile('{"storage-driver":"overlay2"}'),
      },
      {
        line: '"storage-opts": ["overlay2.override_kernel_check=true"]',
        right: 'no',
        today: [
          'dockerd does not start: unknown option. `dockerd --validate` says OK. Docker 20 started with it.',
          'dockerd ne démarre pas : option inconnue. `dockerd --validate` dit OK. Docker 20 démarrait avec.',
        ],
        instead: ['Remove the line.', 'Supprimer la ligne.'],
        file: {
          source: '{"storage-driver":"overlay2","storage-opts":["overlay2.override_kernel_check=true"]}',
          effect: 'unnoticed',
        },
      },
      {
        line: '"storage-driver": "devicemapper" · "aufs"',
        right: 'no',
        today: [
          'dockerd does not start: both drivers were removed.',
          'dockerd ne démarre pas : ces deux pilotes sont supprimés.',
        ],
        instead: ['`"overlay2"`', '`"overlay2"`'],
        file: { source: '{"storage-driver":"devicemapper"}', effect: 'unnoticed' },
      },
      {
        line: '"data-root": "/data/docker"',
        right: 'changed',
        today: [
          'dockerd makes the directory, and the images and containers of before are not in it.',
          'dockerd crée le répertoire ; les images et conteneurs d’avant n’y sont pas.',
        ],
        instead: [
          'First stop Docker and copy: `rsync -aHAX /var/lib/docker/ /data/docker/`',
          'Arrêter d’abord Docker et copier : `rsync -aHAX /var/lib/docker/ /data/docker/`',
        ],
        file: { source: '{"data-root":"/data/docker"}', effect: 'note' },
      },
      {
        line: 'docker run --storage-opt size=10G …',
        right: 'changed',
        today: [
          'Refused on ext4: overlay2 limits a size only on XFS with `pquota`.',
          'Refusé sur ext4 : overlay2 ne limite la taille que sur XFS avec `pquota`.',
        ],
        instead: ['Put `data-root` on such an XFS.', 'Placer `data-root` sur un tel XFS.'],
        steps: [
          'docker run --rm --network none --storage-opt size=10G image /bin/uname',
          /only for overlay over xfs with 'pquota'/,
        ],
      },
    ],
  },
  {
    title: ['Logs', 'Journaux'],
    rows: [
      {
        line: '"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3", "compress": "true"}',
        right: 'yes',
        today: [
          'Starts. Containers that exist keep their own options.',
          'Démarre. Les conteneurs existants gardent leurs options.',
        ],
        file: sameFile(
          '{"log-driver":"json-file","log-opts":{"max-size":"10m","max-file":"3","compress":"true"}}',
        ),
      },
      {
        line: '"log-opts": {"max-file": 3}',
        right: 'no',
        today: [
          'dockerd does not start: a number where text must be.',
          'dockerd ne démarre pas : un nombre à la place d’un texte.',
        ],
        instead: ['`"max-file": "3"`', '`"max-file": "3"`'],
        file: {
          source: '{"log-driver":"json-file","log-opts":{"max-size":"10m","max-file":3}}',
          effect: 'parser',
        },
      },
      {
        line: '"log-driver": "journald", "log-opts": {"tag": "{{.Name}}"}',
        right: 'changed',
        today: [
          'Fine under systemd. Without its journal no container starts.',
          'Convient sous systemd. Sans son journal, aucun conteneur ne démarre.',
        ],
        instead: ['Elsewhere: `"local"`', 'Ailleurs : `"local"`'],
        file: {
          source: '{"log-driver":"journald","log-opts":{"tag":"{{.Name}}"}}',
          effect: 'no-container',
        },
      },
      {
        line: '"debug": true, "log-level": "info"',
        right: 'changed',
        today: [
          'Starts; `debug` wins, and the log grows fast.',
          'Démarre ; `debug` l’emporte, et le journal grossit vite.',
        ],
        instead: ['In production: `"debug": false`', 'En production : `"debug": false`'],
        file: sameFile('{"debug":true,"log-level":"info"}'),
      },
    ],
  },
  {
    title: ['Network', 'Réseau'],
    rows: [
      {
        line: '"default-address-pools": [{"base": "172.80.0.0/16", "size": 24}]',
        right: 'changed',
        today: [
          'Starts; but 172.80.0.0/16 is public: only 172.16 to 172.31 are private.',
          'Démarre ; mais 172.80.0.0/16 est public : seuls 172.16 à 172.31 sont privés.',
        ],
        instead: ['`"base": "10.201.0.0/16"`', '`"base": "10.201.0.0/16"`'],
        file: sameFile('{"default-address-pools":[{"base":"172.80.0.0/16","size":24}]}'),
      },
      {
        line: '"bip": "172.26.0.0/16"',
        right: 'no',
        today: [
          'dockerd does not start: this is the network’s own address. `--validate` says OK.',
          'dockerd ne démarre pas : c’est l’adresse du réseau lui-même. `--validate` dit OK.',
        ],
        instead: ['`"bip": "172.26.0.1/16"`', '`"bip": "172.26.0.1/16"`'],
        file: { source: '{"bip":"172.26.0.0/16"}', effect: 'unnoticed' },
      },
      {
        line: '"ipv6": true',
        right: 'changed',
        today: [
          'Docker 26 does not start without `fixed-cidr-v6`, and `--validate` says OK; 28 starts.',
          'Docker 26 ne démarre pas sans `fixed-cidr-v6`, et `--validate` dit OK ; 28 démarre.',
        ],
        instead: ['Add `"fixed-cidr-v6": "fd00::/64"`.', 'Ajouter `"fixed-cidr-v6": "fd00::/64"`.'],
        file: { source: '{"ipv6":true}', effect: 'unnoticed', effect28: 'ok' },
      },
      {
        line: '"icc": false',
        right: 'yes',
        today: [
          'Containers of the default bridge cannot reach each other; those of a network of their own can.',
          'Les conteneurs du pont par défaut ne se joignent plus ; ceux d’un réseau à eux, si.',
        ],
        file: sameFile('{"icc":false}'),
      },
      {
        line: '"userland-proxy": false',
        right: 'yes',
        today: [
          'Published ports go through the packet filter alone.',
          'Les ports publiés passent par le seul filtre de paquets.',
        ],
        file: sameFile('{"userland-proxy":false}'),
      },
      {
        line: '"dns": ["8.8.8.8", "8.8.4.4"]',
        right: 'yes',
        today: [
          'Starts; a network that closes port 53 needs its own servers.',
          'Démarre ; un réseau qui ferme le port 53 demande ses propres serveurs.',
        ],
        file: sameFile('{"dns":["8.8.8.8","8.8.4.4"]}'),
      },
    ],
  },
  {
    title: ['The daemon', 'Le démon'],
    rows: [
      {
        line: '"live-restore": true',
        right: 'yes',
        today: [
          'Containers go on while dockerd restarts. Swarm refuses it.',
          'Les conteneurs continuent pendant un redémarrage de dockerd. Swarm le refuse.',
        ],
        file: sameFile('{"live-restore":true}'),
      },
      {
        line: '"exec-opts": ["native.cgroupdriver=systemd"]',
        right: 'changed',
        today: [
          'Fine under systemd, where cgroup v2 has it as default. Without systemd no container starts.',
          'Convient sous systemd, et par défaut avec cgroup v2. Sans systemd, aucun conteneur ne démarre.',
        ],
        instead: ['Without systemd: remove the line.', 'Sans systemd : supprimer la ligne.'],
        file: { source: '{"exec-opts":["native.cgroupdriver=systemd"]}', effect: 'no-container' },
      },
      {
        line: '"metrics-addr": "127.0.0.1:9323", "experimental": true',
        right: 'changed',
        today: [
          'Starts, and the figures come without `experimental` too.',
          'Démarre ; les chiffres viennent aussi sans `experimental`.',
        ],
        instead: ['`"metrics-addr": "127.0.0.1:9323"`', '`"metrics-addr": "127.0.0.1:9323"`'],
        file: sameFile('{"experimental":true,"metrics-addr":"127.0.0.1:9323"}'),
        // The daemon of the commands is not experimental.
        steps: [
          `bash -c 'exec 3<>/dev/tcp/127.0.0.1/9323; printf "GET /metrics HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`,
          /^engine_daemon_/m,
        ],
      },
      {
        line: '"metrics-addr": "0.0.0.0:9323"',
        right: 'changed',
        today: [
          'Starts, and the whole network reads the figures.',
          'Démarre, et tout le réseau lit les chiffres.',
        ],
        instead: ['`"127.0.0.1:9323"`', '`"127.0.0.1:9323"`'],
        file: sameFile('{"metrics-addr":"0.0.0.0:9323"}'),
      },
      {
        line: '"max-concurrent-downloads": 10, "max-concurrent-uploads": 5',
        right: 'yes',
        today: ['Starts; the defaults are 3 and 5.', 'Démarre ; par défaut 3 et 5.'],
        file: sameFile('{"max-concurrent-downloads":10,"max-concurrent-uploads":5}'),
      },
      {
        line: '"registry-mirrors": ["https://mirror.example.org"]',
        right: 'yes',
        today: [
          'Starts, whether the mirror answers or not; it serves Docker Hub alone.',
          'Démarre, que le miroir réponde ou non ; il ne sert que Docker Hub.',
        ],
        file: sameFile('{"registry-mirrors":["https://mirror.example.org"]}'),
      },
      {
        line: '"features": {"buildkit": true}',
        right: 'changed',
        today: ['Starts; it is the default since 23.', 'Démarre ; c’est le défaut depuis 23.'],
        instead: ['Remove the line.', 'Supprimer la ligne.'],
        file: sameFile('{"features":{"buildkit":true}}'),
      },
      {
        line: 'sudo systemctl restart docker',
        right: 'changed',
        today: [
          'Stops all containers, unless `live-restore` is on; a file that is wrong leaves no Docker.',
          'Arrête tous les conteneurs, sauf avec `live-restore` ; un fichier faux ne laisse plus de Docker.',
        ],
        instead: [
          'First: `ocibench runtimes explain FILE`. For runtimes alone: `systemctl reload docker`',
          'D’abord : `ocibench runtimes explain FICHIER`. Pour des runtimes seuls : `systemctl reload docker`',
        ],
        untried: ['the private machine has no systemd', 'la machine privée n’a pas systemd'],
      },
    ],
  },
];
