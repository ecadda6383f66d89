import type { Phrases } from './phrase.ts';

/** The state directory, and what is left of earlier runs. */
export const statePhrases: Phrases = {
  'the state of a run cannot be kept safely': 'l’état d’une campagne ne peut pas être conservé en sécurité',
  'another user could replace it: {0}': 'un autre utilisateur pourrait le remplacer~: {0}',
  '{0} belongs to user {1}': '{0} appartient à l’utilisateur {1}',
  'other users may write to {0}': 'd’autres utilisateurs peuvent écrire dans {0}',
  'it does not exist': 'il n’existe pas',
  'it is not a directory': 'ce n’est pas un répertoire',
  'it belongs to user {0}': 'il appartient à l’utilisateur {0}',
  'other users may use it (mode {0})': 'd’autres utilisateurs y ont accès (mode {0})',
  'close that directory to others': 'fermer ce répertoire aux autres',
  'find out whose it is, then:  chmod 700 {0}   or move it away':
    'trouver à qui il est, puis~:  chmod 700 {0}   ou le déplacer',
  '{0}; or choose another place with {1}': '{0}~; ou choisir un autre emplacement avec {1}',
  'the scratch directory of {0} is there already': 'le répertoire de travail de {0} existe déjà',
  'another process uses it, or an earlier one left it':
    'un autre processus l’utilise, ou un précédent l’a laissé',
  'ocibench clean   (removes it where its process is gone)':
    'ocibench clean   (le supprime si son processus a disparu)',
  'the embedded engine was not started: it would write to the host’s own files':
    'le moteur intégré n’a pas été démarré~: il écrirait dans les fichiers de la machine',
  'keep the state on a file system that can hold an overlay (ext4, xfs, btrfs, tmpfs):  {0}':
    'garder l’état sur un système de fichiers qui accepte un overlay (ext4, xfs, btrfs, tmpfs)~:  {0}',
  'as root, no run is written where another user can change it':
    'en tant que root, aucune campagne n’est écrite là où un autre utilisateur peut la modifier',
  'name another directory with --out, or run it as that user (with sudo, that user counts as you)':
    'indiquer un autre répertoire avec --out, ou la lancer comme cet utilisateur (avec sudo, cet utilisateur, c’est vous)',
  'left alone: {0}': 'laissé en place~: {0}',
  'cgroups of run {0}, which may still be measured; once no ocibench runs on this machine:  ocibench clean':
    'les cgroups de la campagne {0}, peut-être encore en cours~; quand aucun ocibench ne tourne sur cette machine~:  ocibench clean',
  '{0}, which may be scratch of ocibench 0.1: any user can make a directory of that name; once it is yours for certain:  rm -rf --one-file-system {1}':
    '{0}, peut-être un répertoire de travail d’ocibench 0.1~: tout utilisateur peut créer un répertoire de ce nom~; une fois certain qu’il est à vous~:  rm -rf --one-file-system {1}',
  '{0}, which has no record of its process': '{0}, où rien ne dit quel processus l’a fait',
  'containers of runs that cannot be seen from here (another PID namespace, ocibench 0.1), left alone: {0}; once none of them measures any more:  ocibench clean --other-hosts':
    'conteneurs de campagnes invisibles d’ici (autre espace de noms PID, ocibench 0.1), laissés en place~: {0}~; quand aucune ne mesure plus~:  ocibench clean --other-hosts',
  'interrupted: ending the clean-up': 'interrompu~: fin du nettoyage',
  'it does not answer any more': 'il ne répond plus',
  'nothing was removed': 'rien n’a été supprimé',
  'wait for a measurement on this host to end, instead of refusing':
    'attendre la fin d’une mesure sur cette machine au lieu de refuser',
};
