import type { Phrases } from './phrase.ts';

/** What goes wrong with engines, images, stored runs and single trials (`engine/`, `images/`, `store/`, `execute/`). */
export const executionPhrases: Phrases = {
  // A trial’s failure: the step, then what happened in it
  'most often prepare: {0}': 'le plus souvent pendant la préparation~: {0}',
  'most often create: {0}': 'le plus souvent pendant la création~: {0}',
  'most often attach: {0}': 'le plus souvent pendant le rattachement~: {0}',
  'most often start: {0}': 'le plus souvent pendant le démarrage~: {0}',
  'most often run: {0}': 'le plus souvent pendant l’exécution~: {0}',
  'most often peer: {0}': 'le plus souvent pendant le travail du pair~: {0}',
  'most often probe: {0}': 'le plus souvent pendant l’interrogation du service~: {0}',
  'most often exec: {0}': 'le plus souvent pendant l’exécution d’un programme lancé dans le conteneur~: {0}',
  'most often pause: {0}': 'le plus souvent pendant la mise en pause~: {0}',
  'most often stop: {0}': 'le plus souvent pendant l’arrêt~: {0}',
  'most often remove: {0}': 'le plus souvent pendant la suppression~: {0}',
  'most often collect: {0}': 'le plus souvent pendant la collecte~: {0}',
  'most often parse: {0}': 'le plus souvent pendant la lecture de la sortie~: {0}',
  'exit code {0}{1}: {2}': 'code de retour {0}{1}~: {2}',
  ' (SIGKILL: often the memory limit)': ' (SIGKILL~: souvent la limite de mémoire)',
  'exit code {0} (SIGKILL: often the memory limit): {1}':
    'code de retour {0} (SIGKILL~: souvent la limite de mémoire)~: {1}',
  'the container did not stamp the begin and the end of its work':
    'le conteneur n’a pas marqué le début et la fin de son travail',
  'copy {0} ended with exit code {1}': 'la copie {0} s’est terminée avec le code de retour {1}',
  'the container ended by itself with exit code {0}':
    'le conteneur s’est terminé de lui-même avec le code de retour {0}',
  'no answer to {0} within {1} ms': 'pas de réponse à {0} en {1#}~ms',
  'no answer within {0} s': 'pas de réponse en {0#}~s',
  '{0}: no answer within {1} ms': '{0}~: pas de réponse en {1#}~ms',
  '{0}: no end within {1} ms': '{0}~: pas de fin en {1#}~ms',
  'the prober ended with {0}': 'la sonde s’est terminée avec {0}',
  'the prober has no output': 'la sonde n’a pas de sortie',
  'the server did not answer in time': 'le serveur n’a pas répondu à temps',
  'a bind mount needs an engine on this host': 'un montage bind demande un moteur sur cette machine',
  'trial {0}: {1} {2} is not part of this run': 'essai {0}~: {1} {2} ne fait pas partie de cette campagne',
  'the image {0} was not provided': 'l’image {0} n’a pas été fournie',
  'the image {0} of a peer was not provided': 'l’image {0} d’un pair n’a pas été fournie',
  'the workload has no peer to run a program in': 'la charge n’a pas de pair dans lequel lancer un programme',
  'the engine gave the container no address': 'le moteur n’a pas donné d’adresse au conteneur',
  "'{0}' ended with exit code {1}: {2}": '«~{0}~» s’est terminé avec le code de retour {1}~: {2}',
  "'{0}' was not printed": '«~{0}~» n’a pas été affiché',
  'the engine gives no exit code of the program': 'le moteur ne donne pas de code de retour du programme',

  // Engines
  'start Docker:  systemctl start docker   (or set DOCKER_HOST)':
    'démarrer Docker~:  systemctl start docker   (ou définir DOCKER_HOST)',
  'default socket': 'socket par défaut',
  'run as root:  sudo ./ocibench run   (namespaces and cgroups need it)':
    'lancer en tant que root~:  sudo ./ocibench run   (les espaces de noms et les cgroups l’exigent)',
  'install {0}:  ./ocibench setup   (or: apt-get install -y docker.io containerd iproute2)':
    'installer {0}~:  ./ocibench setup   (ou~: apt-get install -y docker.io containerd iproute2)',
  'the embedded engine cannot start here; what would help:\n  {0}':
    'le moteur intégré ne peut pas démarrer ici~; ce qui aiderait~:\n  {0}',
  '{0}; what would help:\n  {1}': '{0}~; ce qui aiderait~:\n  {1}',
  'or, as root, a private engine:  ./ocibench run --engine embedded':
    'ou, en tant que root, un moteur privé~:  ./ocibench run --engine embedded',
  'the embedded engine’s first process was not found':
    'le premier processus du moteur intégré est introuvable',
  'the embedded engine did not start; its log ends with:\n{0}':
    'le moteur intégré n’a pas démarré~; son journal se termine par~:\n{0}',

  // Images
  "the image '{0}' cannot be built: mmdebstrap is not installed; what would help:\n  ./ocibench setup   (or: apt-get install -y mmdebstrap)":
    'l’image «~{0}~» ne peut pas être construite~: mmdebstrap n’est pas installé~; ce qui aiderait~:\n  ./ocibench setup   (ou~: apt-get install -y mmdebstrap)',
  "the image '{0}' could not be built (the Debian archive must be reachable: apt-get update); mmdebstrap said:\n  {1}":
    'l’image «~{0}~» n’a pas pu être construite (l’archive Debian doit être joignable~: apt-get update)~; mmdebstrap a dit~:\n  {1}',
  "building the image '{0}' from Debian packages ({1}); it is kept in {2}":
    'construction de l’image «~{0}~» à partir de paquets Debian ({1})~; elle est gardée dans {2}',
  'built in {0} s, {1} MiB': 'construite en {0#}~s, {1#}~Mio',

  // Stored runs
  '{0}, line {1}: not a record of this version: {2}':
    '{0}, ligne {1}~: ce n’est pas un enregistrement de cette version~: {2}',
  'restore the file, or remove that line if the trial it holds may be lost':
    'restaurer le fichier, ou supprimer cette ligne si l’essai qu’elle contient peut être perdu',
  'it is not JSON': 'ce n’est pas du JSON',
  'there is no run here': 'il n’y a pas de campagne ici',
  '{0}: there is no run here': '{0}~: il n’y a pas de campagne ici',
  '{0}: it is not JSON': '{0}~: ce n’est pas du JSON',
  "no run '{0}'": 'pas de campagne «~{0}~»',
  'there is no such run: looked for {0}': 'cette campagne n’existe pas~: cherché {0&}',
  'measure first:  ocibench run': 'mesurer d’abord~:  ocibench run',
  'for example {0}': 'par exemple {0}',

  // Packages
  '{0}; get it from {1}': '{0}~; à prendre sur {1}',
  '{0} is left out: {1}': '{0} est laissé de côté~: {1}',
  'only root can install it': 'seul root peut l’installer',
  'this is no Debian or Ubuntu (there is no apt-get)': 'ce n’est ni Debian ni Ubuntu (pas d’apt-get)',
  'install Docker Engine: https://docs.docker.com/engine/install/':
    'installer Docker Engine~: https://docs.docker.com/engine/install/',
  'missing here: {0}; {1}. What would help:\n  {2}': 'il manque ici~: {0}~; {1}. Ce qui aiderait~:\n  {2}',
  'apt-get update did not succeed; going on with the package lists that are here:\n{0}':
    'apt-get update a échoué~; on continue avec les listes de paquets présentes~:\n{0}',
  'this distribution has no package of it': 'cette distribution ne l’a pas en paquet',
  'the packages could not be installed ({0}):\n{1}\nWhat would help:\n  {2}':
    'les paquets n’ont pas pu être installés ({0})~:\n{1}\nCe qui aiderait~:\n  {2}',
  'apt-get could not install it: {0}': 'apt-get n’a pas pu l’installer~: {0}',
  'installing Debian packages that are missing here:': 'installation des paquets Debian qui manquent ici~:',
  'systemd will start what {0} bring{1}; to undo that:  systemctl disable --now {2}':
    'systemd démarrera les services de {0&}~; pour l’annuler~:  systemctl disable --now {2}{1-}',
  'the Docker engine': 'le moteur Docker',
  'runs the containers for dockerd': 'exécute les conteneurs pour dockerd',
  'keeps each container': 'garde chaque conteneur',
  'the baseline runtime': 'le runtime de référence',
  "dockerd's bridge network": 'le réseau bridge de dockerd',
  "the engine's own network namespace": 'l’espace de noms réseau du moteur',
  "the engine's own namespaces": 'les espaces de noms du moteur',
  'ends the engine with the harness': 'arrête le moteur avec l’outil',
  "the engine's own mounts": 'les montages du moteur',
  'builds the images of the workloads': 'construit les images des charges',
  'a runtime to compare': 'un runtime à comparer',
  'gVisor, a runtime to compare': 'gVisor, un runtime à comparer',

  // A run that was cut off, and the lock of the host
  'wait for another measurement on this host to end, instead of refusing':
    'attendre la fin d’une autre mesure sur cette machine au lieu de refuser',
  'it does not answer: {0}': 'il ne répond pas~: {0}',
  'it does not answer within {0} ms': 'il ne répond pas en {0#}~ms',
  'the lock of this host cannot be written': 'le verrou de cette machine ne peut pas être écrit',
  'cannot be made ({0})': 'ne peut pas être créé ({0})',
  'choose another place for it:  OCIBENCH_LOCK=FILE':
    'lui choisir un autre emplacement~:  OCIBENCH_LOCK=FICHIER',
  '{0} is the lock of a process that is gone, and cannot be removed':
    '{0} est le verrou d’un processus disparu, et ne peut pas être supprimé',
  'it belongs to another user ({0})': 'il appartient à un autre utilisateur ({0})',
  '{0} cannot be read as a run': '{0} n’est pas lisible comme une campagne',
  'name another directory': 'indiquer un autre répertoire',
  'restore the file': 'restaurer le fichier',
  'is {0}; this ocibench reads {1}': 'vaut {0}~; cet ocibench lit {1}',
  'read it with {0} that wrote it, or measure anew': 'le lire avec {0} qui l’a écrit, ou mesurer de nouveau',
  'not what schemaVersion {0} has there: {1}': 'pas ce que schemaVersion {0} y met~: {1}',
  'restore the file, or measure anew': 'restaurer le fichier, ou mesurer de nouveau',
};
