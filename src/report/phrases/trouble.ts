import type { Phrases } from './phrase.ts';

/** Limits of containers, daemons that fail, and disks that are full. */
export const troublePhrases: Phrases = {
  "does not take the parameters '{0}': {1}": 'n’accepte pas les paramètres «~{0}~»~: {1}',
  'return a request for every parameter set of presets':
    'renvoyer une demande pour chaque jeu de paramètres de presets',
  'is {0}: every container has a time limit': 'vaut {0}~: tout conteneur a une durée limite',
  'write milliseconds, {0} at most, such as 60_000':
    'indiquer des millisecondes, {0} au plus, par exemple 60_000',
  'is {0}: every container has a memory limit': 'vaut {0}~: tout conteneur a une limite de mémoire',
  'write bytes, {0} at least; without it the limit is {1}':
    'indiquer des octets, {0} au moins~; sans cette clé, la limite est {1}',
  'write a number of CPUs such as 0.5, or leave it out':
    'indiquer un nombre de processeurs tel que 0.5, ou retirer la clé',
  "'{0}' cannot be the target of a mount": '«~{0}~» ne peut pas être la cible d’un montage',
  "write an absolute path without a colon, such as '/scratch'":
    'écrire un chemin absolu sans deux-points, par exemple «~/scratch~»',
  'is missing: {0} bytes of memory are more than every workload gets':
    'manque~: {0} octets de mémoire, c’est plus que ce que reçoit toute charge',
  "say why: needs: { because: '…' }": 'dire pourquoi, dans needs.because',
  'say why the workload needs more than others': 'dire pourquoi la charge a besoin de plus que les autres',
  '{0} cannot be asked for': '{0} ne peut pas être demandé',
  "must be a duration such as '10s' or '1m'": 'doit être une durée telle que «~10s~» ou «~1m~»',
  'had handed over all output': 'avait transmis toute la sortie',
  'said how the container ended': 'avait dit comment le conteneur s’est terminé',
  'told the id of the container': 'avait donné l’identifiant du conteneur',
  'asking what it is': 'demande de ses caractéristiques',
  'asking for its version': 'demande de sa version',
  'asking for its runtimes': 'demande de ses runtimes',
  'looking for the image {0}': 'recherche de l’image {0}',
  'importing the image {0}': 'import de l’image {0}',
  'asking for its conditions': 'demande de ses conditions',
  'listing its containers': 'liste de ses conteneurs',
  'the connection to the engine ended before it {0}':
    'la connexion au moteur a été coupée avant qu’il n’ait fini~: {0}',
  'the Docker daemon at {0} cannot be used: its answer to {1} lacks {2}; what would help:\n  use Docker 20.10 (API {3}) or newer, or --engine embedded':
    'le démon Docker à l’adresse {0} est inutilisable~: sa réponse à {1} ne contient pas {2}~; pour y remédier~:\n  utiliser Docker 20.10 (API {3}) ou plus récent, ou --engine embedded',
  'the Docker daemon at {0} is too old: Docker {1} speaks API {2}, and {3} is needed, which tells the version of its cgroups; what would help:\n  use Docker 20.10 or newer, or --engine embedded':
    'le démon Docker à l’adresse {0} est trop ancien~: Docker {1} parle l’API {2}, or il faut la {3}, qui indique la version des cgroups~; pour y remédier~:\n  utiliser Docker 20.10 ou plus récent, ou --engine embedded',
  "the engine was lost: {0}; what would help:\n  look into the daemon's log (journalctl -u docker), and start the command again once it is back":
    'le moteur a été perdu~: {0}~; pour y remédier~:\n  consulter le journal du démon (journalctl -u docker) et relancer la commande une fois qu’il est revenu',
  'ocibench was stopped in the midst of it (Ctrl-Z, SIGSTOP)':
    'ocibench a été suspendu pendant son déroulement (Ctrl-Z, SIGSTOP)',
  'ocibench stood still for {0} ms in the midst of it (freezer cgroup, docker pause, a stopped virtual machine)':
    'ocibench a été figé {0#}~ms pendant son déroulement (cgroup freezer, docker pause, machine virtuelle arrêtée)',
  'the thread of the heartbeat has ended': 'le fil d’exécution du battement de cœur s’est terminé',
  'the host was suspended for {0} ms in the midst of it':
    'l’hôte a été mis en veille {0#}~ms pendant son déroulement',
  'it ended, or was restarted': 'il s’est arrêté ou a été redémarré',
  'no space is left in {0}': 'plus de place dans {0}',
  'a file cannot be written': 'un fichier ne peut pas être écrit',
  'no space is left on its device (ENOSPC)': 'plus de place sur son périphérique (ENOSPC)',
  'free some space there': 'y libérer de la place',
  'the disk quota is used up (EDQUOT)': 'le quota de disque est épuisé (EDQUOT)',
  'free some space there, or have the quota raised': 'y libérer de la place, ou faire augmenter le quota',
  'it would be larger than allowed (EFBIG)': 'il dépasserait la taille permise (EFBIG)',
  'raise the limit (ulimit -f)': 'relever la limite (ulimit -f)',
  'the device failed (EIO)': 'le périphérique est en panne (EIO)',
  'look into the kernel log (dmesg)': 'consulter le journal du noyau (dmesg)',
  'its file system is read-only (EROFS)': 'son système de fichiers est en lecture seule (EROFS)',
  'mount it for writing': 'le monter en écriture',
  'permission denied (EACCES)': 'permission refusée (EACCES)',
  'permission denied (EPERM)': 'permission refusée (EPERM)',
  'run as a user who may write there': 'lancer en tant qu’utilisateur qui peut y écrire',
  'a part of the path is no directory (EEXIST)': 'une partie du chemin n’est pas un répertoire (EEXIST)',
  'a part of the path is no directory (ENOTDIR)': 'une partie du chemin n’est pas un répertoire (ENOTDIR)',
  'remove what is in the way': 'supprimer ce qui gêne',
  '{0}; or choose another place with {1}': '{0}~; ou choisir un autre endroit avec {1}',
  'the trial has no mark {0}': 'l’essai n’a pas de repère {0}',
  'the trial has no output of the step {0}': 'l’essai n’a pas de sortie de l’étape {0}',
  'the trial has no figure {0}': 'l’essai n’a pas de valeur {0}',
  'the disk quota is used up in {0}': 'le quota de disque est épuisé dans {0}',
  'its data directory': 'son répertoire de données',
  'it is Docker {0} now and was {1}': 'c’est maintenant Docker {0}, et c’était {1}',
  'it does not answer within {0} s': 'il ne répond pas en {0} s',
  '{0} of its processes were left after the removal ({1}), and were ended':
    '{0#} de ses processus subsistaient après la suppression ({1}) et ont été arrêtés',
  "su tells the kernel's audit whom it becomes, and ends where it may not":
    'su déclare à l’audit du noyau qui il devient, et s’arrête s’il n’en a pas le droit',
  "it tells what a container of Docker's may do by default":
    'elle montre ce qu’un conteneur Docker peut faire par défaut',
  'it also times calls that capabilities allow (chroot, mknod); one that is refused costs less':
    'elle mesure aussi des appels que des capabilities permettent (chroot, mknod)~; un appel refusé coûte moins cher',
  'how long create, start and remove may take, each (default: 30s)':
    'durée maximale de chaque création, démarrage et suppression (par défaut~: 30s)',
  'ocibench: the Docker daemon failed: {0}; what would help:':
    'ocibench~: le démon Docker a échoué~: {0}~; pour y remédier~:',
  '  free some space where the daemon keeps its data; of the embedded engine that is OCIBENCH_STATE, or else /var/lib/ocibench':
    '  libérer de la place là où le démon garde ses données~; pour le moteur embarqué, c’est OCIBENCH_STATE, sinon /var/lib/ocibench',
  '  look into its log (journalctl -u docker), and start the command again once it is well':
    '  consulter son journal (journalctl -u docker) et relancer la commande une fois qu’il va bien',
  'what was measured is in {0}; once the cause is mended:':
    'les mesures sont dans {0}~; une fois la cause corrigée~:',
  'write its reports with:  ocibench report {0}': 'pour écrire les rapports~:  ocibench report {0}',
  'what was measured until then is in {0}; once the cause is mended:':
    'les mesures faites jusque-là sont dans {0}~; une fois la cause corrigée~:',
};
