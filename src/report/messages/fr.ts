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
  median: 'médiane',
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
  emulatedGuest: 'machine virtuelle émulée',
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

  progress: {
    begin: (subjects, runtimes, blocks, limit) =>
      `Mesure de ${subjects} sous ${runtimes}${nb}: ${blocks} blocs après la chauffe, ${limit} au plus.`,
    warmup: 'chauffe',
    block: (block, least, most) =>
      least === most ? `bloc ${block} sur ${most}` : `bloc ${block} sur ${least} à ${most}`,
    blockEnded: (block, trials, took) =>
      `${block}${nb}: ${trials} ${plural(trials, 'essai', 'essais')} en ${took}`,
    subjects: (measured, all) => `${measured} ${plural(measured, 'sujet', 'sujets')} sur ${all}`,
    leftBetween: (least, most) => `encore ${least} à ${most}`,
    leftAtMost: (most) => `encore ${most} au plus`,
    now: 'en cours',
    soFar: (cost, baseline) => `jusqu’ici ${cost} le coût de ${baseline}`,
    noRatio: 'pas encore de rapport',
    noInterval: 'pas encore d’intervalle',
    costs: (baseline) =>
      `Coût ÷ coût de ${baseline} jusqu’ici, moyenne par catégorie (> 1×${nb}: plus coûteux)`,
    uncertain: `Les moins certains (± demi-largeur de l’intervalle${nb}; précision visée)`,
    precision: (half, target) => `±${half} pour ±${target}`,
    failed: (cell, why) => `échec${nb}: ${cell}${nb}: ${why}`,
    unsupported: (cell, why) => `non pris en charge${nb}: ${cell}${nb}: ${why}`,
    disturbed: (trials, all, by) =>
      `${trials} ${plural(trials, 'essai', 'essais')} sur ${all} pendant que la machine était perturbée (${by})`,
    ended: (trials, took, reason) =>
      `${trials} ${plural(trials, 'essai', 'essais')} en ${took}${nb}; fin${nb}: ${reason}.`,
    category: {
      startup: 'démarrage',
      syscall: 'appels',
      io: 'E/S',
      memory: 'mémoire',
      cpu: 'CPU',
      network: 'réseau',
      app: 'applis',
      isolation: 'isolation',
    },
  },

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
    `${all} ${plural(all, 'mesure principale présente', 'mesures principales présentes')} dans les deux campagnes${nb}: ${claimed} ${plural(claimed, 'changée', 'changées')}, ${equivalent} ${plural(equivalent, 'équivalente', 'équivalentes')}, ${inconclusive} ${plural(inconclusive, 'non concluante', 'non concluantes')}.`,
  comparedOtherFigures: (workload, was, is) =>
    `${workload} n’est pas comparé${nb}: sa mesure était ${was} et est maintenant ${is}.`,
  comparedNeighbours: (workloads, was, is) =>
    `De ${workloads}, aucun changement n’est affirmé${nb}: la mémoire en PSS dépend des bacs à sable étrangers à la campagne (${was ?? 'nombre inconnu'} avant, ${is ?? 'nombre inconnu'} après).`,
  comparedUnmatched: (count) =>
    `${count} ${plural(count, 'cellule n’a de valeurs que', 'cellules n’ont de valeurs que')} dans l’une des deux campagnes.`,
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
    conditions: 'Conditions du démon',
    logging: 'Sortie des conteneurs',
    virtualisation: 'Virtualisé par',
    emulation: 'Processeur émulé par',
    clocksource: 'Source d’horloge',
    governor: 'Gouverneur du processeur',
    turbo: 'Turbo',
    smt: 'SMT',
    mitigations: 'Atténuations du processeur',
    harness: 'Harnais de mesure',
  },
  cpuCount: (n, model) => `${n} × ${model}`,
  engineText: (version, kind, storage, driver, cgroup) =>
    `Docker ${version} (${kind}), stockage ${storage}, pilote cgroup ${driver}, cgroup version ${cgroup}`,
  condition: {
    seccomp: 'profil seccomp',
    securityModule: 'module de sécurité',
    noNewPrivileges: 'no-new-privileges',
    defaultUlimits: 'default-ulimits',
    liveRestore: 'live-restore',
    userlandProxy: 'userland-proxy',
    icc: 'icc',
    logDriver: 'pilote de journal',
    backingFileSystem: 'système de fichiers sous le pilote de stockage',
    otherContainers: 'autres conteneurs en marche au début',
  },
  loggingNone: `les conteneurs mesurés n’ont pas de pilote de journal (LogConfig none), quel que soit celui du démon par défaut${nb}: un programme qui affiche beaucoup coûte davantage en production. io/log-lines mesure combien`,
  engineKind: { docker: 'démon de la machine', embedded: 'démon privé' },
  cgroupControllers: (mode, controllers) => `${mode} (${controllers})`,
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
  notInPreset: (names, preset) => `Demandé, et absent du préréglage ${preset}${nb}: ${names}.`,
  missingNone: 'Tout ce qui était prévu a été mesuré.',
  withoutValueHeading: 'Sans valeur',
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
  givenUpText: (failures, ofSubject, ofRuntime) =>
    `Abandonnés après ${failures} échecs de suite, après ${ofSubject} dépassements de délai d’une charge qui n’a marché sous aucun runtime, ou après ${ofRuntime} dépassements de délai de suite pour leur runtime${nb}; le temps est revenu aux autres${nb}:`,
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
    'engine-lost': 'la perte du moteur',
  },
  trialsText: (ok, failed) => `Essais réussis${nb}: ${ok}${nb}; en échec${nb}: ${failed}.`,
  dataHeading: 'Données',
  dataText: `Toutes les valeurs et les nombres derrière ce rapport${nb}:`,
  csvRow: (row, key) => `ligne ${row} de summary.csv${nb}: ${key}`,
  csvHint:
    'n mène à la ligne de summary.csv ; les valeurs une à une sont les lignes de measurements.csv de mêmes runtime, workload, params et metric.',
  tablesOf: (subjects) => `Tableaux${nb}: ${subjects}`,
  isolationCostHeading: 'L’isolation face à son coût',
  isolationCostIntro: (baseline) =>
    `Ce qui sépare un conteneur de la machine et, en dessous, ce que cela coûte${nb}: la moyenne géométrique des rapports de coût à ${baseline} dans chaque catégorie (au-dessus de 1, plus coûteux${nb}; «${nb}?${nb}»${nb}: aucun de ses sujets n’est concluant).`,
  hostKernel: 'celui de la machine',
  ownKernel: 'pas celui de la machine',
  meanCost: (category) => `coût${nb}: ${category}`,
  harnessText: (version, schema, config, seed) =>
    `ocibench ${version}, enregistrements de version ${schema}, configuration ${config}, graine ${seed}`,
  imagesIntro: `Images${nb}: ce que les runtimes ont exécuté, d’après l’empreinte de leur système de fichiers.`,
  imageHead: 'image',
  sizeHead: 'taille',

  page: {
    skip: 'Aller au rapport',
    table: 'tableau',
    controls: 'Affichage',
    contents: 'Sommaire',
    runtimes: `Affichés${nb}:`,
    theme: 'Couleurs',
    themes: { auto: 'comme le système', light: 'claires', dark: 'sombres' },
    logScale: 'échelle log',
    log: 'échelle log',
    linear: 'échelle linéaire',
    nothingShown: 'Tous les runtimes de ce graphique sont masqués.',
  },
  taughtHeading: 'Ce qu’on enseigne, mis à l’épreuve',
  taughtIntro: (baseline, confidence) =>
    `Ce que les cours disent de ces runtimes, confronté à toutes les charges de cette campagne que cela concerne. Les facteurs sont des coûts rapportés à ${baseline} (temps et quantités${nb}; débits inversés), avec leur intervalle à ${confidence}. Une fourchette est vérifiée pour une charge si tout l’intervalle s’y trouve, démentie si tout l’intervalle est en dehors, mais un ralentissement que ce rapport n’affirme pas reste indécis${nb}; une simple différence l’est selon le verdict de ce rapport. Prise dans son ensemble, une affirmation n’est confirmée ou réfutée que si elle est vérifiée, ou démentie, partout où l’on a pu trancher, et cela dans plus de la moitié des cas.`,
  taughtClaim: {
    'gvisor-slower': 'gVisor est de 30 à 50\u202f% plus lent',
    'crun-faster': 'crun est plus rapide que runc',
    'crun-lighter': 'crun est plus léger que runc (mémoire)',
    'kata-slower-start': 'Kata démarre plus lentement',
    'kata-more-memory': 'Kata consomme plus de mémoire',
  },
  taughtStatus: {
    confirmed: 'confirmé',
    refuted: 'réfuté',
    partly: 'vrai pour certaines charges seulement',
    undecided: 'indécis',
    'not-measurable': 'non mesurable ici',
  },
  taughtCount: (holds, all) => ` (vérifié dans ${holds} cas sur ${all})`,
  taughtOutcome: {
    holds: 'vérifié',
    below: 'coûte moins que cela',
    above: 'coûte plus que cela',
    fails: 'démenti',
    undecided: 'indécis',
  },
  taughtMore: (n) => `… ${n} autres entre les deux …`,
  taughtReason: {
    'no-runtime': 'aucun runtime de ce type n’est déclaré',
    unavailable: 'il ne peut pas fonctionner ici',
    baseline: 'l’affirmation porte sur une autre référence que celle de cette campagne',
    'nothing-measured': 'cette campagne n’a rien comparé qui s’y rapporte',
  },

  chartN: (low, high) => (low === high ? `n = ${low}` : `n = ${low} à ${high}`),
  chartEmulatedGuests: (names) =>
    `Machine virtuelle émulée${nb}: ${names}${nb}; ces temps sont ceux de l’émulateur`,
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
    resident: `Mémoire${nb}: résidente`,
    footprint: `Mémoire${nb}: empreinte`,
  },
  densityIdle: 'CPU d’un bac à sable inactif',
  densityIdleAxis: '% d’un CPU',
  costTitle: 'Temps CPU pour démarrer et supprimer un conteneur',
  costCaption: `Somme des médianes${nb}: le cgroup de l’essai, et le moteur (dockerd, containerd, shims) pendant ce temps`,
  costAxis: (unit) => `temps CPU en ${unit}`,
  costPart: { cgroup: 'cgroup du conteneur', engine: 'moteur', both: 'les deux ensemble' },
  sequenceTitle: 'Temps jusqu’à la première sortie, dans l’ordre des mesures',
  sequenceCaption: `Une pente ou une marche est une dérive de la machine${nb}; l’appariement par bloc la retire des rapports`,
  sequenceAxis: 'essai, dans l’ordre du temps',

  registry: {
    file: 'daemon.json',
    daemon: 'dockerd',
    containerd: 'containerd (CRI)',
    absent: 'absent',
    silent: (why) => `ne répond pas${nb}: ${why}`,
    known: 'enregistré',
    layers: `Docker suit daemon.json, que dockerd lit à son démarrage et à la réception de SIGHUP. Les runtimes du config.toml de containerd appartiennent à son greffon CRI, c’est-à-dire à Kubernetes${nb}: Docker ne les lit jamais, même si les deux peuvent appeler les mêmes programmes.`,
    use: {
      usable: () => 'Utilisable par Docker.',
      'built-in': () => 'Fourni par dockerd, qui en réserve le nom.',
      'not-loaded': () =>
        `dockerd ne le connaît pas tel que daemon.json le décrit${nb}: il n’a pas relu le fichier depuis (systemctl reload docker).`,
      'not-in-file': () =>
        `dockerd le connaît, mais pas daemon.json${nb}: il vient d’une option (--add-runtime), ou il a été ôté du fichier sans rechargement.`,
      'no-program': (_name, about) => `Inutilisable par Docker${nb}: ${about} n’est pas exécutable ici.`,
      'no-shim': (_name, about) => `Inutilisable par Docker${nb}: son shim ${about} n’est pas installé ici.`,
      unasked: () => `Dans daemon.json${nb}; on ignore si dockerd l’a lu.`,
      'containerd-program': (name, about) =>
        `Inutilisable par Docker sous ce nom${nb}: seul le greffon CRI de containerd le connaît. C’est un runtime OCI, donc${nb}: ocibench runtimes add ${name} --path ${about}`,
      'containerd-shim': (_name, about) =>
        `Inutilisable par Docker sous ce nom${nb}: c’est un shim de containerd et non un runtime OCI désigné par un chemin. Le shim lui-même est installé${nb}: docker run --runtime ${about}`,
      'containerd-no-shim': (_name, about) =>
        `Inutilisable par Docker${nb}: c’est un shim de containerd et non un runtime OCI désigné par un chemin, et le shim ${about} n’est pas installé ici.`,
    },
    ask: `Écrire ce changement${nb}? [o/N] `,
    yesPattern: '^(o(ui)?|y(es)?)$',
    nothingToDo: (name, file) => `${name} figure déjà ainsi dans ${file}.`,
    dryRun: 'Rien n’a été écrit (--dry-run).',
    declined: 'Rien n’a été écrit.',
    backedUp: (file) => `Copie du fichier d’origine${nb}: ${file}`,
    written: (file) => `${file} a été écrit.`,
    notReloaded: `dockerd n’a pas été prévenu (--no-reload)${nb}: il en tiendra compte à son prochain rechargement ou démarrage.`,
    added: (name, pid) => `dockerd (processus ${pid}) connaît maintenant ${name}.`,
    removed: (name, pid) => `dockerd (processus ${pid}) ne connaît plus ${name}.`,
    othersChanged: (names) =>
      `Remarque${nb}: le rechargement a aussi changé d’autres runtimes, car le fichier n’est pas ce que dockerd connaissait${nb}: ${names}`,
    warnUsed: (name, containers) =>
      `attention${nb}: des conteneurs ont été créés avec ${name} et ne démarreront plus sans lui${nb}: ${containers}`,
    cannotAdd: (name) => `impossible d’ajouter ${name}`,
    cannotRemove: (name) => `impossible d’ôter ${name}`,
    needsTerminal:
      'Il n’y a pas de terminal où poser la question. Examinez la différence, puis relancez avec --yes.',
    absolutePath: (path) => ['n’est pas un chemin absolu', `écrivez --path ${path}`],
    notExecutable: (path) => [
      `${path} n’est pas un fichier exécutable`,
      `donnez le chemin d’un runtime OCI${nb}: command -v runsc`,
    ],
    isShim: (path) => [
      `${path} est un shim de containerd, que dockerd n’appelle pas par son chemin comme un runtime OCI`,
      `donnez le chemin du runtime OCI${nb}; pour un shim, écrivez «${nb}runtimeType${nb}» dans daemon.json`,
    ],
    shimName: ['a la forme d’un nom de shim de containerd', 'choisissez un nom sans io.containerd.'],
    taken: (how) => [`est déjà enregistré${nb}: ${how}`, 'ôtez-le d’abord, ou choisissez un autre nom'],
    notThere: (names) => [
      'n’est pas enregistré dans ce fichier',
      names === '' ? 'il n’y a rien à ôter' : `au choix${nb}: ${names}`,
    ],
    isDefault: ['est le runtime par défaut', `changez d’abord «${nb}default-runtime${nb}»`],
    isUsed: (containers) => [
      `des conteneurs ont été créés avec lui et ne démarreraient plus sans lui${nb}: ${containers}`,
      'supprimez d’abord ces conteneurs, ou insistez avec --force',
    ],
    notText: ['n’est pas du texte UTF-8', 'rétablissez le fichier à partir d’une sauvegarde'],
    notWritten: (why) => [
      `ne peut pas être modifié${nb}: ${why}`,
      `relancez en tant que root${nb}: sudo ocibench runtimes …`,
    ],
    changedMeanwhile: ['a été modifié par quelqu’un d’autre entre-temps', 'relancez la commande'],
    noValidator: [
      'dockerd, qui doit valider le fichier, n’est pas installé ici',
      'relancez sur la machine du démon',
    ],
    invalid: (said) => [`dockerd --validate refuse le fichier${nb}: ${said}`, 'rien n’a été changé'],
    remote: (url) => [
      `le démon est à ${url}, et le fichier sur cette machine`,
      'relancez sur la machine du démon',
    ],
    otherFile: (pid, file) => [
      `le dockerd en marche (processus ${pid}) lit ${file}`,
      `--daemon-json ${file}, ou --no-reload`,
    ],
    fileAlone: 'démarrez-le, ou ne modifiez que le fichier avec --no-reload',
    noProcess: [
      'aucun dockerd en marche ne lit ce fichier',
      'démarrez-le, ou ne modifiez que le fichier avec --no-reload',
    ],
    failed: 'Le démon n’a pas adopté le changement.',
    rolledBack: `Retour en arrière fait${nb}: le fichier est comme avant, et le démon a les runtimes qu’il avait.`,
    notRolledBack: (why) =>
      `Le fichier est comme avant, mais le démon n’a pas pu être ramené à son état antérieur${nb}: ${why}`,
    fileNotRestored: (why, backup) =>
      `LE RETOUR EN ARRIÈRE A ÉCHOUÉ${nb}: ${why}. Copie du fichier d’origine${nb}: ${backup}`,
    noBackup: 'il n’y en avait pas',
    interrupted: 'interrompu',
    notSeen: (seconds) => `son /info ne montre pas le changement après ${seconds} s`,
    seeLog: `son journal dit pourquoi${nb}: journalctl -u docker.service, ou là où dockerd écrit`,
  },

  cutOff: {
    busy: (owner) => `une autre mesure est en cours sur cette machine${nb}: ${owner}`,
    busyOwner: (command, runId, pid, since) => `${command}, campagne ${runId}, pid ${pid}, depuis ${since}`,
    busyMessage: 'deux mesures simultanées se mesureraient l’une l’autre',
    busyFix: (pid) => `attendre sa fin avec --wait, ou l’arrêter${nb}:  kill -INT ${pid}`,
    busyUnseen: (file) =>
      `attendre sa fin avec --wait${nb}; elle tourne dans un autre espace de noms PID (un conteneur) et n’est pas visible d’ici${nb}; une fois certain qu’elle est terminée${nb}:  rm ${file}`,
    waiting: (owner) => `en attente de la fin de ${owner} (Ctrl-C pour renoncer)`,
    gaveUpWaiting: `attente interrompue${nb}: rien n’a été mesuré`,
    nothingMeasured: 'interruption avant la première mesure',
    endsAtOnce: `arrêt immédiat${nb}; ce qui reste ici sera supprimé au prochain démarrage, ou par${nb}:  ocibench clean`,
    setAside: (file, bytes, keptIn) =>
      `${file}${nb}: la fin avait été tronquée par un arrêt brutal${nb}; ${bytes} octets sont conservés dans ${keptIn}`,
    tornLeftOut: (file) =>
      `${file}${nb}: la dernière ligne a été tronquée par un arrêt brutal, elle est ignorée`,
    engineLost: (detail) =>
      `le moteur s’est arrêté${nb}: ${detail}${nb}; un nouveau moteur est ouvert, et la campagne reprend à l’essai interrompu`,
    engineLostAgain: (times, detail) =>
      `le moteur s’est arrêté ${times} fois, la dernière${nb}: ${detail}${nb}; les mesures faites sont conservées`,
    calibrationLost: (detail) =>
      `le moteur s’est arrêté pendant l’étalonnage (${detail})${nb}: il faut le recommencer`,
    crashed: (runId, command) => `la campagne ${runId} a été coupée et peut être reprise${nb}:  ${command}`,
    goOn: (command) => `pour reprendre${nb}:  ${command}`,
  },
};
