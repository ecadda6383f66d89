import type { Phrases } from './phrase.ts';

/** Outputs of tools that cannot be believed: the messages of ParseError (`tools/`, `workloads/`). */
export const outputPhrases: Phrases = {
  // Of several tools
  '{0} is {1}, which cannot be': '{0} vaut {1}, ce qui est impossible',
  "'{0}' is {1}, which cannot be": '«~{0}~» vaut {1}, ce qui est impossible',
  "expected the line '{0}', got {1}": 'ligne attendue~: «~{0}~», obtenue~: {1}',
  "expected the line 'up', got {0}": 'ligne attendue~: «~up~», obtenue~: {0}',
  'expected lines of x, got {0}': 'lignes de x attendues, reçu {0}',
  'expected {0} rounds, got {1}': '{0} tours attendus, obtenu~: {1}',
  "expected 'touched {0}', got {1}": '«~touched {0}~» attendu, obtenu~: {1}',
  '{0}: expected {1}, got {2}': '{0}~: attendu~: {1}, obtenu~: {2}',
  '{0} printed {1}': '{0} a affiché {1}',
  'no round: {0}': 'pas un tour~: {0}',
  'the tool reports {0} ns an operation, which cannot be':
    'l’outil annonce {0}~ns par opération, ce qui est impossible',
  'the tool reports {0} operations a second, which cannot be':
    'l’outil annonce {0} opérations par seconde, ce qui est impossible',
  'the trial has no stamped window': 'l’essai n’a pas de fenêtre marquée',
  'the time between the stamps in ns': 'le temps entre les marques, en ns,',
  'the CPU time between the stamps is not known': 'le temps CPU entre les marques est inconnu',
  '{0} took {1} ns a page, which cannot be': '{0} a pris {1}~ns par page, ce qui est impossible',
  '{0} took {1} ns a file, which cannot be': '{0} a pris {1}~ns par fichier, ce qui est impossible',
  'a page took {0} ns, which cannot be': 'une page a pris {0}~ns, ce qui est impossible',

  // fio, sysbench, stress-ng, perf bench
  "no JSON in fio's output: {0}": 'pas de JSON dans la sortie de fio~: {0}',
  "fio's report: {0}: {1}": 'rapport de fio~: {0}~: {1}',
  'fio reports {0} jobs named {1}, not one': 'fio annonce {0} tâches nommées {1}, pas une',
  "fio's job ended with error {0}": 'la tâche de fio s’est terminée avec l’erreur {0}',
  'fio reports {0} {1}, which cannot be': 'fio annonce {0} {1}, ce qui est impossible',
  'a bandwidth of': 'un débit de',
  'a mean latency of': 'une latence moyenne de',
  'a 99th percentile of': 'un 99ᵉ centile de',
  'a percentile {0} of': 'un centile {0} de',
  'a rate of': 'une cadence de',
  'a number of fsyncs of': 'un nombre de fsync de',
  'fio synced {0} of {1} writes': 'fio a synchronisé {0} écritures sur {1}',
  "no {0} in sysbench's output: {1}": 'pas de {0} dans la sortie de sysbench~: {1}',
  "no throughput in sysbench's output: {0}": 'pas de débit dans la sortie de sysbench~: {0}',
  'no rate of events in sysbench’s output': 'pas de cadence d’événements dans la sortie de sysbench',
  'number of threads': 'nombre de threads',
  'number of events': 'nombre d’événements',
  'rate of events': 'cadence d’événements',
  'sysbench ran {0} threads': 'sysbench a lancé {0} threads',
  'sysbench counts {0} events, not {1}': 'sysbench compte {0} événements, pas {1}',
  'sysbench counts {0} events, not {1} in each of {2}':
    'sysbench compte {0} événements, pas {1} dans chacun de {2}',
  'sysbench reports {0} events a second, which cannot be':
    'sysbench annonce {0} événements par seconde, ce qui est impossible',
  "sysbench does not say that it did '{0}': {1}": 'sysbench ne dit pas avoir fait «~{0}~»~: {1}',
  'sysbench transferred {0} MiB, not {1}': 'sysbench a transféré {0}~Mio, pas {1}',
  'sysbench reports {0} MiB/s, which cannot be': 'sysbench annonce {0}~Mio/s, ce qui est impossible',
  "stress-ng's output has {0} lines of {1}, not one": 'la sortie de stress-ng a {0} lignes de {1}, pas une',
  "stress-ng reports '{0}' twice": 'stress-ng annonce «~{0}~» deux fois',
  'stress-ng reports {0} twice': 'stress-ng annonce {0} deux fois',
  'stress-ng did {0} operations of {1}, not {2}': 'stress-ng a fait {0} opérations de {1}, pas {2}',
  'stress-ng reports {0} operations of {1} a second': 'stress-ng annonce {0} opérations de {1} par seconde',
  'stress-ng reports {0} operations per second': 'stress-ng annonce {0} opérations par seconde',
  "stress-ng's output has no '{0}'": 'la sortie de stress-ng n’a pas de «~{0}~»',
  'stress-ng reports {0} ns for {1}, which cannot be':
    'stress-ng annonce {0}~ns pour {1}, ce qui est impossible',
  'stress-ng reports a call named {0}': 'stress-ng annonce un appel nommé {0}',
  "stress-ng's table of {0} calls has no {1}": 'le tableau de {0} appels de stress-ng n’a pas {1}',
  'no {0} in the output of perf bench: {1}': 'pas de {0} dans la sortie de perf bench~: {1}',
  "perf bench does not say '{0}'": 'perf bench ne dit pas «~{0}~»',
  'perf bench reports {0} ns an operation and {1} operations a second':
    'perf bench annonce {0}~ns par opération et {1} opérations par seconde',
  'perf bench does not say that 40 processes ran': 'perf bench ne dit pas que 40 processus ont tourné',
  'no rate of operations in the output of perf bench epoll':
    'pas de cadence d’opérations dans la sortie de perf bench epoll',

  // Network
  "no {0}% latency in wrk's report: {1}": 'pas de latence à {0}~% dans le rapport de wrk~: {1}',
  "wrk's {0}% latency in ns": 'la latence à {0}~% de wrk, en ns,',
  'wrk reports {0}': 'wrk annonce {0}',
  "no rate of requests in wrk's report: {0}": 'pas de cadence de requêtes dans le rapport de wrk~: {0}',
  "no rate of requests in wrk's output: {0}": 'pas de cadence de requêtes dans la sortie de wrk~: {0}',
  "no believable {0}th percentile in wrk's output: {1}":
    'pas de {0}ᵉ centile crédible dans la sortie de wrk~: {1}',
  'wrk reports {0} requests in {1} s, and {2} a second':
    'wrk annonce {0} requêtes en {1}~s, et {2} par seconde',
  "wrk's number of requests": 'le nombre de requêtes de wrk',
  "wrk's requests a second": 'le nombre de requêtes par seconde de wrk',
  'requests failed: {0}': 'des requêtes ont échoué~: {0}',
  'wrk asked for {0} s, not {1}': 'wrk a interrogé pendant {0}~s, pas {1}',
  "wrk's {0} requests in {1} s are not {2} a second":
    'les {0} requêtes de wrk en {1}~s ne font pas {2} par seconde',
  'wrk read {0} bytes in {1} answers of {2}': 'wrk a lu {0} octets dans {1} réponses de {2}',
  "no JSON in iperf3's output: {0}": 'pas de JSON dans la sortie d’iperf3~: {0}',
  "iperf3's report: {0}: {1}": 'rapport d’iperf3~: {0}~: {1}',
  'iperf3 did another test than was asked for: {0}, not {1}':
    'iperf3 a fait un autre test que celui demandé~: {0}, pas {1}',
  'iperf3 transferred for {0} s, not {1}': 'iperf3 a transféré pendant {0}~s, pas {1}',
  'iperf3 reports {0} bytes in {1} s, which cannot be':
    'iperf3 annonce {0} octets en {1}~s, ce qui est impossible',
  'iperf3 reports {0} % of CPU, which cannot be': 'iperf3 annonce {0}~% de CPU, ce qui est impossible',
  'not the CSV of redis-benchmark: {0}': 'pas le CSV de redis-benchmark~: {0}',
  "not redis-benchmark's table of one test: {0}": 'pas le tableau d’un test de redis-benchmark~: {0}',
  'redis-benchmark reports {0} requests a second, which cannot be':
    'redis-benchmark annonce {0} requêtes par seconde, ce qui est impossible',
  'redis-benchmark reports a latency of {0} ms, which cannot be':
    'redis-benchmark annonce une latence de {0}~ms, ce qui est impossible',
  'the 99th percentile of redis-benchmark is below its median':
    'le 99ᵉ centile de redis-benchmark est inférieur à sa médiane',
  'redis-benchmark reports {0}, not {1}': 'redis-benchmark annonce {0}, pas {1}',

  // Applications
  "not the line '{0} objects': {1}": 'pas la ligne «~{0} objects~»~: {1}',
  "not the line '{0} starts': {1}": 'pas la ligne «~{0} starts~»~: {1}',
  "no count of blocks in openssl's output: {0}": 'pas de nombre de blocs dans la sortie d’openssl~: {0}',
  'openssl reports {0}, not {1}': 'openssl annonce {0}, pas {1}',
  "openssl's blocks are not of {0} bytes: {1}": 'les blocs d’openssl ne font pas {0} octets~: {1}',
  "openssl's bytes a second": 'le nombre d’octets par seconde d’openssl',
  "openssl's time in s": 'le temps d’openssl, en s,',
  "no {0} in pgbench's report: {1}": 'pas de {0} dans le rapport de pgbench~: {1}',
  "no transactions in pgbench's report: {0}": 'pas de transactions dans le rapport de pgbench~: {0}',
  'pgbench processed {0} transactions, not {1}': 'pgbench a traité {0} transactions, pas {1}',
  'pgbench reports {0} failed transactions': 'pgbench annonce {0} {0|transaction|transactions} en échec',
  "pgbench's latency in ns": 'la latence de pgbench, en ns,',
  "pgbench's connection time in ns": 'le temps de connexion de pgbench, en ns,',
  'not what the script prints: {0}': 'pas ce qu’affiche le script~: {0}',
  'the time of a round in ns': 'le temps d’un tour, en ns,',
  'sqlite3 printed {0}, not {1}': 'sqlite3 a affiché {0}, pas {1}',
  'not a number of files: {0}': 'pas un nombre de fichiers~: {0}',
  'the number of files': 'le nombre de fichiers',
  'no totals of tar: {0}': 'pas de totaux de tar~: {0}',
  "tar's total in bytes": 'le total de tar, en octets,',
  'the application did not say that it is ready: {0}': 'l’application n’a pas dit qu’elle était prête~: {0}',

  // CPU, memory, startup
  'a quota of {0} CPUs': 'un quota de {0} processeurs',
  'the kernel counts {0} throttled periods of {1}': 'le noyau compte {0} périodes retenues sur {1}',
  '{0} ns of CPU in {1} ns is {2} of the quota': '{0}~ns de CPU en {1}~ns font {2} fois le quota',
  'the container does not say how many CPUs it sees':
    'le conteneur ne dit pas combien de processeurs il voit',
  '{0} of {1} MiB were touched': '{0}~Mio touchés sur {1}',
  'the program touched nothing before it ended': 'le programme n’a rien touché avant de finir',
  'no line of what was read: {0}': 'pas de ligne sur ce qui a été lu~: {0}',
  '{0} bytes were read, not {1}': '{0} octets ont été lus, pas {1}',
  'untouched memory was not zero': 'de la mémoire vierge n’était pas nulle',
  'container {0} of the burst has no first output': 'le conteneur {0} de la salve n’a pas de première sortie',
  '{0} containers were started, not {1}': '{0} conteneurs ont démarré, pas {1}',
  '{0} of {1} sandboxes used up the memory budget of {2} bytes':
    '{0} bacs à sable sur {1} ont épuisé le budget mémoire de {2} octets',
  'the server did not end within {0} s of SIGTERM':
    'le serveur ne s’est pas arrêté dans les {0}~s après SIGTERM',
  'the stop took {0} s: the program did not get SIGTERM':
    'l’arrêt a pris {0#}~s~: le programme n’a pas reçu SIGTERM',

  // Isolation
  'no system call answered, and yet the program ran':
    'aucun appel système n’a répondu, et pourtant le programme a tourné',
  'no mask of capabilities: {0}': 'pas de masque de capacités~: {0}',
  'the script did not come to its end: {0}': 'le script n’est pas allé à son terme~: {0}',
  'not a line of the script: {0}': 'pas une ligne du script~: {0}',
  "the script did not tell '{0}'": 'le script n’a pas indiqué «~{0}~»',
  'not a system call and its errno: {0}': 'pas un appel système et son errno~: {0}',
  'system calls are not told of in their order': 'les appels système ne sont pas donnés dans leur ordre',
  'only {0} system calls were tried': 'seuls {0} appels système ont été essayés',
};
