import type { Lang } from '../../messages/message.ts';
import { translate } from '../../messages/translate.ts';
import { harnessMetrics } from '../../metrics/registry.ts';

/** What workloads measure, in both languages; `.*` ends the name of a family, and `*` in its words stands for the member. */
export const metricLabels = {
  // Memory
  'pss.*': ['memory (PSS): *', 'mémoire (PSS)\u00a0: *'],

  // Input and output, tasks, pressure
  'output.line': ['time per line of output', 'temps par ligne affichée'],

  // Startup
  'burst.latency': ['time to first output in a burst', 'temps jusqu’à la première sortie dans une salve'],
  'burst.latency_max': [
    'time to first output, slowest of a burst',
    'temps jusqu’à la première sortie, le plus lent d’une salve',
  ],
  'burst.rate': ['starts per second', 'démarrages par seconde'],
  'density.available': ['memory per sandbox (MemAvailable)', 'mémoire par bac à sable (MemAvailable)'],
  'density.charged': ['memory per sandbox (charged)', 'mémoire par bac à sable (imputée)'],
  'density.resident': ['memory per sandbox (resident)', 'mémoire par bac à sable (résidente)'],
  'density.footprint': ['memory per sandbox (footprint)', 'mémoire par bac à sable (empreinte)'],
  'density.idle_cpu': ['CPU of an idle sandbox', 'CPU d’un bac à sable inactif'],
  'exec.to_output': ['exec to first output of the program', 'de l’exec à la première sortie du programme'],
  'exec.total': ['exec to exit code', 'de l’exec au code de retour'],
  'pause.round': ['freeze and thaw', 'gel et dégel'],
  'pause.freeze': ['freeze', 'gel'],
  'pause.thaw': ['thaw', 'dégel'],
  'startup.to_serving': ['create to serving', 'de la création au service'],
  'startup.start_to_serving': ['start to serving', 'du démarrage au service'],
  'startup.stop': ['time to stop', 'temps d’arrêt'],
  'stop.time': ['time to stop', 'temps d’arrêt'],

  // System calls
  'op.time': ['time of one operation', 'temps d’une opération'],
  'op.rate': ['operations per second', 'opérations par seconde'],
  'syscall.trivial': ['cost of trivial system calls', 'coût des appels système triviaux'],
  'syscall.throughput': ['system calls per second', 'appels système par seconde'],
  'syscall.*': ['cost of *()', 'coût de *()'],

  // Files
  'fio.bandwidth': ['bandwidth', 'débit'],
  'fio.iops': ['operations per second', 'opérations par seconde'],
  'fio.latency_mean': ['mean latency', 'latence moyenne'],
  'fio.latency_p99': ['99th percentile of latency', '99ᵉ centile de la latence'],
  'fsync.p50': ['median time of an fsync', 'temps médian d’un fsync'],
  'fsync.p95': ['95th percentile of an fsync', '95ᵉ centile d’un fsync'],
  'fsync.p99': ['99th percentile of an fsync', '99ᵉ centile d’un fsync'],
  'fsync.mean': ['mean time of an fsync', 'temps moyen d’un fsync'],
  'fsync.rate': ['synced writes per second', 'écritures synchronisées par seconde'],
  'files.create': ['creating a file', 'création d’un fichier'],
  'files.read': ['reading a file', 'lecture d’un fichier'],
  'files.stat': ['stat of a file', 'stat d’un fichier'],
  'files.delete': ['removing a file', 'suppression d’un fichier'],
  'files.cycle': ['all four together', 'les quatre ensemble'],

  // Memory workloads
  'memory.throughput': ['memory throughput', 'débit mémoire'],
  'fault.first_touch': ['first touch of a page', 'premier accès à une page'],
  'fault.again': ['touching a page again', 'nouvel accès à une page'],
  'fault.unmap': ['giving a page back', 'restitution d’une page'],
  'limit.usable': ['memory that is usable below the limit', 'mémoire utilisable sous la limite'],
  'limit.overhead': ['part of the limit that is not usable', 'part inutilisable de la limite'],
  'zero_page.read': ['first read of an untouched page', 'première lecture d’une page vierge'],

  // CPU workloads
  'quota.used': ['share of the quota that was used', 'part du quota utilisée'],
  'quota.cpus': ['quota, CPUs', 'quota, en CPU'],
  'quota.throttled': ['share of periods held back', 'part des périodes retenues'],
  'quota.visible_cpus': ['CPUs that are visible inside', 'CPU visibles à l’intérieur'],
  'sysbench.events_rate': ['events per second', 'événements par seconde'],
  'sysbench.threads': ['threads', 'threads'],

  // Network
  'http.requests_rate': ['requests per second', 'requêtes par seconde'],
  'http.latency_p50': ['median latency', 'latence médiane'],
  'http.latency_p99': ['99th percentile of latency', '99ᵉ centile de la latence'],
  'iperf3.bandwidth': ['bandwidth', 'débit'],
  'iperf3.peer_cpu': ['CPU of the client', 'CPU du client'],
  'redis.requests_rate': ['requests per second', 'requêtes par seconde'],
  'redis.latency_p50': ['median latency', 'latence médiane'],
  'redis.latency_p99': ['99th percentile of latency', '99ᵉ centile de la latence'],

  // Applications
  'gcc.file': ['time to compile a file', 'temps de compilation d’un fichier'],
  'openssl.throughput': ['throughput', 'débit'],
  'pgbench.transactions_rate': ['transactions per second', 'transactions par seconde'],
  'pgbench.latency_mean': ['mean latency of a transaction', 'latence moyenne d’une transaction'],
  'pgbench.connect': ['time to connect', 'temps de connexion'],
  'python.round': ['time of one round', 'temps d’un tour'],
  'python.start': ['time of one start of Python', 'temps d’un démarrage de Python'],
  'sqlite.rows_rate': ['rows per second', 'lignes par seconde'],
  'tar.files_rate': ['files per second', 'fichiers par seconde'],
  'tar.throughput': ['throughput of the archive', 'débit de l’archive'],
  'wrk.requests_rate': ['requests per second', 'requêtes par seconde'],
  'wrk.latency_p50': ['median latency', 'latence médiane'],
  'wrk.latency_p99': ['99th percentile of latency', '99ᵉ centile de la latence'],

  // Isolation
  'isolation.syscalls_answered': ['system calls that answer', 'appels système qui répondent'],
  'isolation.syscalls_refused': ['system calls that are refused', 'appels système refusés'],
  'isolation.syscalls_absent': ['system calls that are absent', 'appels système absents'],
  'isolation.syscalls_ended': [
    'system calls that end the process',
    'appels système qui mettent fin au processus',
  ],
  'isolation.capabilities': ['capabilities', 'capacités (capabilities)'],
  'isolation.devices': ['entries of /dev', 'entrées de /dev'],
  'isolation.mounts': ['mounts', 'montages'],
  'isolation.mounts_writable': ['writable mounts', 'montages accessibles en écriture'],
  'isolation.cpus': ['CPUs inside', 'processeurs à l’intérieur'],
  'isolation.memory': ['memory inside (MemTotal)', 'mémoire à l’intérieur (MemTotal)'],
} as const satisfies Readonly<Record<string, readonly [en: string, fr: string]>>;

/** id → words, of one language. */
export function metricWords(lang: Lang): Readonly<Record<string, string>> {
  const own = harnessMetrics.flatMap(({ id, label }) =>
    label === undefined ? [] : [[id, translate(label, lang)] as const],
  );
  const ofWorkloads = Object.entries(metricLabels).map(
    ([id, [en, fr]]) => [id, lang === 'fr' ? fr : en] as const,
  );
  return Object.fromEntries([...own, ...ofWorkloads]);
}
