import type { Phrases } from './phrase.ts';

/** What commands say while they work, and their own complaints (`commands/`, `cli.ts`). */
export const commandPhrases: Phrases = {
  // Words that stand alone
  running: 'en cours',
  complete: 'complète',
  interrupted: 'interrompue',
  failed: 'échouée',
  unknown: 'inconnu',
  yes: 'oui',
  no: 'non',

  // Lines of a run
  'removed what an earlier run left: {0}': 'supprimé, reste d’une campagne précédente~: {0}',
  'interrupted: ending the trial in flight and cleaning up':
    'interruption~: fin de l’essai en cours et nettoyage',
  'interrupted: ending the trial in flight': 'interruption~: fin de l’essai en cours',
  'interrupted: cleaning up': 'interruption~: nettoyage',
  'engine: {0}, Docker {1} at {2}, cgroup v{3} ({4})': 'moteur~: {0}, Docker {1} sur {2}, cgroup v{3} ({4})',
  'engine: {0}, Docker {1}, cgroup v{2} ({3})': 'moteur~: {0}, Docker {1}, cgroup v{2} ({3})',
  'configuration: {0}': 'configuration~: {0}',
  '{0}: available': '{0}~: disponible',
  '{0}: unavailable: {1}': '{0}~: indisponible~: {1}',
  'fix: {0}': 'remède~: {0}',
  'this run cannot be resumed: workloads of its own are not known now':
    'cette campagne ne peut pas être reprise~: des charges qui lui sont propres sont inconnues ici',
  'is of a configuration that was not given': 'vient d’une configuration qui n’a pas été donnée',
  'give the configuration of that run:  --config FILE':
    'donner la configuration de cette campagne~:  --config FICHIER',
  'kept for the next run: {0} images in Docker ({1} MiB) and their files in {2}; to remove them:  ocibench clean --images --cache':
    'gardés pour la prochaine campagne~: {0} images dans Docker ({1}~Mio) et leurs fichiers dans {2}~; pour les supprimer~:  ocibench clean --images --cache',
  'cache=cold drops the page cache of the whole host before every such trial: the other containers that run here read from the disk again; leave those workloads out (docs/workloads.md), or stop the containers':
    'cache=cold vide le cache de pages de toute la machine avant chacun de ces essais~: les autres conteneurs d’ici relisent le disque~; omettre ces charges (docs/workloads.md), ou arrêter les conteneurs',
  'cgroups of this run could not be removed: {0}':
    'des cgroups de cette campagne n’ont pas pu être supprimés~: {0}',
  'left behind: {0} empty cgroups of this run, which only root can remove:  sudo ./ocibench clean':
    'restes~: {0} cgroups vides de cette campagne, que seul root peut supprimer~:  sudo ./ocibench clean',
  'cgroups of {0} runs ({1}…), which only root can remove:  sudo ./ocibench clean':
    'cgroups de {0} campagnes ({1}…), que seul root peut supprimer~:  sudo ./ocibench clean',
  'note: {0}': 'remarque~: {0}',
  'report   {0}  (and report.md)': 'rapport  {0}  (et report.md)',
  'numbers  {0}  (and measurements.csv, analysis.json)': 'nombres  {0}  (et measurements.csv, analysis.json)',
  'charts   {0}': 'figures  {0}',

  'ocibench: {0}': 'ocibench~: {0}',

  // Stored runs
  '{0} is not the directory of the run that it holds':
    '{0} n’est pas le répertoire de la campagne qu’il contient',
  'is {0}, and its directory is {1}': 'vaut {0}, et son répertoire est {1}',
  'give the directory its name back:  mv {0} {1}': 'rendre son nom au répertoire~:  mv {0} {1}',
  'a run that somebody else could have changed is not resumed':
    'une campagne que quelqu’un d’autre a pu modifier n’est pas reprise',
  'resume it as that user; or, if you trust what is in it, go on with a copy:  cp -r {0} results/':
    'la reprendre en tant que cet utilisateur~; ou, si vous faites confiance à son contenu, continuer avec une copie~:  cp -r {0} results/',
  'another run is there, whose reports would be lost':
    'il y a là une autre campagne, dont les rapports seraient perdus',
  'holds a run of that name': 'contient une campagne de ce nom',
  'name another directory with --out': 'indiquer un autre répertoire avec --out',
  'reports are not written through a link': 'les rapports ne sont pas écrits à travers un lien',
  'remove it, or name another directory with --out':
    'le supprimer, ou indiquer un autre répertoire avec --out',
  'as root, reports are not written where another user can change them':
    'en tant que root, les rapports ne sont pas écrits là où un autre utilisateur peut les modifier',
  'name another directory with --out, or write them as that user':
    'indiquer un autre répertoire avec --out, ou les écrire en tant que cet utilisateur',
  'run {0} measured workloads that are not known here': 'la campagne {0} a mesuré des charges inconnues ici',
  'without them, what was measured cannot be read': 'sans elles, ce qui a été mesuré ne peut pas être lu',
  'name the configuration that has them:  --config FILE':
    'nommer la configuration qui les contient~:  --config FILE',
  '{0} does not hold what was measured': '{0} ne contient pas ce qui a été mesuré',
  'restore it; reports that are there are left as they are':
    'le restaurer~; les rapports présents restent tels quels',

  // Complaints
  'run {0} is complete: there is nothing to go on with':
    'la campagne {0} est complète~: il n’y a rien à reprendre',
  'it ended by itself': 'elle s’est terminée d’elle-même',
  'to write its reports again:  ocibench report {0}': 'pour réécrire ses rapports~:  ocibench report {0}',
  'was {0} and is now {1}': 'valait {0} et vaut maintenant {1}',
  'start a new run: what was measured before cannot be compared with what would be measured now':
    'lancer une nouvelle campagne~: ce qui a été mesuré avant n’est pas comparable à ce qui le serait maintenant',
  'this run cannot be resumed: what it measured has changed':
    'cette campagne ne peut pas être reprise~: ce qu’elle mesurait a changé',
  '{0} and {1} cannot be held against each other as they are': '{0} et {1} ne sont pas comparables en l’état',
  'is {0} and was {1} in {2}: a difference between the runs may be its doing':
    'vaut {0} et valait {1} dans {2}~: un écart entre les campagnes peut en venir',
  'where just that is to be measured:  --accept {0}   (several with commas, or all)':
    'si c’est justement ce qu’on veut mesurer~:  --accept {0}   (plusieurs séparés par des virgules, ou all)',
  'not every workload that was asked for exists': 'certaines charges demandées n’existent pas',
  'is neither a workload nor a category': 'n’est ni une charge ni une catégorie',
  'choose from: {0}': 'choisir parmi~: {0}',
  'not every runtime that was asked for is registered': 'certains runtimes demandés ne sont pas déclarés',
  'there is no such runtime': 'il n’y a pas de tel runtime',
  'register it there, or choose from: {0}': 'l’y déclarer, ou choisir parmi~: {0}',
  'the engine has no image {0}': 'le moteur n’a pas d’image {0}',
  'a workload runs in it, and nothing is pulled while measuring':
    'une charge s’y exécute, et rien n’est téléchargé pendant les mesures',
  'docker pull {0}   (with --engine docker; the embedded engine takes recipes only)':
    'docker pull {0}   (avec --engine docker~; le moteur intégré ne prend que des recettes)',
  "there is no image recipe '{0}'": 'il n’y a pas de recette d’image «~{0}~»',
  'the workload {0} is missing': 'la charge {0} manque',
  "list knows {0}, not '{1}'": 'list connaît {0}, pas «~{1}~»',
  'ocibench: this is a fault of ocibench itself, please report it: {0}':
    'ocibench~: c’est un défaut d’ocibench lui-même, merci de le signaler~: {0}',

  // doctor
  'found by the engine': 'trouvé par le moteur',
  'version unknown': 'version inconnue',
  ', platform {0}, network {1}': ', plateforme {0}, réseau {1}',
  'ok    {0}: a container ran in {1} ms': 'ok    {0}~: un conteneur a tourné en {1}~ms',
  'FAIL  {0}: {1}': 'ÉCHEC {0}~: {1}',
  'the engine said: {0}': 'le moteur a dit~: {0}',
  'ok  ': 'ok   ',
  warn: 'avis ',
  FAIL: 'ÉCHEC',
  '?   ': '?    ',
  'host     {0}, Linux {1}, {2} × {3}': 'machine  {0}, Linux {1}, {2} × {3}',
  'engine   {0}, Docker {1} at {2}': 'moteur   {0}, Docker {1} sur {2}',

  // list
  'how it is registered': 'comment il est déclaré',
  'built-in': 'intégré à dockerd',
  engine: 'moteur',
  'not installed here': 'non installé ici',
  'what it does, and what each preset measures': 'ce qu’elle fait, et ce que mesure chaque préréglage',
  'every workload': 'toutes les charges',
  workload: 'charge',
  headline: 'mesure principale',
  metric: 'métrique',
  unit: 'unité',
  better: 'mieux',
  'what it is': 'ce que c’est',

  // setup, clean
  'everything that is needed is installed': 'tout le nécessaire est installé',
  'installed: {0}': 'installés~: {0}',
  'nothing was left behind': 'il ne restait rien',
  'removed {0}': 'supprimé~: {0}',
  "containers of other hosts' runs on this daemon, left alone: {0}; once none of them measures any more:  ocibench clean --other-hosts":
    'conteneurs de campagnes d’autres hôtes sur ce démon, laissés tels quels~: {0}~; une fois qu’aucun ne mesure plus~:  ocibench clean --other-hosts',
  'cgroups of run {0}': 'cgroups de la campagne {0}',
  "Kata's cgroups of run {0}": 'cgroups de Kata de la campagne {0}',
  "Kata's cgroups of run {0}, except of {1} containers":
    'cgroups de Kata de la campagne {0}, sauf ceux de {1} conteneurs',
  'cgroups of run {0}, except: {1}': 'cgroups de la campagne {0}, sauf~: {1}',
  'network {0} of run {1}': 'réseau {0} de la campagne {1}',
  'container {0} of run {1}': 'conteneur {0} de la campagne {1}',

  // calibrate
  'not every check that was asked for exists': 'certaines vérifications demandées n’existent pas',
  'there is no such check': 'il n’y a pas de telle vérification',
  'injected overheads are left out: they need the embedded engine and the baseline here':
    'les surcoûts injectés sont omis~: ils demandent le moteur intégré et la référence ici',
  'details  {0}  (and trials.jsonl)': 'détails  {0}  (et trials.jsonl)',
  'warm-up': 'chauffe',
  'round {0} of at most {1}': 'tour {0} sur {1} au plus',
  'idle sandboxes, {0}: {1} runtimes not yet precise':
    'bacs à sable inactifs, {0}~: {1} runtimes pas encore précis',
  'block {0} of at most {1}': 'bloc {0} sur {1} au plus',
  '{0} s {1}: {2} trials, {3} checks not yet precise':
    '{0}~s {1}~: {2} essais, {3} vérifications pas encore précises',
};
