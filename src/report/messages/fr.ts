import { formatCount } from '../format.ts';
import type { Messages } from './index.ts';
import { metricWords } from './metrics.ts';

const plural = (n: number, one: string, many: string) => (Math.abs(n) < 2 ? one : many);

/** No-break space before `:`, `;` and inside guillemets, as French typography asks. */
const nb = '\u00a0';

/** `2,69×` in a sentence: 2,69 fois. */
const times = (ratio: string) => ratio.replace(/×$/, `${nb}fois`);

/** Every text of reports, tables and charts in French. Arguments are already formatted. */
export const fr: Messages = {
  runtime: 'runtime',
  workload: 'charge',
  fix: 'Remède',
  colon: `${nb}: `,
  semicolon: `${nb}; `,
  unknown: 'inconnu',
  yes: 'actif',
  no: 'inactif',
  lowerBetter: 'le moins est le mieux',
  higherBetter: 'le plus est le mieux',
  medianCi: (confidence) => `médiane [IC à ${confidence}]`,
  ratioCi: (baseline) => `× ${baseline} [IC]`,
  verdictHead: 'verdict',
  nHead: 'n',
  allWorkloads: 'toutes les charges',
  failedCount: (n) => `${n} ${plural(n, 'échec', 'échecs')}`,
  verdict: {
    baseline: 'référence',
    faster: 'plus rapide',
    slower: 'plus lent',
    less: 'moins',
    more: 'plus',
    equivalent: 'équivalent',
    inconclusive: 'non concluant',
    unavailable: 'indisponible',
  },
  category: {
    startup: 'Démarrage',
    syscall: 'Appels système',
    io: 'Entrées-sorties',
    memory: 'Mémoire',
    cpu: 'Processeur',
    network: 'Réseau',
    app: 'Applications',
    isolation: 'Isolation',
  },
  role: {
    workload: 'charge de travail',
    sentry: 'sentry (noyau de gVisor)',
    gofer: 'gofer (fichiers de gVisor)',
    stub: 'stub (gVisor)',
    shim: 'shim de containerd',
    runtime: 'processus du runtime',
    vmm: 'machine virtuelle',
    virtiofsd: 'virtiofsd',
    'kata-proxy': 'kata-proxy',
    'kata-shim': 'kata-shim',
    'docker-proxy': 'docker-proxy',
    dockerd: 'dockerd',
    containerd: 'containerd',
    other: 'autres',
  },
  step: {
    prepare: 'préparation',
    create: 'création',
    attach: 'rattachement',
    start: 'démarrage',
    run: 'exécution',
    peer: 'travail du pair',
    probe: 'interrogation du service',
    exec: 'exécution d’un programme dedans',
    pause: 'mise en pause',
    stop: 'arrêt',
    remove: 'suppression',
    collect: 'collecte',
    parse: 'lecture de la sortie',
  },
  metric: metricWords('fr'),

  tableTitle: (blocks) =>
    `${blocks} ${plural(blocks, 'bloc', 'blocs')}${nb}; chaque bloc exécute une fois chaque combinaison, dans un ordre aléatoire`,
  takeCare: 'Attention',
  emulated: (by) =>
    `le processeur était émulé (${by}). Les rapports entre runtimes servent à montrer, pas à décider.`,
  notMeasured: 'N’a pas pu être mesuré',
  nothingMeasured: 'Rien n’a été mesuré.',

  summaryIntro: (subjects, baseline) =>
    `${subjects} sujets. Moyenne${nb}: moyenne géométrique des rapports de coût à ${baseline} (au-dessus de 1, plus coûteux${nb}; débits inversés), chaque sujet comptant une fois. «${nb}?${nb}»${nb}: non concluant${nb}; après une moyenne${nb}: aucun de ses sujets n’est concluant.`,
  categoryHead: 'catégorie',
  summaryMean: 'moyenne',
  summaryWorst: 'le plus coûteux',
  summaryBest: 'le moins coûteux',
  standing: {
    worse: 'moins bien',
    better: 'mieux',
    differs: 'différent',
    equivalent: 'équivalent',
    inconclusive: 'non concluant',
    unavailable: 'non mesuré',
  },
  summaryCounts: 'Nombre de sujets',
  fullTable: 'Chaque sujet est dans report.md et report.html, chaque métrique dans summary.csv.',
  moreAbsent: (n) => `et ${n} ${plural(n, 'autre raison', 'autres raisons')}${nb}: voir report.md`,

  calibration: {
    what: 'ce qui a été injecté',
    injected: 'injecté',
    measured: (confidence) => `mesuré [intervalle à ${confidence}]`,
    allowed: 'toléré',
    pairs: 'paires',
    orMore: 'ou plus',
    verdict: { pass: 'conforme', fail: 'ÉCHEC', inconclusive: 'non concluant', absent: 'absent' },
    emulated: '! processeur émulé',
    emulatedMeaning: 'les comptes valent ici aussi, les temps sont ceux de cette émulation',
    notes: 'remarques',
    notCalibrated: 'non étalonnés',
    counts: (pass, fail, inconclusive, absent) =>
      `${pass} ${plural(pass, 'conforme', 'conformes')}, ${fail} ${plural(fail, 'échec', 'échecs')}, ${inconclusive} non ${plural(inconclusive, 'concluante', 'concluantes')}, ${absent} ${plural(absent, 'absente', 'absentes')}`,
  },

  comparedRuns: (before, after) => `${after} par rapport à ${before}`,
  comparedAlthough: (key, was, is) => `  bien que ${key} ait été ${was} et soit ${is}`,
  comparedBefore: 'avant',
  comparedAfter: 'après',
  comparedChange: 'après ÷ avant',
  comparedCounts: (all, claimed, equivalent, inconclusive) =>
    `${all} ${plural(all, 'mesure principale présente', 'mesures principales présentes')} dans les deux exécutions${nb}: ${claimed} ${plural(claimed, 'changée', 'changées')}, ${equivalent} ${plural(equivalent, 'équivalente', 'équivalentes')}, ${inconclusive} ${plural(inconclusive, 'non concluante', 'non concluantes')}.`,
  comparedUnmatched: (count) =>
    `${count} ${plural(count, 'cellule n’a de valeurs que', 'cellules n’ont de valeurs que')} dans l’une des deux exécutions.`,
  and: (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} et ${words.at(-1)}`),
  reportTitle: (runtimes) => `Ce que coûtent ${runtimes}`,
  reportTitleNone: 'Ce que coûtent les runtimes de conteneurs',
  reportMeta: (runId, started, host) => `Campagne ${runId}, ${started}, sur ${host}.`,
  statusNote: {
    running: `Cette campagne n’est pas terminée${nb}: les nombres sont provisoires.`,
    interrupted: `Cette campagne a été interrompue${nb}: elle contient ce qui a été mesuré jusque-là.`,
    failed: `Cette campagne a échoué${nb}: elle contient ce qui a été mesuré jusque-là.`,
  },
  categoryInText: {
    startup: 'démarrage et arrêt',
    syscall: 'appels système',
    io: 'entrées-sorties',
    memory: 'mémoire',
    cpu: 'calcul pur',
    network: 'réseau',
    app: 'applications',
    isolation: 'isolation',
  },
  inShort: {
    hostNetwork: 'réseau de l’hôte',
    against: (value, baseline) => `${value} contre ${baseline}`,
    startsSlower: (ratio, baseline, values) =>
      `démarre plus lentement, en ${ratio} le temps de ${baseline} (${values}).`,
    startsFaster: (ratio, baseline, values) =>
      `démarre plus vite, en ${ratio} le temps de ${baseline} (${values}).`,
    startsAlike: (ratio, baseline, band) => `démarre aussi vite que ${baseline}, à ±${band} près (${ratio}).`,
    startsUndecided: (ratio, baseline) =>
      `on ne peut dire s’il démarre plus ou moins vite que ${baseline} (${ratio}).`,
    holdsMore: (difference, values) =>
      `Un conteneur au repos occupe ${difference} de mémoire en plus (${values}).`,
    holdsLess: (difference, values) =>
      `Un conteneur au repos occupe ${difference} de mémoire en moins (${values}).`,
    holdsAlike: (ratio, baseline, band) =>
      `Un conteneur au repos occupe autant de mémoire que sous ${baseline}, à ±${band} près (${ratio}).`,
    holdsUndecided: (ratio, baseline) =>
      `On ne peut dire si un conteneur au repos occupe plus ou moins de mémoire que sous ${baseline} (${ratio}).`,
    worse: (claims) => `Plus coûteux : ${claims}.`,
    better: (claims) => `Moins coûteux : ${claims}.`,
    claim: ({ category, ratio, subject, claimed, subjects }) =>
      subjects === 1
        ? `${category} ${ratio} (${subject})`
        : `${category} jusqu’à ${ratio} (${subject} ; ${claimed} ${plural(claimed, 'sujet', 'sujets')} sur ${subjects})`,
    unaffected: (categories, band, baseline) =>
      `Inchangé par rapport à ${baseline}, à ±${band} près : ${categories}.`,
    undecided: (categories) => `Non concluant : ${categories}.`,
    workloadsUnder: (workloads, runtimes) => `${workloads} sous ${runtimes}`,
  },
  answersHeading: 'En bref',
  answersIntro: (baseline, confidence) =>
    `Chaque rapport est relatif à ${baseline}${nb}; les crochets donnent l’intervalle de confiance à ${confidence}.`,
  answerBaseline: (value) => `, ${value}`,
  answerTime: (ratio, interval, baseline) => ` prend ${times(ratio)} le temps de ${baseline} ${interval}`,
  answerRate: (ratio, interval, baseline) => ` atteint ${times(ratio)} le débit de ${baseline} ${interval}`,
  answerAmount: (ratio, interval, baseline) =>
    ` demande ${times(ratio)} ce que demande ${baseline} ${interval}`,
  answerEquivalent: (band, ratio, interval, baseline) =>
    ` est équivalent à ${baseline}${nb}: l’écart ne dépasse pas ±${band} (${ratio} ${interval})`,
  answerInconclusive: (ratio, interval, pairs) =>
    `${nb}: comparaison non concluante${nb}; ${ratio} ${interval} après ${pairs} paires, ce qui ne montre ni n’exclut un écart notable`,
  answerNoRatio: ' n’a pas pu être comparé',
  answerUnavailable: ' n’a pas pu être mesuré',
  noInterval: '(trop peu de paires pour un intervalle)',
  setupHeading: 'Ce qui a été comparé, et où',
  version: 'version',
  arguments: 'arguments',
  platform: 'plateforme',
  state: 'état',
  available: 'mesuré',
  hostFacts: {
    machine: 'Machine',
    kernel: 'Noyau',
    cpu: 'Processeur',
    memory: 'Mémoire',
    cgroup: 'cgroup',
    engine: 'Moteur',
    virtualisation: 'Virtualisé par',
    emulation: 'Processeur émulé par',
    clocksource: 'Source d’horloge',
    governor: 'Gouverneur du processeur',
    turbo: 'Turbo',
    smt: 'SMT',
    mitigations: 'Atténuations du processeur',
  },
  cpuCount: (n, model) => `${n} × ${model}`,
  engineText: (version, kind, storage, driver, cgroup) =>
    `Docker ${version} (${kind}), stockage ${storage}, pilote cgroup ${driver}, cgroup version ${cgroup}`,
  engineKind: { docker: 'démon de la machine', embedded: 'démon privé' },
  cgroupControllers: (mode, controllers) => `${mode} (${controllers})`,
  resultsHeading: 'Résultats',
  costsHeading: 'Ce que cela coûte en CPU et en mémoire',
  costsIntro: (baseline) => `Médianes${nb}; entre parenthèses, le rapport à ${baseline}.`,
  chartsHeading: 'Graphiques',
  chartAbsent: `Absents, faute de données${nb}:`,
  factsHeading: 'L’isolation obtenue',
  factsIntro:
    'Ce que les programmes ont vu et dit dans les conteneurs. Ce sont des faits, pas des durées, et personne ne les a vérifiés de l’extérieur.',
  factHead: 'fait',
  factVaries: 'diffère d’un essai à l’autre',
  fact: {
    'kernel.release': 'noyau à l’intérieur',
    'kernel.version': 'version de ce noyau',
    'syscalls.answered': 'appels système qui répondent',
    'syscalls.ended': 'appels système qui mettent fin au processus (numéros)',
    'syscalls.skipped': 'appels système non essayés (numéros)',
    'seccomp.mode': 'seccomp, vu de l’intérieur',
    no_new_privileges: 'pas de nouveaux privilèges',
    capabilities: 'capacités (capabilities)',
    'security.label': 'étiquette du module de sécurité',
    'user.mapping': 'identifiants d’utilisateur à l’intérieur, à l’extérieur, combien',
    hostname: 'nom de machine à l’intérieur',
    'cgroup.visible': 'ce que montre /proc/self/cgroup',
    'kernel.log': 'journal du noyau (dmesg)',
    devices: 'entrées de /dev',
    'mounts.all': 'montages',
    'mounts.writable': 'montages accessibles en écriture',
    'cpu.model': 'modèle de processeur à l’intérieur',
    'cpu.count': 'processeurs à l’intérieur',
    'memory.total': 'mémoire à l’intérieur (MemTotal)',
    'processes.visible': 'processus à l’intérieur',
    'network.interfaces': 'interfaces réseau',
    'network.mode': 'mode réseau',
    'limit.ended-by': 'arrêté par',
    'limit.exit-code': 'code de retour',
    'limit.engine-says-oom': 'OOM kill, d’après le moteur',
    'smallest.starts': 'un conteneur démarre-t-il',
  },
  missingHeading: 'Ce qui n’a pas pu être mesuré, et pourquoi',
  missingNone: 'Tout ce qui était prévu a été mesuré.',
  unsupportedHeading: 'Non pris en charge',
  hiddenHeading: 'Hors de vue du banc de mesure',
  hiddenWhere: {
    remote: 'Le moteur tourne sur une autre machine.',
    'other-kernel':
      'Le moteur répond sur cette machine mais tourne sous un autre noyau (machine virtuelle, ou socket redirigée).',
    rootless: `Le moteur est sans privilèges (rootless)${nb}: ses conteneurs sont dans des cgroups de son utilisateur, où le banc ne peut rien placer.`,
  },
  hiddenFigures: `Les durées sont celles qu’a vues ce banc, trajet jusqu’au moteur compris. CPU et mémoire viennent des statistiques de Docker, les dernières avant la fin du conteneur${nb}; un conteneur qui vit moins de 0,2 s n’en a pas. Absents, donc laissés vides et jamais à zéro${nb}: empreinte mémoire et PSS, pression, entrées-sorties et défauts de page du cgroup, CPU du moteur, séries temporelles, processus qui survivent à leur conteneur, et bruit de la machine.`,
  reached: {
    unix: null,
    tls: 'joint par TCP avec TLS mutuel',
    ssh: 'joint par ssh',
    tcp: 'joint par TCP sans protection (--insecure-tcp)',
  },
  unavailableHeading: 'Runtimes qui ne fonctionnent pas ici',
  failuresHeading: 'Essais en échec',
  failureHead: 'échec',
  countHead: 'essais',
  stepHead: 'pendant',
  timedOut: (seconds) => `délai dépassé après ${seconds}`,
  engineSays: 'Message du moteur',
  noiseHeading: 'Bruit et doutes',
  noiseNone: 'Aucun essai n’a été signalé et la machine n’inspire pas de doute.',
  flaggedTrials: (flagged, total) =>
    `${formatCount(flagged, 'fr')} ${plural(flagged, 'essai', 'essais')} sur ${formatCount(total, 'fr')} ${plural(flagged, 'a été mesuré', 'ont été mesurés')} pendant que la machine était perturbée${nb}; ils sont conservés${nb}:`,
  flagCount: (n) => `${nb}: ${n} ${plural(n, 'essai', 'essais')}`,
  noiseFlag: {
    steal: 'CPU pris par l’hyperviseur (steal)',
    'other-load': 'CPU consommé par d’autres tâches',
    'cpu-pressure': 'attente de CPU (PSI)',
    'io-pressure': 'attente d’entrées-sorties (PSI)',
    'memory-pressure': 'attente de mémoire (PSI)',
    'swap-in': 'pages relues depuis le swap',
    'thermal-throttling': 'bridage d’un processeur trop chaud',
  },
  noiseAbove: (what, limit) => `${what} au-delà de ${limit.replace('%', '\u202f%')}`,
  unsteadyIntro: `Séries instables (correction de Holm sur l’ensemble). Ce qui touche tous les runtimes d’un bloc est retiré des rapports par l’appariement${nb}; les valeurs absolues le gardent${nb}:`,
  unsteady: {
    drift: (value) => `dérive au cours de la campagne (corrélation de rang avec le temps${nb}: ${value})`,
    autocorrelation: (value) =>
      `chaque valeur ressemble à la précédente (autocorrélation d’ordre 1${nb}: ${value})`,
    'two-groups': (value) =>
      `les valeurs forment deux groupes, le plus haut valant ${value} fois le plus bas`,
  },
  sensitivity: (changed, verdicts, tooFew) =>
    [
      changed === 0
        ? `Sans ces essais, aucun des ${verdicts} verdicts ne changerait`
        : `Sans ces essais, ${changed} des ${verdicts} verdicts ${plural(changed, 'changerait', 'changeraient')}`,
      tooFew === 0 ? '' : ` (pour ${tooFew}, il resterait trop peu de paires pour conclure)`,
      changed === 0 ? '.' : `${nb}:`,
    ].join(''),
  leakedText: (processes, trials) =>
    `Des runtimes ont laissé ${processes} processus après ${trials} ${plural(trials, 'essai', 'essais')}${nb}; ils ont été arrêtés.`,
  methodHeading: 'Méthode',
  methodBlocks: (blocks, warmup) =>
    `${blocks} ${plural(blocks, 'bloc mesuré', 'blocs mesurés')} (et ${formatCount(warmup, 'fr')} ${plural(warmup, 'essai', 'essais')} de chauffe, ${plural(warmup, 'enregistré mais non analysé', 'enregistrés mais non analysés')}). Un bloc exécute une fois chaque combinaison, un conteneur à la fois, dans un ordre tiré au hasard à partir de la graine.`,
  methodRatio: (baseline) =>
    `Les rapports sont relatifs à ${baseline} dans le même bloc${nb}: estimation de Hodges–Lehmann du logarithme du rapport apparié, avec son intervalle exact des rangs signés. Les médianes ont des intervalles par statistiques d’ordre.`,
  methodVerdict: (practical, alpha) =>
    `Un écart n’est affirmé que si son intervalle exclut 1, s’il dépasse ±${practical} et si sa valeur p, corrigée selon Holm, est inférieure à ${alpha}. «${nb}Équivalent${nb}» exige que tout l’intervalle soit dans cette bande${nb}; le reste est non concluant. La valeur p est le double de la plus petite des deux que donnent les tests exacts des rangs signés et de la somme des rangs.`,
  methodFloor: (baseline) =>
    `${baseline} a aussi été mesuré une seconde fois dans chaque bloc. L’écart entre ses deux mesures est le bruit propre à cette campagne${nb}; un écart n’est affirmé qu’au-delà.`,
  methodAccounting: `Le CPU, la mémoire et les entrées-sorties sont ceux qu’a comptés un cgroup parent créé pour chaque essai${nb}; les processus hors de ce cgroup (shim, machine virtuelle…) et le moteur sont donnés à côté. La PSS (proportional set size) compte la mémoire résidente, chaque page partagée étant divisée entre les processus qui la partagent.`,
  methodSampler: (s) =>
    [
      `Les conteneurs en charge ont été relevés toutes les ${s.period}${nb}: ${s.readings} relevés, chacun prenant en moyenne ${s.mean} du temps de l’outil`,
      s.most === null ? '' : ` et au plus ${s.most}`,
      s.scan === null ? '' : `, un examen des processus en moyenne ${s.scan}`,
      s.skipped === null ? '' : `${nb}; périodes sans relevé, l’outil étant en retard${nb}: ${s.skipped}`,
      s.failed === null ? '' : `${nb}; relevés en échec${nb}: ${s.failed}`,
      '.',
    ].join(''),
  methodStop: (reason, seed) => `Fin de l’échantillonnage${nb}: ${reason}. Graine ${seed}.`,
  stopReason: {
    precision: 'la précision demandée est atteinte',
    'max-blocks': 'le nombre maximal de blocs est atteint',
    'max-time': 'la limite de temps est atteinte',
    interrupted: 'interruption',
  },
  trialsText: (ok, failed) => `Essais réussis${nb}: ${ok}${nb}; en échec${nb}: ${failed}.`,
  dataHeading: 'Données',
  dataText: `Toutes les valeurs et les nombres derrière ce rapport${nb}:`,

  chartN: (low, high) => (low === high ? `n = ${low}` : `n = ${low} à ${high}`),
  chartEmulated: (by) => `Processeur émulé (${by})${nb}: pour la démonstration seulement, pas pour décider`,
  noData: {
    overhead: 'aucun runtime n’a de rapport à la référence',
    startup: 'aucune charge de démarrage n’a de valeurs',
    phases: 'aucune charge de démarrage n’a de phases',
    pss: 'aucune mémoire de processus (PSS) n’a été relevée',
    syscalls: 'aucun coût d’appel système isolé n’a été relevé',
    syscallRatios: 'aucun coût d’appel système n’a de rapport à la référence',
    io: 'aucun débit d’entrées-sorties n’a été relevé pour une cible et une opération',
    burst: 'la charge startup/burst n’a pas de valeurs',
    density: 'la charge startup/density n’a pas de valeurs',
    cpu: 'aucun temps CPU n’a été relevé pour une charge de démarrage',
  },
  subjectsCount: (count, n) => `${count} ${plural(n, 'sujet', 'sujets')}`,
  ofCount: (part, all) => `${part} sur ${all}`,
  overviewTitle: (baseline) => `Tous les coûts relatifs à ${baseline}, par catégorie`,
  overviewCaption: (band) =>
    `Grand${nb}: moyenne géométrique des rapports, chaque sujet comptant une fois (un résumé, sans intervalle)${nb}; petit${nb}: les sujets${nb}; trait${nb}: du moins au plus coûteux (pas un intervalle de confiance)${nb}; bande grise${nb}: ±${band}, sans importance pratique`,
  overviewHollow: `${nb}; creux${nb}: non concluant`,
  overheadTitle: (category, baseline) => `${category}${nb}: coût relatif à ${baseline}`,
  overheadAxis: (baseline, inverted) =>
    `coût ÷ coût de ${baseline} (échelle log${nb}; à droite de 1×, plus coûteux${inverted ? `${nb}; débits inversés` : ''})`,
  overheadCaption: (confidence, band) =>
    `Rapport apparié, IC à ${confidence}${nb}; bande grise${nb}: ±${band}, sans importance pratique`,
  paramsElided: `${nb}; les paramètres communs à tous les sujets d’une charge sont omis`,
  overheadHollow: `${nb}; creux${nb}: trop peu de paires pour un intervalle`,
  distributionTitle: `Chaque démarrage${nb}: temps jusqu’à la première sortie`,
  distributionCaption: (confidence) =>
    `Un point par conteneur${nb}; trait noir${nb}: médiane, barre grise${nb}: son IC à ${confidence}`,
  sampled: (shown, total) => `${shown} valeurs tracées sur ${total}`,
  subjectsShown: (shown, total) => `${shown} sujets sur ${total}, les premiers`,
  timeAxis: (unit, log) => `temps en ${unit}${log ? ' (échelle log)' : ''}`,
  phasesTitle: 'Où passe le temps d’un conteneur bref',
  phasesCaption: 'Somme des médianes par phase, un peu différente de la médiane de la somme',
  phase: {
    create: 'création',
    output: 'du démarrage à la première sortie',
    exit: 'de la première sortie à la fin',
    remove: 'suppression',
  },
  memoryTitle: 'Mémoire d’un conteneur inactif',
  memoryCaption: `Somme des médianes de PSS par rôle et mémoire partagée du cgroup qu’aucun processus ne mappe${nb}; trait noir${nb}: pic compté par le cgroup du conteneur (cache de fichiers compris)`,
  memoryAxis: (unit) => `Mémoire en ${unit}`,
  unmappedShmem: 'partagée, non mappée',
  syscallTitle: 'Coût d’un appel système',
  syscallCaption: (shown, total, confidence) =>
    shown === total
      ? `${shown} appels système, du moins au plus coûteux pour la référence${nb}; trait${nb}: IC à ${confidence}`
      : `${shown} appels système sur ${total} (les plus connus, puis ceux où les runtimes diffèrent le plus)${nb}; trait${nb}: IC à ${confidence}`,
  syscallAxis: (unit) => `temps par appel en ${unit} (échelle log)`,
  heatmapTitle: (baseline) => `Appels système, un par un${nb}: coût relatif à ${baseline}`,
  heatmapCaption: (s) =>
    [
      `Première colonne${nb}: temps médian d’un appel pour la référence${nb}; les autres${nb}: rapport apparié à ce temps (?${nb}: non concluant, –${nb}: non mesuré). `,
      s.shown === s.total
        ? `Les ${s.total} qui ont des rapports`
        : `${s.shown} sur ${s.total}${nb}: les opérations, puis les appels isolés, chaque fois d’abord les plus éloignés de 1× parmi les concluants`,
      s.single ? `${nb}; nom()${nb}: appel isolé chronométré par stress-ng` : '',
    ].join(''),
  heatmapLegend: (baseline) => `coût ÷ coût de ${baseline} (échelle log)`,
  ioTitle: 'Débit des entrées-sorties sur fichiers, par cible et opération',
  ioCaption: (confidence) =>
    `Médiane avec IC à ${confidence}${nb}; à droite, c’est mieux${nb}; vide${nb}: non mesuré`,
  ioAxis: (unit) => `débit en ${unit} (échelle log)`,
  curveAxis: (axis, log) => `${axis}${log ? ' (échelle log)' : ''}`,
  burstTitle: `Démarrages simultanés${nb}: latence, cadence et CPU`,
  burstCaption: (confidence, slowest) =>
    `Médianes avec IC à ${confidence}${slowest ? `${nb}; tirets${nb}: le conteneur le plus lent d’une salve` : ''}`,
  burstX: 'conteneurs démarrés à la fois',
  burstLatency: 'Temps jusqu’à la première sortie',
  burstRate: 'Démarrages par seconde',
  burstRateAxis: (log) => `démarrages/s${log ? ' (échelle log)' : ''}`,
  burstCpu: 'CPU par démarrage',
  densityTitle: 'Ce que coûte chaque bac à sable inactif à mesure que leur nombre croît',
  densityCaption: (confidence) =>
    `Médianes avec IC à ${confidence}, par bac à sable. Trois vues de la mémoire à la même échelle${nb}: ce que MemAvailable de la machine a perdu, ce qui est imputé aux cgroups, et l’empreinte de tous les processus`,
  densityX: 'bacs à sable',
  densityAxis: (unit) => `${unit} par bac à sable`,
  densityView: {
    available: `Mémoire${nb}: MemAvailable`,
    charged: `Mémoire${nb}: imputée`,
    footprint: `Mémoire${nb}: empreinte`,
  },
  densityIdle: 'CPU d’un bac à sable inactif',
  densityIdleAxis: '% d’un CPU',
  costTitle: 'Temps CPU pour démarrer et supprimer un conteneur',
  costCaption: `Somme des médianes${nb}: le cgroup de l’essai, et le moteur (dockerd, containerd, shims) pendant ce temps`,
  costAxis: (unit) => `temps CPU en ${unit}`,
  costPart: { cgroup: 'cgroup du conteneur', engine: 'moteur' },
  sequenceTitle: 'Temps jusqu’à la première sortie, dans l’ordre des mesures',
  sequenceCaption: `Une pente ou une marche est une dérive de la machine${nb}; l’appariement par bloc la retire des rapports`,
  sequenceAxis: 'essai, dans l’ordre du temps',
};
