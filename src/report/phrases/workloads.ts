import type { Phrases } from './phrase.ts';

/** Titles of workloads, why one is not supported, what one found out, and outputs that cannot be believed (`workloads/`, `tools/`). */
export const workloadPhrases: Phrases = {
  // Titles
  'Compiling C': 'Compilation de C',
  'Web server: nginx serves a small file': 'Serveur web~: nginx sert un petit fichier',
  'Web server: Node.js answers with JSON': 'Serveur web~: Node.js répond en JSON',
  'Cryptography, a control': 'Cryptographie, un témoin',
  'Database server: PostgreSQL': 'Serveur de base de données~: PostgreSQL',
  'A script that computes': 'Un script qui calcule',
  'Starting Python': 'Démarrage de Python',
  'Key-value store: Redis': 'Base clé-valeur~: Redis',
  'Embedded database: SQLite': 'Base de données embarquée~: SQLite',
  'Archiving many files': 'Archivage de nombreux fichiers',
  'A CPU quota, and whether it is kept': 'Un quota de CPU, et s’il est respecté',
  'Arithmetic, the control': 'Arithmétique, le témoin',
  'File reads and writes': 'Lectures et écritures de fichiers',
  'fsync after every write': 'fsync après chaque écriture',
  'Many small files': 'De nombreux petits fichiers',
  'What a container can see and ask for': 'Ce qu’un conteneur peut voir et demander',
  'Footprint of applications at rest': 'Empreinte d’applications au repos',
  'Touching fresh memory': 'Premier accès à de la mémoire neuve',
  'Lines of output, with and without a log': 'Lignes affichées, avec et sans journal',
  'Footprint of an idle container': 'Empreinte d’un conteneur inactif',
  'At the memory limit': 'À la limite de mémoire',
  'The smallest limit that a container starts in': 'La plus petite limite avec laquelle un conteneur démarre',
  'Memory throughput': 'Débit mémoire',
  'Reading memory that nobody has written': 'Lecture de mémoire jamais écrite',
  'HTTP requests to nginx': 'Requêtes HTTP à nginx',
  'Bulk transfer over TCP': 'Transfert en masse par TCP',
  'Requests to Redis over the network': 'Requêtes à Redis par le réseau',
  'Several containers at once': 'Plusieurs conteneurs à la fois',
  'Idle containers side by side': 'Conteneurs inactifs côte à côte',
  'Start, print a line, end': 'Démarrer, afficher une ligne, finir',
  'Run a program in a running container': 'Lancer un programme dans un conteneur en marche',
  'Freeze and thaw a container': 'Geler et dégeler un conteneur',
  'From create to serving: Node.js': 'De la création au service~: Node.js',
  'From create to serving': 'De la création au service',
  'Stop a container': 'Arrêter un conteneur',
  'Reading the clock': 'Lecture de l’horloge',
  'Creating, looking up and removing files': 'Création, recherche et suppression de fichiers',
  'Pipes, Unix sockets and epoll': 'Tubes, sockets Unix et epoll',
  'Memory: page faults, mmap, brk': 'Mémoire~: défauts de page, mmap, brk',
  'Processes: fork, exec, exit': 'Processus~: fork, exec, exit',
  Signals: 'Signaux',
  'Cost of system calls': 'Coût des appels système',
  'Threads: start, switch, wake': 'Threads~: démarrage, commutation, réveil',
  'A trivial system call in a loop': 'Un appel système trivial en boucle',

  // Why it cannot be measured
  'a tmpfs is memory: there is no device to go to directly':
    'un tmpfs est de la mémoire~: il n’y a pas de périphérique à atteindre directement',
  'the file system refuses O_DIRECT: put the files on one that has it (ext4, xfs), or measure with cache=buffered':
    'le système de fichiers refuse O_DIRECT~: mettre les fichiers sur un autre qui l’accepte (ext4, xfs), ou mesurer avec cache=buffered',
  'the kernel does not tell what a device did for this trial, so that O_DIRECT cannot be told from the page cache: measure with cgroup v2 and its io controller':
    'le noyau ne dit pas ce qu’un périphérique a fait pour cet essai, et O_DIRECT ne se distingue pas du cache de pages~: mesurer avec cgroup v2 et son contrôleur io',
  'O_DIRECT had no effect: fio moved {0} bytes, a device {1} of them, the rest came from or went to memory. Compare with cache=buffered':
    'O_DIRECT est resté sans effet~: sur {0} octets transférés par fio, un périphérique en a vu {1}, le reste venait de la mémoire ou y allait. À comparer à cache=buffered',
  'the root file system’s upper layer is memory of the sandbox (--overlay2=root:self), where fsync reaches no device: compare on a bind mount or a volume':
    'la couche supérieure du système de fichiers racine est de la mémoire du bac à sable (--overlay2=root:self), où fsync n’atteint aucun périphérique~: comparer sur un montage bind ou un volume',
  'registered with --network=none, which leaves a container its loopback device alone; remove it from runtimeArgs, or say --network=host, to measure this':
    'déclaré avec --network=none, ce qui ne laisse au conteneur que sa boucle locale~; pour mesurer ceci, le retirer de runtimeArgs ou mettre --network=host',
  'a container does not start within {0} of memory under this runtime ({1} OOM kills): give it a higher limit':
    'un conteneur ne démarre pas avec {0} de mémoire sous ce runtime ({1} {1|arrêt|arrêts} par l’OOM killer)~: lui donner une limite plus haute',
  'io_uring_setup is refused with EPERM: the engine’s seccomp profile does not allow io_uring (Docker’s default since 25.0), or kernel.io_uring_disabled is set; a profile that allows it would change that':
    'io_uring_setup est refusé avec EPERM~: le profil seccomp du moteur n’autorise pas io_uring (c’est le défaut de Docker depuis 25.0), ou kernel.io_uring_disabled est activé~; un profil qui l’autorise y remédierait',
  'io_uring_setup ends with ENOSYS: this kernel has no io_uring (gVisor: not unless the sandbox is started with it)':
    'io_uring_setup se termine par ENOSYS~: ce noyau n’a pas io_uring (gVisor~: sauf si le bac à sable est lancé avec)',
  'the numbers of system calls on {0} are not known: add them to src/tools/isolation-script.ts':
    'les numéros des appels système sur {0} sont inconnus~: les ajouter à src/tools/isolation-script.ts',

  // Facts
  'nobody: it touched twice its limit': 'personne~: il a touché deux fois sa limite',
  'the kernel (OOM kill, counted in the trial’s cgroup)':
    'le noyau (OOM kill, compté dans le cgroup de l’essai)',
  'the kernel (OOM kill, as the engine says)': 'le noyau (OOM kill, d’après le moteur)',
  'SIGKILL, but no OOM kill in the trial’s cgroup': 'SIGKILL, mais pas d’OOM kill dans le cgroup de l’essai',
  'SIGKILL; who sent it is not told here': 'SIGKILL~; rien ne dit ici qui l’a envoyé',
  'yes, within {0}': 'oui, avec {0}',
  'its own root': 'sa propre racine',
  'one level, named by the container': 'un niveau, au nom du conteneur',
  'the engine’s path, on the host or in a guest':
    'le chemin du moteur, sur la machine ou dans une machine virtuelle',
  'readable, written by gVisor': 'lisible, écrit par gVisor',
  'readable, of a Linux kernel': 'lisible, d’un noyau Linux',
  '{0}, refused {1}, absent {2}': '{0}, refusés~: {1}, absents~: {2}',
  'the container’s id': 'l’identifiant du conteneur',
  'not told': 'non indiqué',
  itself: 'lui-même',
  'not known': 'inconnu',
  strict: 'strict',
  filter: 'filtre',
  refused: 'refusé',
  readable: 'lisible',
  'readable, empty': 'lisible, vide',
  '{0} KiB': '{0}~Kio',
};
