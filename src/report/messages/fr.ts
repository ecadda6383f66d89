import type { Messages } from './index.ts';

const plural = (n: number, one: string, many: string) => (Math.abs(n) < 2 ? one : many);

/** No-break space before `:`, `;` and inside guillemets, as French typography asks. */
const nb = '\u00a0';

/** Every text of reports, tables and charts in French. Arguments are already formatted. */
export const fr: Messages = {
  runtime: 'runtime',
  colon: `${nb}: `,
  semicolon: `${nb}; `,
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

  and: (words) => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} et ${words.at(-1)}`),
  cpuCount: (n, model) => `${n} × ${model}`,
  timedOut: (seconds) => `délai dépassé après ${seconds}`,
  leakedText: (processes, trials) =>
    `Des runtimes ont laissé ${processes} processus après ${trials} ${plural(trials, 'essai', 'essais')}${nb}; ils ont été arrêtés.`,
  stopReason: {
    precision: 'la précision demandée est atteinte',
    'max-blocks': 'le nombre maximal de blocs est atteint',
    'max-time': 'la limite de temps est atteinte',
    interrupted: 'interruption',
    'engine-lost': 'la perte du moteur',
  },
  subjectsCount: (count, n) => `${count} ${plural(n, 'sujet', 'sujets')}`,

  registry: {
    absent: 'absent',
    silent: (why) => `ne répond pas${nb}: ${why}`,
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
