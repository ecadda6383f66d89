import type { Section } from './row.ts';
import { noKvm } from './runtimes.ts';

/** Prepares `ctr` for the engine of the machine, with its image. */
const ctr = `store=/run/docker/containerd/containerd.sock
docker save image | ctr -a $store image import - >/dev/null 2>&1
run() { timeout 30 ctr -a $store run --rm "$@" 2>&1; }
`;
const image = 'docker.io/library/image:latest';
/** What containerd makes of a config.toml. */
const dump = (source: string) => `cat >/tmp/config.toml <<'END'
${source}
END
containerd --config /tmp/config.toml config dump 2>&1`;

/** Runtimes of containerd, runc by hand, the audit and the exercise. */
export const byHandSections: readonly Section[] = [
  {
    title: ['containerd and runc by hand', 'containerd et runc à la main'],
    rows: [
      {
        line: '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]',
        right: 'changed',
        today: [
          'Version 2, for Kubernetes; Docker never reads it. containerd 1.7 takes it as it is, 2.1 converts it at each start.',
          'Version 2, pour Kubernetes ; Docker ne le lit jamais. containerd 1.7 le prend tel quel, 2.1 le convertit à chaque démarrage.',
        ],
        instead: ['containerd 2: `containerd config migrate`', 'containerd 2 : `containerd config migrate`'],
        steps: [
          dump(
            'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n  runtime_type = "io.containerd.runsc.v1"',
          ),
          /io\.containerd\.grpc\.v1\.cri"\.containerd\.runtimes\.runsc\]/,
          /io\.containerd\.cri\.v1\.runtime'\.containerd\.runtimes\.runsc\]/,
        ],
      },
      {
        line: '[plugins.cri.containerd.runtimes.runsc]',
        right: 'no',
        today: [
          'Version 1: containerd 1.7 converts it; 2.1 ignores the entry with a warning in its log.',
          'Version 1 : containerd 1.7 le convertit ; 2.1 ignore l’entrée, avec un avertissement dans son journal.',
        ],
        instead: ['Begin with `version = 2`, as above.', 'Commencer par `version = 2`, comme ci-dessus.'],
        steps: [
          dump('[plugins.cri.containerd.runtimes.runsc]\n  runtime_type = "io.containerd.runsc.v1"'),
          /containerd\.runtimes\.runsc\]/,
          /Ignoring unknown key in TOML/,
        ],
      },
      {
        line: '[…runtimes.runc.options] SystemdCgroup = true',
        right: 'yes',
        today: [
          'For Kubernetes. For Docker it is `native.cgroupdriver=systemd`.',
          'Pour Kubernetes. Pour Docker, c’est `native.cgroupdriver=systemd`.',
        ],
        steps: [
          dump(
            'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true',
          ),
          /SystemdCgroup = true/,
        ],
      },
      {
        line: 'containerd config default > /etc/containerd/config.toml',
        right: 'yes',
        today: [
          'containerd 1.7 writes `version = 2`, 2.1 writes `version = 3`: not for each other.',
          'containerd 1.7 écrit `version = 2`, 2.1 écrit `version = 3` : pas l’un pour l’autre.',
        ],
        steps: ['containerd config default', /^version = 2$/m, /^version = 3$/m],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runc.v2 IMAGE NAME uname',
        right: 'yes',
        today: [
          'Works, without a network; Docker’s images are not there: `ctr image pull` first.',
          'Fonctionne, sans réseau ; les images de Docker n’y sont pas : `ctr image pull` d’abord.',
        ],
        steps: [`${ctr}run --runtime io.containerd.runc.v2 ${image} first /bin/uname`, /^Linux$/m],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runtime.v1.linux IMAGE NAME uname',
        right: 'no',
        today: ['containerd 1.7 warns; 2.1 no longer has it.', 'containerd 1.7 avertit ; 2.1 ne l’a plus.'],
        instead: ['`io.containerd.runc.v2`', '`io.containerd.runc.v2`'],
        steps: [
          `${ctr}run --runtime io.containerd.runtime.v1.linux ${image} second /bin/uname`,
          /^Linux$/m,
          /binary not installed/,
        ],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.runsc.v1 IMAGE NAME uname',
        right: 'changed',
        today: ['Needs the shim, as above.', 'Demande le shim, comme ci-dessus.'],
        instead: ['Install gVisor from its own repository.', 'Installer gVisor depuis son propre dépôt.'],
        steps: [
          `${ctr}run --runtime io.containerd.runsc.v1 ${image} third /bin/uname`,
          /binary not installed "containerd-shim-runsc-v1"/,
        ],
      },
      {
        line: 'ctr run --rm --runtime io.containerd.kata.v2 IMAGE NAME uname',
        right: 'yes',
        today: ['Needs Kata’s shim and KVM.', 'Demande le shim de Kata et KVM.'],
        untried: noKvm,
      },
      {
        line: 'ctr run --rm --runc-binary /usr/bin/crun IMAGE NAME uname',
        right: 'yes',
        today: ['Works: crun under runc’s shim.', 'Fonctionne : crun sous le shim de runc.'],
        steps: [`${ctr}run --runc-binary /usr/bin/crun ${image} fourth /bin/uname`, /^Linux$/m],
      },
      {
        line: 'docker export $(docker create IMAGE) | tar -C rootfs -xf - ; runc spec',
        right: 'yes',
        today: [
          'Writes config.json, once: a second time refuses.',
          'Écrit config.json, une fois : la seconde est refusée.',
        ],
        steps: [
          `mkdir -p /tmp/bundle/rootfs; cd /tmp/bundle
docker export "$(docker create --network none image /bin/uname)" | tar -C rootfs -xf -
runc spec; ls rootfs config.json; runc spec`,
          /config\.json[\s\S]*File config\.json exists/,
        ],
      },
      {
        line: 'runc run NAME',
        right: 'changed',
        today: [
          'Fine in a terminal. From a script it fails: config.json asks for one.',
          'Convient dans un terminal. Depuis un script, échoue : config.json en demande un.',
        ],
        instead: ['In config.json: `"terminal": false`', 'Dans config.json : `"terminal": false`'],
        steps: [
          `cd /tmp/bundle
setsid -w runc run early </dev/null
sed -i 's/"terminal": true/"terminal": false/; s|"sh"|"/bin/uname"|' config.json
runc run byhand`,
          /runc run failed: open \/dev\/tty[\s\S]*^Linux$/m,
        ],
      },
    ],
  },
  {
    title: ['Audit and exercise', 'Audit et exercice'],
    rows: [
      {
        line: 'docker run … docker/docker-bench-security',
        right: 'no',
        today: [
          'The project itself calls this image out of date. It gets the host’s files and processes.',
          'Le projet lui-même dit cette image périmée. Elle reçoit les fichiers et processus de l’hôte.',
        ],
        instead: [
          'From its repository: `sudo sh docker-bench-security.sh`',
          'Depuis son dépôt : `sudo sh docker-bench-security.sh`',
        ],
        untried: ['no registry here; by its README', 'pas de registre ici ; selon son README'],
      },
      {
        line: 'time docker run --rm --runtime=RUNTIME IMAGE true',
        right: 'changed',
        today: [
          'Works; one start, mostly Docker’s own time, and the first one also fills caches.',
          'Fonctionne ; un seul démarrage, surtout du temps de Docker, et le premier remplit les caches.',
        ],
        instead: ['`sudo ./ocibench run --preset lab`', '`sudo ./ocibench run --preset lab --lang fr`'],
        steps: ['docker run --rm --network none --runtime crun image /bin/uname', /^Linux$/m],
      },
      {
        line: 'dd if=/dev/zero of=/tmp/test bs=1M count=1024',
        right: 'no',
        today: ['Measures memory, the page cache.', 'Mesure la mémoire, le cache de pages.'],
        instead: [
          'Add `oflag=direct conv=fsync`; or `ocibench`’s `io/fio`.',
          'Ajouter `oflag=direct conv=fsync` ; ou `io/fio` d’`ocibench`.',
        ],
        steps: [
          'dd if=/dev/zero of=/tmp/test bs=1M count=16 2>&1; grep -E "^Dirty|^Cached" /proc/meminfo',
          /16 MiB/,
        ],
      },
      {
        line: 'gVisor: 30–50 %',
        right: 'no',
        today: [
          'From no difference to many times, by what the program asks of the kernel ([reference](../../results/reference/report.md)).',
          'D’aucune différence à plusieurs fois, selon ce que le programme demande au noyau ([référence](../../results/reference/report.md)).',
        ],
        instead: ['A ratio per test, with its interval.', 'Un ratio par test, avec son intervalle.'],
      },
    ],
  },
];
