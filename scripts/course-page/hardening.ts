import type { Section } from './row.ts';

/** Hardening of the daemon, and TLS. */
export const hardeningSections: readonly Section[] = [
  {
    title: ['Hardening of the daemon', 'Durcissement du démon'],
    rows: [
      {
        line: '"no-new-privileges": true',
        right: 'yes',
        today: [
          'New containers gain no rights by setuid programs: `sudo` and `ping` in them may fail.',
          'Dans les nouveaux conteneurs, setuid ne donne plus de droits : `sudo`, `ping` peuvent échouer.',
        ],
        file: { source: '{"no-new-privileges":true}', effect: 'ok' },
      },
      {
        line: '"selinux-enabled": true',
        right: 'changed',
        today: [
          'Does nothing on a kernel without SELinux, as on Debian and Ubuntu.',
          'Ne fait rien sur un noyau sans SELinux, comme sous Debian et Ubuntu.',
        ],
        instead: ['Only on Fedora, RHEL and the like.', 'Seulement sous Fedora, RHEL et apparentés.'],
        file: { source: '{"selinux-enabled":true}', effect: 'ignored' },
      },
      {
        line: '"default-ulimits": {"nofile": {"Hard": 64000, "Soft": 64000}}',
        right: 'no',
        today: [
          'dockerd starts, and no container does: `wrong rlimit value: RLIMIT_`.',
          'dockerd démarre, mais aucun conteneur : `wrong rlimit value: RLIMIT_`.',
        ],
        instead: ['Add `"Name": "nofile"`.', 'Ajouter `"Name": "nofile"`.'],
        file: {
          source: '{"default-ulimits":{"nofile":{"Hard":16000,"Soft":16000}}}',
          effect: 'no-container',
        },
      },
      {
        line: '"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 64000, "Soft": 64000}}',
        right: 'changed',
        today: [
          'Fine where dockerd’s own limit is as high; else no container starts.',
          'Convient si la limite de dockerd est aussi haute ; sinon aucun conteneur ne démarre.',
        ],
        instead: [
          'At most `Max open files` of `/proc/$(pidof dockerd)/limits`, or raise `LimitNOFILE=`.',
          'Au plus `Max open files` de `/proc/$(pidof dockerd)/limits`, ou relever `LimitNOFILE=`.',
        ],
        file: {
          source: '{"default-ulimits":{"nofile":{"Name":"nofile","Hard":64000,"Soft":64000}}}',
          effect: 'no-container',
          ofHost: true,
        },
      },
      {
        line: '"nproc": {"Name": "nproc", "Hard": 4096, "Soft": 2048}',
        right: 'changed',
        today: [
          'Starts; counts all processes of that user on the host, over all containers.',
          'Démarre ; compte tous les processus de cet utilisateur sur l’hôte, tous conteneurs réunis.',
        ],
        instead: ['`docker run --pids-limit 100`', '`docker run --pids-limit 100`'],
        file: {
          source: '{"default-ulimits":{"nproc":{"Name":"nproc","Hard":4096,"Soft":2048}}}',
          effect: 'ok',
        },
      },
      {
        line: '"userns-remap": "default"',
        right: 'yes',
        today: [
          'Root in containers is an unprivileged user of the host. Images of before are hidden, not lost.',
          'Root du conteneur est un utilisateur ordinaire de l’hôte. Les images d’avant sont cachées, pas perdues.',
        ],
        file: { source: '{"userns-remap":"default"}', effect: 'ok' },
      },
      {
        line: '"userns-remap": "dockremap"',
        right: 'changed',
        today: [
          'dockerd does not start while there is no such user; only `default` makes it.',
          'dockerd ne démarre pas tant que cet utilisateur n’existe pas ; seul `default` le crée.',
        ],
        instead: [
          '`"default"`, or a user with lines in /etc/subuid and /etc/subgid.',
          '`"default"`, ou un utilisateur avec ses lignes dans /etc/subuid et /etc/subgid.',
        ],
        file: { source: '{"userns-remap":"dockremap"}', effect: 'refused' },
      },
      {
        line: 'docker run --userns=host …',
        right: 'yes',
        today: ['That container is not remapped.', 'Ce conteneur n’est pas remappé.'],
        steps: [
          `dockerd --userns-remap default --data-root /tmp/u --exec-root /tmp/ux --pidfile /tmp/u.pid --bridge none --iptables=false --cgroup-parent /ocibench-explain -H unix:///tmp/u.sock >/dev/null 2>&1 &
server=$!
sleep 5
export DOCKER_HOST=unix:///tmp/u.sock
tar -c -C /etc/image . | docker import - image >/dev/null
for usual in "" --userns=host; do docker run --rm --network none $usual image /bin/cat /proc/self/uid_map; done
kill $server; wait $server`,
          /^ +0 +[1-9]\d+ +\d+\n +0 +0 /m,
        ],
      },
      {
        line: '"seccomp-profile": "/etc/docker/seccomp-custom.json"',
        right: 'changed',
        today: [
          'Without that file dockerd does not start; `--validate` says OK.',
          'Sans ce fichier, dockerd ne démarre pas ; `--validate` dit OK.',
        ],
        instead: ['Make the file first.', 'Créer d’abord le fichier.'],
        file: { source: '{"seccomp-profile":"/etc/docker/seccomp-custom.json"}', effect: 'unnoticed' },
      },
      {
        line: '"authorization-plugins": ["authz-broker"]',
        right: 'changed',
        today: [
          'dockerd does not start while the plugin does not answer.',
          'dockerd ne démarre pas tant que le greffon ne répond pas.',
        ],
        instead: ['Start the plugin first.', 'Lancer d’abord le greffon.'],
        steps: [
          'echo \'{"authorization-plugins":["authz-broker"]}\' >/tmp/a.json; timeout 25 dockerd --config-file /tmp/a.json --data-root /tmp/a --exec-root /tmp/ax --pidfile /tmp/a.pid --bridge none --iptables=false -H unix:///tmp/a.sock',
          /plugin "authz-broker" not found/,
        ],
      },
      {
        line: '"apparmor-profile": "docker-default"',
        right: 'no',
        today: [
          'dockerd does not start: daemon.json has no such key.',
          'dockerd ne démarre pas : daemon.json n’a pas cette clé.',
        ],
        instead: [
          'Remove it: docker-default is the default where the kernel has AppArmor.',
          'Supprimer : docker-default est le défaut si le noyau a AppArmor.',
        ],
        file: { source: '{"apparmor-profile":"docker-default"}', effect: 'refused' },
      },
    ],
  },
  {
    title: ['TLS', 'TLS'],
    rows: [
      {
        line: '"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"]',
        right: 'no',
        today: [
          'Beside `dockerd -H fd://` of the service, dockerd does not start. Alone, without TLS, whoever reaches it is root.',
          'À côté du `dockerd -H fd://` du service, dockerd ne démarre pas. Seul et sans TLS, qui l’atteint est root.',
        ],
        instead: [
          '`systemctl edit docker`: an empty `ExecStart=`, then `ExecStart=/usr/sbin/dockerd` without `-H`; add TLS.',
          '`systemctl edit docker` : un `ExecStart=` vide, puis `ExecStart=/usr/sbin/dockerd` sans `-H` ; ajouter TLS.',
        ],
        file: {
          source: '{"hosts":["unix:///var/run/docker.sock","tcp://0.0.0.0:2376"]}',
          effect: 'note',
        },
        steps: [
          'echo \'{"hosts":["unix:///tmp/h.sock"]}\' >/tmp/h.json; timeout 20 dockerd -H unix:///tmp/i.sock --config-file /tmp/h.json',
          /specified both as a flag and in the configuration file: hosts/,
        ],
      },
      {
        line: 'ExecStart=/usr/bin/dockerd',
        right: 'changed',
        today: [
          'Fine with Docker’s own packages; Debian’s `docker.io` has it in /usr/sbin.',
          'Convient avec les paquets de Docker ; celui de Debian, `docker.io`, l’a dans /usr/sbin.',
        ],
        instead: ['The path of `command -v dockerd`.', 'Le chemin de `command -v dockerd`.'],
        steps: ['ls /usr/bin/dockerd', /cannot access/],
      },
      {
        line: '"tls": true, "tlsverify": true, "tlscacert": …, "tlscert": …, "tlskey": …',
        right: 'yes',
        today: [
          'Starts if the three files are there, else not. `tlsverify` alone suffices.',
          'Démarre si les trois fichiers existent, sinon non. `tlsverify` seul suffit.',
        ],
        file: {
          source:
            '{"hosts":["unix:///var/run/docker.sock","tcp://0.0.0.0:2376"],"tls":true,"tlsverify":true,"tlscacert":"/etc/docker/certs/ca.pem","tlscert":"/etc/docker/certs/server-cert.pem","tlskey":"/etc/docker/certs/server-key.pem"}',
          effect: 'refused',
        },
      },
      {
        line: 'openssl … -subj "/CN=$HOST"',
        right: 'no',
        today: [
          'The client refuses a server certificate that has no subjectAltName.',
          'Le client refuse un certificat de serveur sans subjectAltName.',
        ],
        instead: [
          'Sign with `-extfile`: `subjectAltName=DNS:$HOST,IP:127.0.0.1` and `extendedKeyUsage=serverAuth`',
          'Signer avec `-extfile` : `subjectAltName=DNS:$HOST,IP:127.0.0.1` et `extendedKeyUsage=serverAuth`',
        ],
        steps: [
          `mkdir /tmp/tls; cd /tmp/tls
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -subj /CN=ca 2>/dev/null
sign() { openssl req -newkey rsa:2048 -nodes -keyout "$1-key.pem" -out "$1.csr" -subj /CN=localhost 2>/dev/null
  echo "$2" >extra; openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile extra -out "$1.pem" 2>/dev/null; }
sign name extendedKeyUsage=serverAuth
sign full 'subjectAltName=DNS:localhost,IP:127.0.0.1'
sign client extendedKeyUsage=clientAuth
for kind in name full; do
  dockerd --data-root "/tmp/tls/$kind" --exec-root "/tmp/tls/x$kind" --pidfile "/tmp/tls/$kind.pid" --bridge none --iptables=false \\
    -H tcp://127.0.0.1:2376 --tlsverify --tlscacert ca.pem --tlscert "$kind.pem" --tlskey "$kind-key.pem" >/dev/null 2>&1 &
  server=$!
  sleep 4
  docker --tlsverify --tlscacert ca.pem --tlscert client.pem --tlskey client-key.pem -H tcp://localhost:2376 version --format "$kind {{.Server.Version}}"
  kill $server; wait $server
done`,
          /relies on legacy Common Name field[\s\S]*full 2\d\./,
        ],
      },
      {
        line: 'docker --tlsverify --tlscacert=ca.pem --tlscert=cert.pem --tlskey=key.pem -H tcp://HOST:2376 version',
        right: 'yes',
        today: [
          'Answers (tried with the row above). For two machines `ssh://` is simpler.',
          'Répond (essayé avec la ligne précédente). Entre deux machines, `ssh://` est plus simple.',
        ],
      },
    ],
  },
];
