import type { Phrases } from './phrase.ts';

/** Warnings of the analysis, notes of rows, and why a row has no value (`analyze/`). */
export const analysisPhrases: Phrases = {
  // Notes of comparisons
  'the baseline differs from itself ({0})': 'la référence diffère d’elle-même ({0#})',
  'within the run’s own A/A noise ({0})': 'dans le bruit A/A propre à la campagne ({0#})',
  'the baseline {0} has no value to compare with': 'la référence {0} n’a pas de valeur à laquelle comparer',
  'no block holds both this runtime and the baseline {0}':
    'aucun bloc ne contient à la fois ce runtime et la référence {0}',
  'zero values: no ratio': 'des valeurs sont nulles~: pas de rapport',
  '{0} more paired block{1} needed for an interval of the ratio':
    'il manque {0} {0|bloc apparié|blocs appariés} pour un intervalle du rapport{1-}',
  'among {0} comparison{1}': 'parmi {0} {0|comparaison|comparaisons}{1-}',
  '{0} paired blocks needed to claim a difference {1}':
    'il faut {0} blocs appariés pour affirmer un écart {1}',
  '{0} paired blocks that agree needed to claim a difference {1} where values overlap':
    'là où les valeurs se recouvrent, il faut {0} blocs appariés concordants pour affirmer un écart {1}',

  // Failures
  '{0} of {1} trials failed; {2}': '{0} {0|essai|essais} sur {1} en échec~; {2}',
  'most often {0}': 'le plus souvent {0}',
  '{0}: not done after {1} ms': '{0}~: pas terminé après {1#}~ms',
  'not done after {0} ms': 'pas terminé après {0#}~ms',
  'no measured trial was made (the run is {0})': 'aucun essai mesuré n’a eu lieu (la campagne est {0!})',
  'the memory of root’s processes (smaps_rollup) cannot be read without root; fix: sudo ./ocibench run':
    'la mémoire des processus de root (smaps_rollup) est illisible sans les droits de root~; remède~: sudo ./ocibench run',
  'only root can drop the page cache; measure as root: sudo ./ocibench run':
    'seul root peut vider le cache de pages~; mesurer en tant que root~: sudo ./ocibench run',
  'its trials ended well, but none gave this value':
    'ses essais se sont bien terminés, mais aucun n’a donné cette valeur',
  '{0}; fix: {1}': '{0}~; remède~: {1}',

  'there is no workload {0}, so its output cannot be read':
    'il n’y a pas de charge {0}, sa sortie ne peut donc pas être lue',
  'use the version of ocibench that made this run, and name the configuration that has the workload:  --config FILE':
    'utiliser la version d’ocibench qui a fait cette campagne, et nommer la configuration qui contient la charge~:  --config FILE',
  'the parser of {0} broke: {1}': 'l’analyseur de {0} a planté~: {1}',
  '{0} is {1}, which nothing that is measured can be': '{0} vaut {1}, ce que rien de mesuré ne peut valoir',
  '{0} is {1}, which is not a finite number': '{0} vaut {1}, qui n’est pas un nombre fini',
  '{0} was reported twice': '{0} a été annoncé deux fois',

  // The run as a whole
  'The processor was emulated ({0}): ratios between runtimes are for demonstration, not for decisions.':
    'Le processeur était émulé ({0})~: les rapports entre runtimes servent à montrer, pas à décider.',
  '{0} by {1} %': '{0}, de {1#}~%',
  'and {0} more': 'et {0} de plus',
  '{0} and {1} more': '{0} et {1} de plus',
  'The baseline {0}, measured twice in every block, differs from itself in {1} of {2} subjects: {3}. The host disturbs such figures; their kind is claimed to differ only where the whole interval lies beyond the run’s own noise.':
    'La référence {0}, mesurée deux fois par bloc, diffère d’elle-même pour {1} {1|sujet|sujets} sur {2}~: {3}. La machine perturbe ces mesures~; pour celles de même nature, un écart n’est affirmé que si tout l’intervalle dépasse le bruit propre à la campagne.',
  'The run’s own noise is not known for {0}: the second measurement of {1} has too few values there, so verdicts do not take it into account.':
    'Le bruit propre à la campagne est inconnu pour {0}~: la seconde mesure de {1} y a trop peu de valeurs, et les verdicts n’en tiennent pas compte.',
  '{0} trial{1} no value, since each was interrupted whenever it was tried; the last time: {2}.':
    '{0} {0|essai n’a|essais n’ont} pas de valeur{1-}, chaque tentative ayant été interrompue~; la dernière fois~: {2}.',
  'The run has not finished; these are the figures so far.':
    'La campagne n’est pas terminée~; voici ce qui est mesuré jusqu’ici.',
  'The run is {0}; what it had planned is not all there.':
    'La campagne est {0!}~; tout ce qui était prévu n’y est pas.',
  'The baseline {0} is not among the runtimes of this run: there are no ratios and no verdicts.':
    'La référence {0} n’est pas parmi les runtimes de cette campagne~: il n’y a ni rapports ni verdicts.',
  'The baseline {0} cannot run here ({1}): there are no ratios and no verdicts.':
    'La référence {0} ne peut pas fonctionner ici ({1})~: il n’y a ni rapports ni verdicts.',
  'The baseline {0} has no values for {1} of {2} subjects, which therefore have no ratios: {3}.':
    'La référence {0} n’a pas de valeurs pour {1} {1|sujet|sujets} sur {2}, qui n’ont donc pas de rapports~: {3}.',
  '{0} trial{1} failed, in {2} cell{3}: {4}.':
    '{0} {0|essai|essais} en échec, dans {2} {2|cellule|cellules}~: {4}.{1-}{3-}',
  '{0} of {1} comparisons have too few paired blocks for a difference to be claimed, whatever its size; {2} are needed.':
    '{0} {0|comparaison|comparaisons} sur {1} {0|a|ont} trop peu de blocs appariés pour affirmer un écart, si grand soit-il~; il en faut {2}.',
  'The engine’s CPU time cannot be told apart ({0}): load of others is flagged where it is in cgroups of its own or in processes that live through a trial, and not where it is short-lived and beside the engine.':
    'Le temps CPU du moteur ne peut être distingué ({0})~: la charge des autres est signalée lorsqu’elle est dans des cgroups à elle ou dans des processus qui durent tout un essai, et non lorsqu’elle est brève et à côté du moteur.',
  '{0} of {1} measured trials ({2} %) ran while the host was disturbed: {3}.':
    '{0} {0|essai mesuré|essais mesurés} sur {1} ({2}~%) {0|a eu lieu|ont eu lieu} pendant que la machine était perturbée~: {3,}.',
  'steal>{0} ×{1}': 'CPU pris par l’hyperviseur (plus de {0#}) ×{1}',
  'other-load>{0} ×{1}': 'CPU consommé par d’autres tâches (plus de {0#}) ×{1}',
  'cpu-pressure>{0} ×{1}': 'attente de CPU (plus de {0#}) ×{1}',
  'io-pressure>{0} ×{1}': 'attente d’entrées-sorties (plus de {0#}) ×{1}',
  'memory-pressure>{0} ×{1}': 'attente de mémoire (plus de {0#}) ×{1}',
  'swap-in ×{0}': 'pages relues depuis le swap ×{0}',
  'thermal-throttling ×{0}': 'bridage d’un processeur trop chaud ×{0}',

  // Where processes were counted
  '{0} of {1} trials': '{0} {0|essai|essais} sur {1}',
  '{0}: the container’s cgroup counted nothing in {1}, because the runtime puts no process into it. Its figures are left out; pss.total holds what the container cost, and so does total.cpu where it is known.':
    '{0}~: le cgroup du conteneur n’a rien compté dans {1}, car le runtime n’y met aucun processus. Ses mesures sont omises~; pss.total contient ce qu’a coûté le conteneur, de même que total.cpu là où il est connu.',
  'all trials': 'tous les essais',
  '{0} of {1} trials whose processes were looked at':
    '{0} {0|essai|essais} sur les {1} dont les processus ont été examinés',
  '{0}: the virtual machine works outside the container’s cgroup, in {1}. The figures of that cgroup (cpu.usage, memory.peak, io.*, pids.* and others) do not hold it and are left out; memory.footprint and pss.total hold all of it, and so does total.cpu where it is known.':
    '{0}~: la machine virtuelle travaille hors du cgroup du conteneur, dans {1}. Les mesures de ce cgroup (cpu.usage, memory.peak, io.*, pids.* et d’autres) ne la contiennent pas et sont omises~; memory.footprint et pss.total en contiennent tout, de même que total.cpu là où il est connu.',
  '{0}: nobody looked whether the virtual machine works in the container’s cgroup, so that the figures of that cgroup are left out. A new run looks at it beforehand.':
    '{0}~: personne n’a regardé si la machine virtuelle travaille dans le cgroup du conteneur~; les mesures de ce cgroup sont donc omises. Une nouvelle campagne le regarde d’avance.',
  '{0}, since {1} is left out: {2}': '{0}, car {1} est omis~: {2}',
  'Docker’s statistics leave out the virtual machine, and nothing else can be read from here':
    'les statistiques de Docker omettent la machine virtuelle, et rien d’autre n’est lisible d’ici',
  'the container’s cgroup counted nothing, because the runtime puts no process into it':
    'le cgroup du conteneur n’a rien compté, car le runtime n’y met aucun processus',
  'the virtual machine works outside the container’s cgroup, which does not hold what it uses':
    'la machine virtuelle travaille hors du cgroup du conteneur, qui ne contient pas ce qu’elle consomme',
  'nobody looked whether the virtual machine works in the container’s cgroup':
    'personne n’a regardé si la machine virtuelle travaille dans le cgroup du conteneur',
  'emulated guest ({0})': 'machine virtuelle émulée ({0})',
  '{0}: its virtual machine was emulated ({1}), without KVM. All its times and rates are the emulator’s, and say nothing of {2} on KVM.':
    '{0}~: sa machine virtuelle était émulée ({1}), sans KVM. Tous ses temps et débits sont ceux de l’émulateur, et ne disent rien de {2} avec KVM.',
  'the cgroup of {0} could not be read': 'le cgroup de {0} n’a pas pu être lu',
  '{0} is charged to {1}, which is neither the container’s cgroup nor one of the engine’s':
    '{0} est imputé à {1}, qui n’est ni le cgroup du conteneur ni l’un de ceux du moteur',
  '{0}: total.cpu is not known in {1}: {2}.': '{0}~: total.cpu est inconnu dans {1}~: {2}.',
  'the virtual machine, unless Kata is registered by path and has sandbox_cgroup_only':
    'la machine virtuelle, sauf si Kata est déclaré par path et a sandbox_cgroup_only',
  'the memory of sentry and gofer': 'la mémoire du sentry et du gofer',
  '{0}: its figures are Docker’s statistics, which leave out {1}. Nothing else can be read from an engine on another host.':
    '{0}~: ses mesures sont les statistiques de Docker, qui omettent {1}. Rien d’autre n’est lisible depuis un moteur situé sur une autre machine.',

  // The network
  'gVisor’s own stack': 'la pile propre à gVisor',
  'the host’s stack, through gVisor (--network=host)':
    'la pile de la machine, à travers gVisor (--network=host)',
  'the host’s stack': 'la pile de la machine',
  "{0}: registered with --network=host, so that its network figures are of the host's network stack behind gVisor's system calls, and say nothing of gVisor's own stack.":
    '{0}~: déclaré avec --network=host~; ses mesures réseau sont celles de la pile de la machine derrière les appels système de gVisor, et ne disent rien de la pile propre à gVisor.',
};
