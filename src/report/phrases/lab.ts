import type { Phrases } from './phrase.ts';

/** The lab: a virtual machine made for measuring (`lab/`, `commands/lab*.ts`). */
export const labPhrases: Phrases = {
  'the lab cannot be made like that': 'le labo ne peut pas être monté ainsi',
  "must be a number from 1 to 255, but is '{0}'": 'doit être un nombre de 1 à 255, mais vaut «~{0}~»',
  'for example --cpus 2': 'par exemple --cpus 2',
  "must be at least {0} MiB, but is '{1}'": 'doit être d’au moins {0}~Mio, mais vaut «~{1}~»',
  "half of this host's: {0} MiB": 'la moitié de celle de cette machine~: {0}~Mio',
  'for example --memory 2G': 'par exemple --memory 2G',
  'the lab runs on x86_64 only; this machine is {0}':
    'le labo ne fonctionne que sur x86_64~; cette machine est {0}',
  'the lab is built already': 'le labo est déjà construit',
  'needs a terminal': 'demande un terminal',
  'for one command:  ocibench lab exec -- COMMAND':
    'pour une seule commande~:  ocibench lab exec -- COMMANDE',
  'accelerator: {0} ({1})': 'accélérateur~: {0} ({1})',
  'interrupted: the guest ends what it does, its results are brought back':
    'interruption~: la machine virtuelle termine ce qu’elle fait, ses résultats sont rapatriés',
  'booting a guest with {0} CPUs and {1} MiB of memory':
    'démarrage d’une machine virtuelle avec {0} processeurs et {1}~Mio de mémoire',
  'up after {0} s': 'prête après {0#}~s',
  'the guest did not boot under KVM ({0}): trying again with tcg':
    'la machine virtuelle n’a pas démarré sous KVM ({0})~: nouvel essai avec tcg',
  'go on with:  ocibench lab run -- --resume {0}\nreport of what there is:  ocibench report {1}':
    'pour reprendre~:  ocibench lab run -- --resume {0}\nrapport de ce qu’il y a~:  ocibench report {1}',
  'it ended before its command did': 'elle s’est arrêtée avant la fin de sa commande',
  'the guest failed: {0}; its console ends with:\n  {1}':
    'la machine virtuelle a échoué~: {0}~; sa console se termine par~:\n  {1}',
  'left in the guest: {0}': 'resté dans la machine virtuelle~: {0}',
  'under emulation everything is several times slower: the run may measure for {0} (--max-time to choose)':
    'en émulation, tout est plusieurs fois plus lent~: la campagne peut mesurer pendant {0} (--max-time pour choisir)',
  'the workloads of bench.config.ts are not taken into the guest':
    'les charges de bench.config.ts ne sont pas emportées dans la machine virtuelle',
  'it was asked for': 'demandé',
  'there is no /dev/kvm': 'il n’y a pas de /dev/kvm',
  'this user may not open /dev/kvm (is it in the group kvm?)':
    'cet utilisateur n’a pas le droit d’ouvrir /dev/kvm (est-il dans le groupe kvm~?)',
  'a guest booted under it': 'une machine virtuelle y a démarré',
  'KVM was tried: {0}': 'KVM a été essayé~: {0}',
  'an ordinary guest gave no sign of life within {0} s':
    'une machine virtuelle ordinaire n’a pas donné signe de vie en {0#}~s',
  'an ordinary guest did not boot: {0}': 'une machine virtuelle ordinaire n’a pas démarré~: {0}',
  '{0} minutes': '{0#} {0|minute|minutes}',
  'it did not answer within {0}': 'elle n’a pas répondu en {0}',
  'it was not done within {0}': 'elle n’a pas terminé en {0}',
  'it has not been heard of for {0}': 'elle ne donne plus signe de vie depuis {0}',
  'setpriv or QEMU could not be started: {0}': 'setpriv ou QEMU n’a pas pu être lancé~: {0}',
  'QEMU ended': 'QEMU s’est arrêté',
  'it ended while it booted': 'elle s’est arrêtée pendant le démarrage',
  "{0} is linked with libraries of this system ({1}) and cannot run in the lab; use Node from https://nodejs.org or the npm package 'node'":
    '{0} est lié à des bibliothèques de ce système ({1}) et ne peut pas tourner dans le labo~; utiliser Node depuis https://nodejs.org ou le paquet npm «~node~»',
  "the lab's disk could not be built ({0}); {1} said:\n  {2}":
    'le disque du labo n’a pas pu être construit ({0})~; {1} a dit~:\n  {2}',
  'the Debian archive must be reachable: apt-get update; without root, your user needs a range in /etc/subuid and a TMPDIR that others may enter':
    'l’archive Debian doit être joignable~: apt-get update~; sans root, l’utilisateur a besoin d’une plage dans /etc/subuid et d’un TMPDIR que d’autres peuvent traverser',
  'e2fsprogs 1.47.1 or newer and libarchive are needed: apt-get install -y e2fsprogs libarchive-tools':
    'il faut e2fsprogs 1.47.1 ou plus récent et libarchive~: apt-get install -y e2fsprogs libarchive-tools',
  'the disk is damaged': 'le disque est abîmé',
  "the lab's disk holds no {0}": 'le disque du labo ne contient pas {0}',
  "building the lab's disk from Debian packages (once, about a minute); it is kept in {0}":
    'construction du disque du labo à partir de paquets Debian (une seule fois, une minute environ)~; il est gardé dans {0}',
  'built in {0} s, {1} MiB on disk': 'construit en {0#}~s, {1#}~Mio sur le disque',
  "builds the guest's Debian": 'construit le Debian de la machine virtuelle',
  'makes the disks': 'crée les disques',
  'reads the results from the disk': 'lit les résultats sur le disque',
  'mends a disk after a guest that was killed': 'répare un disque après une machine virtuelle tuée',
  'its library lets mke2fs read a tar file': 'sa bibliothèque permet à mke2fs de lire une archive tar',
  'runs the guest': 'exécute la machine virtuelle',
  'ends QEMU with the harness': 'arrête QEMU avec l’outil',
  'lets mmdebstrap work without root': 'permet à mmdebstrap de travailler sans root',
  'the lab needs programs that are missing here:\n{0}\nwhat would help:  ./ocibench setup --lab   (as root), or\n  {1}':
    'le labo a besoin de programmes qui manquent ici~:\n{0}\nce qui aiderait~:  ./ocibench setup --lab   (en tant que root), ou\n  {1}',
};
