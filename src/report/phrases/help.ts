import type { Phrases } from './phrase.ts';

/** `--help`, and what the parser of the command line complains of (`cli.ts`, commander). */
export const helpPhrases: Phrases = {
  // Commands
  'What does a container runtime cost? The same workloads under every runtime of daemon.json.':
    'Que coûte un runtime de conteneurs~? Les mêmes charges sous chaque runtime de daemon.json.',
  'measure and report': 'mesurer et écrire le rapport',
  'install what is missing, then run the quick comparison':
    'installer ce qui manque, puis faire la comparaison rapide',
  'install the Debian packages that the embedded engine needs, if any is missing':
    'installer les paquets Debian dont le moteur intégré a besoin, s’il en manque',
  'is this machine fit for measuring, and can each runtime run here?':
    'cette machine convient-elle aux mesures, et chaque runtime peut-il y fonctionner~?',
  'prove the instrument: known amounts of work and overhead against what is measured':
    'éprouver l’instrument~: des quantités connues de travail et de surcoût face à ce qui est mesuré',
  'runtimes, workloads and metrics': 'runtimes, charges et métriques',
  'write the reports of a run again, from disk, without Docker':
    'réécrire les rapports d’une campagne, depuis le disque, sans Docker',
  'to be published: without names of host and users, addresses, paths; in anonymous/':
    'à publier~: sans noms de machine ni d’utilisateurs, adresses ni chemins~; dans anonymous/',
  'what changed from one run to another? exit 1 where something got worse':
    'qu’est-ce qui a changé d’une campagne à l’autre~? code 1 si quelque chose a empiré',
  'remove what a run that was killed left behind on this host':
    'supprimer ce qu’une campagne tuée a laissé sur cette machine',
  'a throwaway virtual machine with systemd, pure cgroup v2 and Docker, to measure in':
    'une machine virtuelle jetable avec systemd, cgroup v2 pur et Docker, pour y mesurer',
  "build the guest's disk, once; it is kept in the cache":
    'construire le disque de la machine virtuelle, une fois~; il reste en cache',
  '`ocibench run` in a guest: lab run -- OPTIONS OF RUN':
    '`ocibench run` dans une machine virtuelle~: lab run -- OPTIONS DE RUN',
  'any command in a guest, as root: lab exec -- ocibench doctor':
    'toute commande dans une machine virtuelle, en tant que root~: lab exec -- ocibench doctor',
  'an interactive root shell in a guest': 'un shell root interactif dans une machine virtuelle',
  'remove the cached disk, and what a lab that was killed left behind':
    'supprimer le disque en cache, et ce qu’un labo tué a laissé',

  // runtimes
  'do not ask': 'ne pas demander',
  'show the difference, write nothing': 'montrer la différence, ne rien écrire',
  'change the file alone; dockerd is not told': 'modifier le fichier seulement~; dockerd n’en est pas averti',
  'register runtimes in the daemon.json of this host, safely; see docs/runtimes.md':
    'déclarer sans risque des runtimes dans le daemon.json de cette machine~; voir docs/runtimes.md',
  'where runtimes are registered, and which of them Docker can use':
    'où les runtimes sont déclarés, et lesquels Docker peut utiliser',
  'register an OCI runtime: runtimes add NAME --path FILE -- ARGUMENTS':
    'déclarer un runtime OCI~: runtimes add NOM --path FICHIER -- ARGUMENTS',
  'by which `docker run --runtime` will call it': 'par lequel `docker run --runtime` l’appellera',
  'arguments that the runtime always gets, after --': 'arguments que le runtime reçoit toujours, après --',
  'a runtime of daemon.json': 'un runtime de daemon.json',
  'also where containers were created with it': 'même si des conteneurs ont été créés avec lui',

  'take a runtime out': 'retirer un runtime',

  // Options and arguments
  'only these runtimes, by their names in daemon.json, with commas between':
    'ces runtimes seulement, par leurs noms dans daemon.json, séparés par des virgules',
  'which Docker engine': 'quel moteur Docker',
  'which runtimes are registered (default: /etc/docker/daemon.json, else what is on PATH)':
    'quels runtimes sont déclarés (par défaut~: /etc/docker/daemon.json, sinon ce qui est dans le PATH)',
  'configuration (default: bench.config.ts in this directory, if there)':
    'configuration (par défaut~: bench.config.ts dans ce répertoire, s’il existe)',
  'how much is measured': 'combien de choses sont mesurées',
  'only these workloads or categories, with commas between':
    'ces charges ou catégories seulement, séparées par des virgules',
  'what the others are compared with (default: runc)': 'à quoi les autres sont comparés (par défaut~: runc)',
  'least and most measured blocks': 'nombres minimal et maximal de blocs mesurés',
  "stop when every ratio's interval is ± this narrow, e.g. 3%":
    'arrêter quand l’intervalle de chaque rapport est à ± cette valeur, par ex. 3%',
  'end after this time at the latest, e.g. 10m': 'finir au plus tard après cette durée, par ex. 10m',
  'time between two readings of a running container, 5ms to 60s':
    'temps entre deux relevés d’un conteneur en marche, de 5ms à 60s',
  'seed of the random order': 'graine de l’ordre aléatoire',
  'where results/ and charts/ are written (default: this directory)':
    'où sont écrits results/ et charts/ (par défaut~: ce répertoire)',
  'go on with an interrupted run: its id, a path, or latest':
    'reprendre une campagne interrompue~: son identifiant, un chemin, ou latest',
  'language of reports and of what is said (default: that of the locale)':
    'langue des rapports et des messages (par défaut~: celle de la locale)',
  'kept in run.json; can be repeated': 'gardé dans run.json~; peut être répété',
  'print the analysis as JSON instead of a table': 'afficher l’analyse en JSON au lieu d’un tableau',
  'print the result only': 'n’afficher que le résultat',
  'a plain line a block instead of a live view, as where there is no terminal':
    'une ligne par bloc au lieu d’une vue animée, comme sans terminal',
  'memory of the guest, e.g. 2G (default: half of this host, at most 4G)':
    'mémoire de la machine virtuelle, par ex. 2G (par défaut~: la moitié de cette machine, au plus 4G)',
  'processors of the guest (default: those of this host, at most 4)':
    'processeurs de la machine virtuelle (par défaut~: ceux de cette machine, au plus 4)',
  'how the guest is executed (default: KVM where a guest boots under it)':
    'comment la machine virtuelle est exécutée (par défaut~: KVM si une machine y démarre)',
  "the guest's daemon.json (default: runc, crun, runsc, runsc-ptrace, kata)":
    'le daemon.json de la machine virtuelle (par défaut~: runc, crun, runsc, runsc-ptrace, kata)',
  'options of `ocibench run`, after --': 'options de `ocibench run`, après --',
  'program and arguments, after --': 'programme et arguments, après --',
  'also those of the lab': 'aussi ceux du labo',
  'for programs': 'pour les programmes',
  'also containers that live 10 s': 'aussi des conteneurs qui vivent 10~s',
  'only these checks, with commas between (all: see docs/accounting.md)':
    'ces vérifications seulement, séparées par des virgules (toutes~: voir docs/accounting.md)',
  'least and most blocks (default: 8..60)': 'nombres minimal et maximal de blocs (par défaut~: 8..60)',
  'end after this time at the latest (default: 25m)':
    'finir au plus tard après cette durée (par défaut~: 25m)',
  'where results/ is written (default: this directory)': 'où est écrit results/ (par défaut~: ce répertoire)',
  'print calibration.json instead of a table': 'afficher calibration.json au lieu d’un tableau',
  'runtimes, workloads or metrics; all when left out': 'runtimes, workloads ou metrics~; tout si omis',
  'a run id, a path, or latest': 'un identifiant de campagne, un chemin, ou latest',
  'where results/ and charts/ are (default: this directory)':
    'où sont results/ et charts/ (par défaut~: ce répertoire)',
  'where workloads of your own are; it is code, and only loaded where it is named':
    'où sont vos propres charges~; c’est du code, chargé seulement s’il est nommé',
  'go on although these differ, e.g. host.kernel,runtimes.runsc.sha256; or all':
    'continuer malgré ces différences, par ex. host.kernel,runtimes.runsc.sha256~; ou all',
  'where results/ is (default: this directory)': 'où est results/ (par défaut~: ce répertoire)',
  'also containers in the Docker daemon of runs that other hosts measured there':
    'aussi les conteneurs, dans le démon Docker, de campagnes que d’autres hôtes y ont mesurées',
  'also the images of ocibench in the Docker daemon': 'aussi les images d’ocibench dans le démon Docker',
  'also the cached image files': 'aussi les fichiers d’images en cache',
  '(--help shows what there is)': '(--help montre ce qu’il y a)',

  // What commander says by itself
  'Usage:': 'Usage~:',
  'Options:': 'Options~:',
  'Arguments:': 'Arguments~:',
  'Commands:': 'Commandes~:',
  '(choices: {0})': '(au choix~: {0})',
  '(default: {0})': '(par défaut~: {0})',
  'display help for command': 'afficher l’aide de la commande',
  'output the version number': 'afficher le numéro de version',
  "error: unknown option '{0}'": 'erreur~: option inconnue «~{0}~»',
  "error: unknown command '{0}'": 'erreur~: commande inconnue «~{0}~»',
  "error: missing required argument '{0}'": 'erreur~: il manque l’argument «~{0}~»',
  "error: option '{0}' argument missing": 'erreur~: il manque la valeur de l’option «~{0}~»',
  "error: option '{0}' argument '{1}' is invalid. Allowed choices are {2}.":
    'erreur~: l’option «~{0}~» n’admet pas «~{1}~», mais seulement {2}.',
  "error: too many arguments for '{0}'. Expected {1} argument{2} but got {3}: {4}.":
    'erreur~: trop d’arguments pour «~{0}~»~: {1} {1|attendu|attendus}, {3} {3|donné|donnés}{2-}~: {4}.',
  'error: too many arguments. Expected {0} argument{1} but got {2}: {3}.':
    'erreur~: trop d’arguments~: {0} {0|attendu|attendus}, {2} {2|donné|donnés}{1-}~: {3}.',
  '(Did you mean {0}?)': '(Vouliez-vous dire {0}~?)',
  '(Did you mean one of {0}?)': '(Vouliez-vous dire l’un de {0}~?)',
};
