import type { Phrases } from './phrase.ts';

/** The doctor's checks of the machine and the engine, with what would mend them (`host/doctor*.ts`). */
export const doctorPhrases: Phrases = {
  // Titles
  'cgroup version': 'version de cgroup',
  'cgroup controllers': 'contrôleurs cgroup',
  'CPU frequency governor': 'gouverneur de fréquence du processeur',
  'turbo / boost': 'turbo / boost',
  'simultaneous multithreading': 'multithreading simultané (SMT)',
  'mitigations of CPU vulnerabilities': 'atténuations des failles du processeur',
  'other load': 'charge étrangère',
  swap: 'espace d’échange (swap)',
  clock: 'horloge',
  'smallest step of the clock': 'plus petit pas de l’horloge',
  virtualisation: 'virtualisation',
  'emulated processor': 'processeur émulé',
  'huge pages for shared memory': 'grandes pages pour la mémoire partagée',
  'kernel same-page merging': 'fusion de pages identiques (KSM)',
  'other containers': 'autres conteneurs',
  'sandboxes of others': 'bacs à sable étrangers',
  privileges: 'privilèges',
  'disk space': 'espace disque',
  'gVisor network stack': 'pile réseau de gVisor',
  "engine's cgroup version": 'version de cgroup du moteur',
  "engine's cgroup driver": 'pilote cgroup du moteur',
  "engine's storage driver": 'pilote de stockage du moteur',
  'engine on this host': 'moteur sur cette machine',
  'crun on hybrid cgroups': 'crun avec des cgroups hybrides',
  'Kata with this Docker': 'Kata avec ce Docker',
  'several releases of Kata': 'plusieurs versions de Kata',
  'KVM for Kata': 'KVM pour Kata',
  'vsock for Kata': 'vsock pour Kata',
  'syslog for Kata': 'syslog pour Kata',

  // Common words
  off: 'désactivé',
  none: 'aucun',
  root: 'root',
  'not used': 'inutilisé',
  'not looked at': 'non examiné',
  'cannot be read here': 'illisible ici',

  // Details and fixes
  'boot with systemd.unified_cgroup_hierarchy=1 on the kernel command line':
    'démarrer avec systemd.unified_cgroup_hierarchy=1 sur la ligne de commande du noyau',
  'v2: the reference for all accounting': 'v2~: la référence pour toute la comptabilité',
  'no cgroup hierarchy is mounted below /sys/fs/cgroup; Docker cannot start containers. Matters much':
    'aucune hiérarchie de cgroups n’est montée sous /sys/fs/cgroup~; Docker ne peut pas démarrer de conteneur. Incidence forte',
  'hybrid: v1 controllers beside /sys/fs/cgroup/unified. Peak pids and pressure per trial are absent, and crun starts only in the embedded engine. Matters some':
    'hybride~: des contrôleurs v1 à côté de /sys/fs/cgroup/unified. Ni pic de pids ni pression (PSI) par essai, et crun ne démarre que dans le moteur intégré. Incidence modérée',
  'v1: a labelled fallback; peak pids and pressure per trial are absent. Matters some':
    'v1~: un repli, signalé comme tel~; ni pic de pids ni pression (PSI) par essai. Incidence modérée',
  '{0} are there': '{0} sont présents',
  'missing: {0}; their figures are absent, limits are not applied, and some runtimes do not start. Matters much':
    'absents~: {0}~; leurs mesures manquent, les limites ne sont pas appliquées et certains runtimes ne démarrent pas. Incidence forte',
  'remove cgroup_disable= and v1 mounts of {0} from the boot configuration{1}':
    'retirer cgroup_disable= et les montages v1 de {0} de la configuration de démarrage{1}',
  ', and add cgroup_enable=memory': ', et ajouter cgroup_enable=memory',
  'mount them:  mkdir -p /sys/fs/cgroup/{0} && mount -t cgroup -o {1} none /sys/fs/cgroup/{2} ; or {3}':
    'les monter~:  mkdir -p /sys/fs/cgroup/{0} && mount -t cgroup -o {1} none /sys/fs/cgroup/{2} ; ou bien {3}',
  'no cpufreq here{0}': 'pas de cpufreq ici{0}',
  ': the host of this guest decides the frequency':
    '~: la fréquence est décidée par l’hôte de cette machine virtuelle',
  '{0}: short trials are measured while the CPU still changes its frequency. Matters much for startup and system calls':
    '{0}~: les essais brefs sont mesurés pendant que le processeur change encore de fréquence. Incidence forte sur le démarrage et les appels système',
  'turbo or boost cannot be read here': 'l’état du turbo (boost) est illisible ici',
  'on: the frequency depends on temperature and on how many cores are busy. Matters some; interleaving averages it out':
    'actif~: la fréquence dépend de la température et du nombre de cœurs occupés. Incidence modérée~; l’entrelacement des essais la compense en moyenne',
  'echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo   (or: echo 0 > /sys/devices/system/cpu/cpufreq/boost)':
    'echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo   (ou~: echo 0 > /sys/devices/system/cpu/cpufreq/boost)',
  'on: threads of one core share its units, so that a busy neighbour slows a trial. Matters little on an idle host':
    'actif~: les threads d’un cœur en partagent les unités, si bien qu’un voisin occupé ralentit un essai. Incidence faible sur une machine au repos',
  '/sys/devices/system/cpu/vulnerabilities cannot be read':
    '/sys/devices/system/cpu/vulnerabilities est illisible',
  '{0} not mitigated: system calls are cheaper than on a protected host, and runtimes that make more of them look better. Matters much when hosts are compared':
    '{0&} sans atténuation~: les appels système coûtent moins cher que sur une machine protégée, ce qui avantage les runtimes qui en font beaucoup. Incidence forte quand on compare des machines',
  'remove mitigations=off from the kernel command line':
    'retirer mitigations=off de la ligne de commande du noyau',
  'active, or not needed by this CPU': 'actives, ou inutiles sur ce processeur',
  'active; without: {0}': 'actives, sauf~: {0}',
  'load average {0} on {1} CPUs': 'charge moyenne de {0#} pour {1} processeurs',
  'find the cause and end it:  top -o %CPU': 'en trouver la cause et y mettre fin~:  top -o %CPU',
  'the load average cannot be read': 'la charge moyenne est illisible',
  '{0}: trials would wait for a CPU. Matters much':
    '{0}~: les essais attendraient un processeur. Incidence forte',
  '{0}: other work disturbs the trials. Matters some':
    '{0}~: d’autres tâches perturbent les essais. Incidence modérée',
  '/proc/meminfo cannot be read': '/proc/meminfo est illisible',
  '{0} MiB in use: pages that come back from disk are slow, and cgroup memory looks smaller. Matters some':
    '{0}~Mio utilisés~: les pages relues depuis le disque sont lentes, et la mémoire des cgroups paraît plus petite. Incidence modérée',
  '{0} MiB in use': '{0}~Mio utilisés',
  '{0}: read without a system call': '{0}~: lue sans appel système',
  '{0}: every reading of the clock costs a system call. Matters much for workloads that time themselves':
    '{0}~: chaque lecture de l’horloge coûte un appel système. Incidence forte sur les charges qui se chronomètrent elles-mêmes',
  'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource   (where available_clocksource lists it)':
    'echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource   (si available_clocksource la propose)',
  '{0} µs': '{0#}~µs',
  'it stands still': 'elle n’avance pas',
  '{0}: samples take few distinct values, so that medians jump and ties are common':
    '{0}~: les mesures ne prennent que peu de valeurs distinctes~; les médianes sautent et les ex æquo sont fréquents',
  'choose another clock source, or measure on another machine':
    'choisir une autre source d’horloge, ou mesurer sur une autre machine',
  '{0}. Matters much for system calls, little for starts':
    '{0}. Incidence forte sur les appels système, faible sur les démarrages',
  '{0}. Matters much': '{0}. Incidence forte',
  'none: bare metal': 'aucune~: machine physique',
  "this machine is a guest ({0}): neighbours can take its CPU (steal, recorded per trial), and Kata and gVisor's kvm platform run nested. Matters much for those two, some for the others":
    'cette machine est une machine virtuelle ({0!})~: des voisines peuvent lui prendre du CPU (steal, relevé à chaque essai), et Kata comme la plateforme kvm de gVisor y tournent en virtualisation imbriquée. Incidence forte pour ces deux-là, modérée pour les autres',
  'measure on bare metal, or keep to the same kind of guest when runs are compared':
    'mesurer sur une machine physique, ou s’en tenir au même type de machine virtuelle pour comparer des campagnes',
  'no sign of one: instructions run on a real processor':
    'rien ne l’indique~: les instructions s’exécutent sur un vrai processeur',
  '{0} executes every instruction in software: what is cheap and what is dear there (system calls, page faults, traps, atomic operations) has little to do with a real processor, and runtimes differ in just these. Ratios do not carry over: for demonstration, not for decisions. Matters most of all':
    '{0} exécute chaque instruction par logiciel~: ce qui y est bon marché ou coûteux (appels système, défauts de page, trappes, opérations atomiques) a peu à voir avec un vrai processeur, et c’est justement là que les runtimes diffèrent. Les rapports ne se transposent pas~: ils servent à montrer, pas à décider. Incidence majeure',
  'measure on real hardware, or in a guest with hardware virtualisation (QEMU: -accel kvm)':
    'mesurer sur du vrai matériel, ou dans une machine virtuelle avec virtualisation matérielle (QEMU~: -accel kvm)',
  "{0}: gVisor's memory can use huge pages": '{0}~: la mémoire de gVisor peut utiliser de grandes pages',
  '{0} (the usual default): gVisor keeps application memory in shared memory, which then has no huge pages. Matters for memory-heavy work under gVisor only':
    '{0} (réglage habituel)~: gVisor place la mémoire des applications en mémoire partagée, qui n’a alors pas de grandes pages. N’a d’incidence que sur les charges gourmandes en mémoire sous gVisor',
  'to try the other setting:  echo advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled':
    'pour essayer l’autre réglage~:  echo advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled',
  'on: equal pages of guests are merged over time, so that the memory of Kata depends on when it is read. Matters much for memory':
    'actif~: les pages identiques des machines virtuelles sont fusionnées peu à peu, si bien que la mémoire de Kata dépend du moment où on la relève. Incidence forte sur la mémoire',
  'the engine was not asked': 'le moteur n’a pas été interrogé',
  '{0} running: they share CPU, disk and page cache with the trials. Matters some':
    '{0} en marche~: ils partagent CPU, disque et cache de pages avec les essais. Incidence modérée',
  'stop them while measuring:  docker ps': 'les arrêter pendant les mesures~:  docker ps',
  '{0} shims or sandboxes of containers that are not ours run: they share the pages of the same binaries, so that memory by PSS (memory.footprint, pss.*) comes out too small, of a shim by half. Resident memory, the headline, does not depend on them. Matters some':
    '{0} shims ou bacs à sable de conteneurs étrangers à la campagne sont en marche~: ils partagent les pages des mêmes binaires, et la mémoire en PSS (memory.footprint, pss.*) est sous-estimée, de moitié pour un shim. La mémoire résidente, mise en avant, n’en dépend pas. Incidence modérée',
  'stop those containers while measuring (docker ps, ctr -n k8s.io containers ls)':
    'arrêter ces conteneurs pendant les mesures (docker ps, ctr -n k8s.io containers ls)',
  "not root: no embedded engine, no memory figures of root's processes (memory.footprint and PSS are absent), no cold page cache, and the trials' cgroups stay until root removes them (sudo ./ocibench clean). Times, CPU and peak memory of containers are measured as by root. Matters much":
    'sans les droits de root~: ni moteur intégré, ni mémoire des processus de root (memory.footprint et PSS absents), ni cache de pages froid, et les cgroups des essais restent jusqu’à ce que root les supprime (sudo ./ocibench clean). Temps, CPU et pic de mémoire des conteneurs se mesurent comme avec root. Incidence forte',
  '{0} GiB free': '{0#}~Gio libres',
  '{0}: images and scratch files do not fit': '{0}~: trop peu pour les images et les fichiers temporaires',
  'free space, or set OCIBENCH_STATE to a larger disk':
    'libérer de la place, ou faire pointer OCIBENCH_STATE vers un disque plus grand',
  '{0}: enough for the quick preset only': '{0}~: assez pour le préréglage quick seulement',
  'the installed runsc (older than release-20240807) cannot set up its network on Linux {0} (google/gvisor#10704); without a daemon.json it is measured with --network=none, labelled so. Matters much for network workloads':
    'le runsc installé (antérieur à release-20240807) ne sait pas monter son réseau sous Linux {0} (google/gvisor#10704)~; sans daemon.json, il est mesuré avec --network=none, et signalé comme tel. Incidence forte sur les charges réseau',
  'install a newer runsc: https://gvisor.dev/docs/user_guide/install/':
    'installer un runsc plus récent~: https://gvisor.dev/docs/user_guide/install/',
  "gVisor's own network stack works on this kernel": 'la pile réseau de gVisor fonctionne sur ce noyau',

  // The engine
  'cannot be compared with this host': 'ne peut pas être comparée à celle de cette machine',
  'v{0}, as the host': 'v{0}, comme la machine',
  'the engine uses cgroup v{0} and this host shows {1}: the engine runs in another machine or namespace, and its cgroups cannot be read. Matters much':
    'le moteur utilise cgroup v{0} et cette machine montre {1}~: le moteur tourne sur une autre machine ou dans un autre espace de noms, et ses cgroups sont illisibles. Incidence forte',
  'measure where the engine runs, or use --engine embedded':
    'mesurer là où tourne le moteur, ou utiliser --engine embedded',
  'none (rootless without delegation): no limit is applied and nothing is accounted per container. Matters much':
    'aucun (mode rootless sans délégation)~: aucune limite n’est appliquée et rien n’est compté par conteneur. Incidence forte',
  'delegate the controllers to the user (systemd: Delegate=yes on user@.service), or use a daemon that runs as root':
    'déléguer les contrôleurs à l’utilisateur (systemd~: Delegate=yes dans user@.service), ou utiliser un démon lancé par root',
  'cgroupfs on cgroup v2: where systemd runs, both manage the same tree and systemd may take controllers away. Matters some':
    'cgroupfs sur cgroup v2~: avec systemd, les deux gèrent la même arborescence et systemd peut en retirer des contrôleurs. Incidence modérée',
  '"exec-opts": ["native.cgroupdriver=systemd"] in /etc/docker/daemon.json; then: systemctl restart docker':
    '"exec-opts": ["native.cgroupdriver=systemd"] dans /etc/docker/daemon.json~; puis~: systemctl restart docker',
  'systemd; a runsc that is registered by runtimeType needs systemd-cgroup = "true" in runsc.toml, otherwise its limits are not applied (google/gvisor#10371)':
    'systemd~; un runsc déclaré par runtimeType a besoin de systemd-cgroup = "true" dans runsc.toml, sans quoi ses limites ne sont pas appliquées (google/gvisor#10371)',
  'vfs copies the whole image for every container: create is slow for every runtime alike. Matters much for startup':
    'vfs copie toute l’image pour chaque conteneur~: la création est lente, quel que soit le runtime. Incidence forte sur le démarrage',
  'put the data root on a file system for overlay2 (ext4, xfs with ftype=1)':
    'placer data-root sur un système de fichiers adapté à overlay2 (ext4, xfs avec ftype=1)',
  'run ocibench on the machine of the engine': 'lancer ocibench sur la machine du moteur',
  'crun does not start where v1 controllers stand beside /sys/fs/cgroup/unified. Its rows will say so':
    'crun ne démarre pas quand des contrôleurs v1 côtoient /sys/fs/cgroup/unified. Ses lignes le diront',
  '--engine embedded, or boot with systemd.unified_cgroup_hierarchy=1':
    '--engine embedded, ou démarrer avec systemd.unified_cgroup_hierarchy=1',
  'upgrade Docker': 'mettre Docker à jour',
};

/** Why a runtime cannot run here, and what would mend it (`host/preflight-*.ts`, `execute/preflight.ts`). */
export const preflightPhrases: Phrases = {
  'then start ocibench again': 'puis relancer ocibench',
  'then: systemctl restart docker': 'puis~: systemctl restart docker',
  'the image holds no program {0}; the runtime itself got as far as starting it':
    'l’image ne contient pas de programme {0}~; le runtime lui-même est allé jusqu’à vouloir le lancer',
  'remove the image, so that it is made again': 'supprimer l’image, pour qu’elle soit reconstruite',
  'crun does not run where v1 controllers stand beside /sys/fs/cgroup/unified (hybrid cgroups)':
    'crun ne fonctionne pas quand des contrôleurs v1 côtoient /sys/fs/cgroup/unified (cgroups hybrides)',
  'use --engine embedded, which hides that mount from its own engine; or boot with systemd.unified_cgroup_hierarchy=1':
    'utiliser --engine embedded, qui cache ce montage à son propre moteur~; ou démarrer avec systemd.unified_cgroup_hierarchy=1',
  "this runsc is older than release-20240807 and takes every network namespace of Linux {0} for the host's (google/gvisor#10704)":
    'ce runsc, antérieur à release-20240807, prend tout espace de noms réseau de Linux {0} pour celui de la machine (google/gvisor#10704)',
  'install a newer runsc ({0}); or add "--network=none" (loopback only) or "--network=host" to runtimes.{1}.runtimeArgs in {2}, which changes what is measured and is labelled so; {3}':
    'installer un runsc plus récent ({0})~; ou ajouter "--network=none" (boucle locale seule) ou "--network=host" à runtimes.{1}.runtimeArgs dans {2}, ce qui change ce qui est mesuré et sera signalé~; {3}',
  'the cgroup controller {0} is not available to containers':
    'le contrôleur cgroup {0} n’est pas disponible pour les conteneurs',
  'enable it:  echo +{0} > /sys/fs/cgroup/cgroup.subtree_control ; if /sys/fs/cgroup/cgroup.controllers does not list it, v1 holds it: boot with systemd.unified_cgroup_hierarchy=1 and without cgroup_disable=':
    'l’activer~:  echo +{0} > /sys/fs/cgroup/cgroup.subtree_control ; si /sys/fs/cgroup/cgroup.controllers ne le cite pas, c’est que v1 le détient~: démarrer avec systemd.unified_cgroup_hierarchy=1 et sans cgroup_disable=',
  'the systemd cgroup driver needs D-Bus and a running systemd, and none answers':
    'le pilote cgroup systemd a besoin de D-Bus et d’un systemd en marche, et aucun ne répond',
  'apt-get install dbus && systemctl start dbus; or "exec-opts": ["native.cgroupdriver=cgroupfs"] in {0}; {1}':
    'apt-get install dbus && systemctl start dbus~; ou "exec-opts": ["native.cgroupdriver=cgroupfs"] dans {0}~; {1}',
  "this runsc has no platform '{0}'": 'ce runsc n’a pas de plateforme «~{0}~»',
  'use --platform=systrap, kvm or ptrace in runtimes.{0}.runtimeArgs of {1}; {2}':
    'utiliser --platform=systrap, kvm ou ptrace dans runtimes.{0}.runtimeArgs de {1}~; {2}',
  "gVisor's kvm platform needs /dev/kvm, and it cannot be opened":
    'la plateforme kvm de gVisor a besoin de /dev/kvm, qui ne peut pas être ouvert',
  'use --platform=systrap in runtimes.{0}.runtimeArgs of {1}, or load kvm_intel or kvm_amd':
    'utiliser --platform=systrap dans runtimes.{0}.runtimeArgs de {1}, ou charger kvm_intel ou kvm_amd',
  "{0} is missing (Debian's package runsc does not bring it)":
    '{0} manque (le paquet Debian runsc ne le fournit pas)',
  'install gVisor with its shim ({0}), or register the program: "{1}": {"path": "/usr/bin/runsc"} in {2}; {3}':
    'installer gVisor avec son shim ({0}), ou déclarer le programme~: "{1}": {"path": "/usr/bin/runsc"} dans {2}~; {3}',
  "the engine knows no runtime '{0}'": 'le moteur ne connaît pas de runtime «~{0}~»',
  'add "{0}" under "runtimes" in {1}; {2}; docker info shows what is registered':
    'ajouter "{0}" sous "runtimes" dans {1}~; {2}~; docker info montre ce qui est déclaré',
  "'{0}' does not name a containerd shim": '«~{0}~» ne désigne pas un shim de containerd',
  "write runtimes.{0}.runtimeType as io.containerd.<name>.v2 or as the shim's absolute path in {1}; {2}":
    'donner à runtimes.{0}.runtimeType la forme io.containerd.<nom>.v2 ou le chemin absolu du shim, dans {1}~; {2}',
  'the containerd shim {0} is not installed': 'le shim de containerd {0} n’est pas installé',
  'install {0} where dockerd finds it, or correct runtimes.{1}.runtimeType in {2}':
    'installer {0} là où dockerd le trouve, ou corriger runtimes.{1}.runtimeType dans {2}',
  "the runtime's program {0} (or the interpreter of that script) does not exist on the engine's host":
    'le programme du runtime, {0} (ou l’interpréteur de ce script), n’existe pas sur la machine du moteur',
  'install it, or correct runtimes.{0}.path in {1}; {2}':
    'l’installer, ou corriger runtimes.{0}.path dans {1}~; {2}',
  '{0} may not be executed': '{0} n’a pas le droit d’être exécuté',
  'chmod +x {0} ; check also that its file system is not mounted noexec:  findmnt -T {1}':
    'chmod +x {0} ; vérifier aussi que son système de fichiers n’est pas monté noexec~:  findmnt -T {1}',
  '{0} is no program for this machine ({1})': '{0} n’est pas un programme pour cette machine ({1})',
  'look at what it is:  file {0} ; install the build for this machine':
    'voir ce que c’est~:  file {0} ; installer la version faite pour cette machine',
  "the runtime's program ended with {0}, often because it does not know one of its arguments ({1})":
    'le programme du runtime s’est terminé avec {0}, souvent parce qu’il ne connaît pas l’un de ses arguments ({1})',
  'try it by hand:  {0} ; correct runtimes.{1}.runtimeArgs in {2}':
    'essayer à la main~:  {0} ; corriger runtimes.{1}.runtimeArgs dans {2}',
  'the engine finds no mounted cgroup hierarchy for one of its controllers':
    'le moteur ne trouve pas de hiérarchie de cgroups montée pour l’un de ses contrôleurs',
  'mount the cgroup hierarchies (a host with systemd does it at boot):  findmnt -t cgroup,cgroup2':
    'monter les hiérarchies de cgroups (une machine avec systemd le fait au démarrage)~:  findmnt -t cgroup,cgroup2',
  "the engine's disk is full": 'le disque du moteur est plein',
  "Docker's disk": 'disque de Docker',
  '{0} GiB free in {1}': '{0#}~Gio libres dans {1}',
  '{0}: the images do not fit. Matters much': '{0}~: les images n’y tiennent pas. Incidence forte',
  '{0}: little for images and layers of containers. Matters some':
    '{0}~: peu pour des images et des couches de conteneurs. Incidence moyenne',
  'no space is left where Docker keeps its data, in {0}; {1}':
    'il ne reste pas de place là où Docker garde ses données, dans {0}~; {1}',
  'look at what takes it:  docker system df -v ; remove what nobody needs:  docker container prune ; docker image prune ; docker builder prune':
    'voir ce qui la prend~:  docker system df -v ; supprimer ce dont personne n’a besoin~:  docker container prune ; docker image prune ; docker builder prune',
  'the daemon gives containers a limit (default-ulimits{0}) above its own hard limit, and may not raise it':
    'le démon donne aux conteneurs une limite (default-ulimits{0}) au-dessus de sa propre limite dure, et n’a pas le droit de la relever',
  'lower "default-ulimits"{0} in {1} to the daemon\'s own limit (prlimit --pid "$(pidof dockerd)"), or raise that one (LimitNOFILE= and the like in docker.service); {2}':
    'abaisser "default-ulimits"{0} dans {1} à la limite du démon (prlimit --pid "$(pidof dockerd)"), ou relever celle-ci (LimitNOFILE= et semblables dans docker.service)~; {2}',
  'free space:  docker system df ; df -h /var/lib/docker':
    'libérer de la place~:  docker system df ; df -h /var/lib/docker',
  'the host has too little free memory to start the container':
    'la machine n’a pas assez de mémoire libre pour démarrer le conteneur',
  'free memory:  free -h': 'libérer de la mémoire~:  free -h',
  'the container did not start within the time limit': 'le conteneur n’a pas démarré dans le délai imparti',
  'try it by hand:  timeout 60 docker run --rm --runtime {0} --network none IMAGE true ; look for processes at 100 % with top{1}':
    'essayer à la main~:  timeout 60 docker run --rm --runtime {0} --network none IMAGE true ; chercher avec top les processus à 100~%{1}',
  ' ; read:  journalctl -u docker': ' ; lire~:  journalctl -u docker',
  'the runtime was refused something it needs': 'le runtime s’est vu refuser quelque chose dont il a besoin',
  'run the engine as root, and look for denials of AppArmor, SELinux or seccomp:  dmesg | tail':
    'lancer le moteur en tant que root, et chercher des refus d’AppArmor, de SELinux ou de seccomp~:  dmesg | tail',
  '{0} does not exist': '{0} n’existe pas',
  'find out what should have provided {0}': 'chercher ce qui aurait dû fournir {0}',
  'no answer: runsc --platform=kvm hangs where KVM cannot run it{0}; its sandbox takes a whole CPU until it is ended':
    'pas de réponse~: runsc --platform=kvm se bloque là où KVM ne peut pas l’exécuter{0}~; son bac à sable occupe un processeur entier jusqu’à ce qu’on l’arrête',
  ' (this machine is itself a guest)': ' (cette machine est elle-même virtuelle)',
  'use --platform=systrap in runtimes.{0}.runtimeArgs of {1}; kvm is meant for bare metal; {2}':
    'utiliser --platform=systrap dans runtimes.{0}.runtimeArgs de {1}~; kvm est fait pour les machines physiques~; {2}',
  'the engine could not start a container with this runtime, for a reason that is not known here':
    'le moteur n’a pas pu démarrer de conteneur avec ce runtime, pour une raison inconnue de l’outil',
  "read the engine's words, and try by hand:  docker run --rm --runtime {0} --network none IMAGE true":
    'lire ce que dit le moteur, et essayer à la main~:  docker run --rm --runtime {0} --network none IMAGE true',
  '{0}; it left {1} processes behind ({2}), which were ended':
    '{0}~; il a laissé {1} processus derrière lui ({2}), qui ont été arrêtés',
  'see the error text': 'voir le texte de l’erreur',
  'the check was interrupted': 'la vérification a été interrompue',

  // Kata Containers
  'Docker 28 and later need Kata 3.29.0 or later, Docker 29.5 and later 3.32.0; Docker below 23 cannot use the Kata shim':
    'à partir de Docker 28, il faut Kata 3.29.0 ou plus récent, à partir de Docker 29.5, Kata 3.32.0~; avant Docker 23, le shim de Kata est inutilisable',
  '{0} is too old for the Kata shim: upgrade Docker to 23 or later':
    '{0} est trop ancien pour le shim de Kata~: passer à Docker 23 ou plus récent',
  '{0} gives Kata containers no network: upgrade Docker to 26.0.1 or later, then use Kata 3.x':
    '{0} ne donne pas de réseau aux conteneurs Kata~: passer à Docker 26.0.1 ou plus récent, puis utiliser Kata 3.x',
  '{0} works with Kata 2.x and 3.x': '{0} fonctionne avec Kata 2.x et 3.x',
  '{0} needs Kata {1} or later': '{0} a besoin de Kata {1} ou plus récent',
  '{0} needs Kata {1} or later ({2} with its Rust runtime)':
    '{0} a besoin de Kata {1} ou plus récent ({2} avec son runtime en Rust)',
  '{0}; older than that: {1}': '{0}~; plus ancien que cela~: {1}',
  '{0}; here: {1}': '{0}~; ici~: {1}',
  'install a newer Kata: {0}': 'installer un Kata plus récent~: {0}',
  'Kata 1.x is no longer maintained and needs cgroup v1: {0}. What it costs says little of Kata today. Matters much':
    'Kata 1.x n’est plus maintenu et a besoin de cgroup v1~: {0}. Son coût dit peu de choses de Kata aujourd’hui. Incidence forte',
  '{0}: each has a configuration of its own, and one that finds the other’s files does not start. Matters some':
    '{0}~: chacun a sa propre configuration, et celui qui trouve les fichiers de l’autre ne démarre pas. Incidence modérée',
  'give each its own configuration file by options.ConfigPath, or remove the entry that is not meant':
    'donner à chacun son fichier de configuration par options.ConfigPath, ou retirer l’entrée de trop',
  '/dev/kvm is there, and QEMU cannot make a guest under it':
    '/dev/kvm existe, mais QEMU ne peut pas y créer de machine virtuelle',
  'there is no /dev/log, and Kata (Go runtime) does not start without a syslog socket':
    '/dev/log n’existe pas, et Kata (runtime en Go) ne démarre pas sans socket syslog',
  '/dev/log is a link to a socket that is not there, and Kata (Go runtime) does not start without one':
    '/dev/log est un lien vers un socket qui n’existe pas, et Kata (runtime en Go) ne démarre pas sans lui',
  'start a syslog daemon:  systemctl start systemd-journald   (without systemd: apt-get install rsyslog && service rsyslog start), and check that /dev/log leads to a socket:  ls -lL /dev/log':
    'lancer un démon syslog~:  systemctl start systemd-journald   (sans systemd~: apt-get install rsyslog && service rsyslog start), puis vérifier que /dev/log mène à un socket~:  ls -lL /dev/log',
  'there is no /dev/vhost-vsock, over which Kata with QEMU reaches the agent in its guest (Cloud Hypervisor and Firecracker do without)':
    '/dev/vhost-vsock n’existe pas, alors que Kata avec QEMU joint par là l’agent de sa machine virtuelle (Cloud Hypervisor et Firecracker s’en passent)',
  'modprobe vhost_vsock ; for the next boots:  echo vhost_vsock > /etc/modules-load.d/kata.conf   (where the kernel has no such module: one with CONFIG_VHOST_VSOCK)':
    'modprobe vhost_vsock~; pour les démarrages suivants~:  echo vhost_vsock > /etc/modules-load.d/kata.conf   (si le noyau n’a pas ce module~: un noyau avec CONFIG_VHOST_VSOCK)',
  '{0}; Kata runs here all the same': '{0}~; Kata tourne ici malgré tout',
  '{0}. Matters much for Kata': '{0}. Incidence forte pour Kata',
  '{0}. Needed once Kata is installed': '{0}. Une fois installé, Kata en aura besoin',
  '/dev/kvm can be opened; no QEMU was found to try it with':
    '/dev/kvm peut être ouvert~; aucun QEMU n’a été trouvé pour l’essayer',
  'QEMU makes a guest under it': 'QEMU y crée une machine virtuelle',
  '/dev/vhost-vsock is there': '/dev/vhost-vsock existe',
  '/dev/log is there': '/dev/log existe',
  "the guest's kernel": 'le noyau de la machine virtuelle',
  "the guest's image or initrd": 'l’image ou l’initrd de la machine virtuelle',
  'the hypervisor': 'l’hyperviseur',
  "the guest's kernel, image or initrd, the hypervisor or the proxy":
    'le noyau, l’image ou l’initrd de la machine virtuelle, l’hyperviseur ou le proxy',
  "Kata's shim could not start {0}, which does not exist":
    'le shim de Kata n’a pas pu lancer {0}, qui n’existe pas',
  'Kata (Go runtime) needs a syslog socket, and /dev/log is missing or cannot be reached':
    'Kata (runtime en Go) a besoin d’un socket syslog, et /dev/log manque ou ne peut pas être joint',
  'Kata reaches the agent in its guest over vsock, and there is no /dev/vhost-vsock':
    'Kata joint par vsock l’agent de sa machine virtuelle, et /dev/vhost-vsock n’existe pas',
  "Kata's configuration file {0}, which runtimes.{1}.options.ConfigPath names, does not exist or cannot be used":
    'le fichier de configuration de Kata {0}, que cite runtimes.{1}.options.ConfigPath, n’existe pas ou est inutilisable',
  'mkdir -p {0} && cp /opt/kata/share/defaults/kata-containers/configuration.toml {1} (without /opt/kata: from /usr/share/defaults/kata-containers){2}':
    'mkdir -p {0} && cp /opt/kata/share/defaults/kata-containers/configuration.toml {1} (sans /opt/kata~: depuis /usr/share/defaults/kata-containers){2}',
  '; or correct runtimes.{0}.options.ConfigPath in {1}':
    '~; ou corriger runtimes.{0}.options.ConfigPath dans {1}',
  '{0}, which {1} names, does not exist: {2} is missing': '{0}, que cite {1}, n’existe pas~; il manque {2}',
  'QEMU ended while it started, and Kata does not say why':
    'QEMU s’est arrêté pendant son démarrage, et Kata ne dit pas pourquoi',
  "read QEMU's own words:  journalctl -t kata   (with enable_debug = true under [hypervisor.qemu] in {0}); most often KVM cannot run the guest, or machine_type, cpu_features or kernel_params are not for this QEMU":
    'lire ce que dit QEMU~:  journalctl -t kata   (avec enable_debug = true sous [hypervisor.qemu] dans {0})~; le plus souvent, KVM ne peut pas faire tourner la machine virtuelle, ou machine_type, cpu_features ou kernel_params ne conviennent pas à ce QEMU',
  'the guest was started, but the agent in it never answered: it did not boot, or not in the time that Kata gives it':
    'la machine virtuelle a été lancée, mais son agent n’a jamais répondu~: elle n’a pas démarré, ou pas dans le temps que Kata lui laisse',
  '{0}; the agent must be of the same release as Kata, which the image of its static build holds; a guest without KVM may need a longer dial_timeout under [agent.kata]':
    '{0}~; l’agent doit être de la même version que Kata, comme celui de l’image de son archive statique~; sans KVM, il peut falloir un dial_timeout plus long sous [agent.kata]',
  'the guest panicked while it booted, or ended before its agent answered':
    'la machine virtuelle a paniqué pendant son démarrage, ou s’est arrêtée avant que son agent ne réponde',
  "Kata 1.x shares the container's files with the guest through mounts that must be shared, and those of dockerd are private":
    'Kata 1.x partage les fichiers du conteneur avec la machine virtuelle par des montages qui doivent être partagés, or ceux de dockerd sont privés',
  'remove PrivateMounts=, ProtectSystem= and MountFlags=slave or private from docker.service and containerd.service, then:  mount --make-rshared /   ; {0}; Kata 3.x makes its own: {1}':
    'retirer PrivateMounts=, ProtectSystem= et MountFlags=slave ou private de docker.service et containerd.service, puis~:  mount --make-rshared /   ~; {0}~; Kata 3.x fait les siens~: {1}',
  'the virtual machine did not start within the time limit, and Kata had not said why by then':
    'la machine virtuelle n’a pas démarré dans le délai imparti, et Kata n’avait pas encore dit pourquoi',
  '{0}; Kata itself waits 30 s for its guest, so a limit below that cuts its words off; without KVM a guest can need minutes':
    '{0}~; Kata attend lui-même 30 s sa machine virtuelle, si bien qu’un délai plus court l’empêche de dire pourquoi~; sans KVM, il peut falloir des minutes',
  'install Kata from {0} (kata-static-*.tar, unpack at /); {1}':
    'installer Kata depuis {0} (kata-static-*.tar, à déballer dans /)~; {1}',
  '"{0}": {"runtimeType": "io.containerd.kata.v2"} or {"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"}':
    '"{0}": {"runtimeType": "io.containerd.kata.v2"} ou {"runtimeType": "/opt/kata/bin/containerd-shim-kata-v2"}',
  'Kata Containers is not installed: the shim {0} is missing':
    'Kata Containers n’est pas installé~: le shim {0} manque',
  "{0}; put containerd-shim-kata-v2 on dockerd's PATH (ln -s /opt/kata/bin/containerd-shim-kata-v2 /usr/local/bin/); {1}: {2}; {3}":
    '{0}~; mettre containerd-shim-kata-v2 dans le PATH de dockerd (ln -s /opt/kata/bin/containerd-shim-kata-v2 /usr/local/bin/)~; {1}~: {2}~; {3}',
  'Kata shares the root file system through virtiofsd, and {0} cannot be started':
    'Kata partage le système de fichiers racine par virtiofsd, et {0} ne peut pas être lancé',
  'install virtiofsd (apt-get install virtiofsd), or correct virtio_fs_daemon = "{0}" in {1}':
    'installer virtiofsd (apt-get install virtiofsd), ou corriger virtio_fs_daemon = "{0}" dans {1}',
  'Kata Containers is not installed: {0} is missing': 'Kata Containers n’est pas installé~: {0} manque',
  'a "path" entry works with Kata 1.x only, which is no longer maintained; {0}, and replace the entry in {1} by {2}; {3}':
    'une entrée "path" ne convient qu’à Kata 1.x, qui n’est plus maintenu~; {0}, et remplacer l’entrée de {1} par {2}~; {3}',
  'Kata finds no configuration file': 'Kata ne trouve pas de fichier de configuration',
  'install what provides {0}, or correct its path in {1}; the static build of {2} holds everything':
    'installer ce qui fournit {0}, ou corriger son chemin dans {1}~; l’archive statique de {2} contient tout',
  'Kata has no guest image': 'Kata n’a pas d’image invitée',
  'set image = "…" or initrd = "…" under [hypervisor.qemu] in {0}; the static build of {1} holds an image in /opt/kata/share/kata-containers':
    'définir image = "…" ou initrd = "…" sous [hypervisor.qemu] dans {0}~; l’archive statique de {1} contient une image dans /opt/kata/share/kata-containers',
  'there is no /dev/kvm{0}': '/dev/kvm n’existe pas{0}',
  ': this machine is itself a guest without nested virtualisation':
    '~: cette machine est elle-même virtuelle, sans virtualisation imbriquée',
  'modprobe kvm_intel or kvm_amd, and enable virtualisation (VT-x, AMD-V) in the firmware':
    'modprobe kvm_intel ou kvm_amd, et activer la virtualisation (VT-x, AMD-V) dans le micrologiciel',
  'enable nested virtualisation for this guest on its host (kvm_intel.nested=1 or kvm_amd.nested=1, CPU model host), or measure on bare metal':
    'activer la virtualisation imbriquée pour cette machine virtuelle sur son hôte (kvm_intel.nested=1 ou kvm_amd.nested=1, modèle de processeur host), ou mesurer sur une machine physique',
  '/dev/kvm may not be opened': 'l’ouverture de /dev/kvm est refusée',
  'run dockerd as root, and check:  ls -l /dev/kvm':
    'lancer dockerd en tant que root, et vérifier~:  ls -l /dev/kvm',
  'KVM is there but cannot run an ordinary guest{0}':
    'KVM est là, mais ne peut pas exécuter de machine virtuelle ordinaire{0}',
  ' (nested virtualisation is incomplete here)': ' (la virtualisation imbriquée est incomplète ici)',
  'measure Kata on bare metal or on a machine with full nested virtualisation; a cpu_features or -cpu host mismatch cannot be mended from inside':
    'mesurer Kata sur une machine physique, ou avec une virtualisation imbriquée complète~; une incompatibilité de cpu_features ou de -cpu host ne se corrige pas de l’intérieur',
  'this Kata (1.x) is older than its QEMU and speaks to it in a way that QEMU no longer understands':
    'ce Kata (1.x) est plus ancien que son QEMU, et lui parle d’une façon que QEMU ne comprend plus',
  '{0}; its static build brings the QEMU that it was tested with':
    '{0}~; son archive statique fournit le QEMU avec lequel il a été testé',
  "set enable_debug = true for [hypervisor.qemu] and [agent.kata] in {0}, start again and read the guest's console:  journalctl -t kata":
    'mettre enable_debug = true pour [hypervisor.qemu] et [agent.kata] dans {0}, relancer et lire la console de la machine virtuelle~:  journalctl -t kata',
  'Kata 1.x needs cgroup v1 and this host has {0}': 'Kata 1.x a besoin de cgroup v1, et cette machine a {0}',
  'no cgroups that it finds': 'des cgroups qu’il ne trouve pas',
  '{0} (Kata 3.0 and later know cgroup v2), or boot with systemd.unified_cgroup_hierarchy=0':
    '{0} (Kata connaît cgroup v2 à partir de 3.0), ou démarrer avec systemd.unified_cgroup_hierarchy=0',
  "engine's CPU time": 'temps CPU du moteur',
  'counted by the cgroups of its daemons': 'compté par les cgroups de ses démons',
  '{0}: engine.cpu and total.cpu are absent, and short-lived load of others beside the engine is not noticed. Matters some':
    '{0}~: engine.cpu et total.cpu sont absents, et la charge brève des autres à côté du moteur n’est pas remarquée. Incidence modérée',
  'run dockerd and its containerd in cgroups of their own, as systemd does, and ocibench in another':
    'exécuter dockerd et son containerd dans des cgroups à eux, comme le fait systemd, et ocibench dans un autre',
  "the guest's kernel has no memory cgroup": 'le noyau invité n’a pas de cgroup mémoire',
  'add cgroup_enable=memory to kernel_params in {0}, or use the guest kernel of {1}':
    'ajouter cgroup_enable=memory à kernel_params dans {0}, ou utiliser le noyau invité de {1}',
};
