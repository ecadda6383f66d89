import type { Phrases } from './phrase.ts';

/** What a calibration checks, and why a figure is absent (`calibrate/`). */
export const calibrationPhrases: Phrases = {
  '10 ms of CPU burned': '10~ms de CPU consommées',
  '100 ms of CPU burned': '100~ms de CPU consommées',
  '1 s of CPU burned': '1~s de CPU consommée',
  '10 ms of CPU in a life of 10 s': '10~ms de CPU sur une vie de 10~s',
  '10 s of CPU burned': '10~s de CPU consommées',
  '500 ms of CPU, in the time series': '500~ms de CPU, dans la série temporelle',
  '500 ms of CPU, by /proc/<pid>/stat': '500~ms de CPU, d’après /proc/<pid>/stat',
  '128 MiB more touched: peak': '128~Mio de plus touchés~: pic',
  '128 MiB more touched: anon and shmem': '128~Mio de plus touchés~: anon et shmem',
  '128 MiB more touched: resident': '128~Mio de plus touchés~: mémoire résidente',
  '128 MiB more touched: footprint': '128~Mio de plus touchés~: empreinte',
  '32 MiB written with O_DIRECT': '32~Mio écrits avec O_DIRECT',
  '32 more processes at once': '32 processus de plus à la fois',
  'first output after 200 ms': 'première sortie après 200~ms',
  'alive for 300 ms after it': 'en vie 300~ms de plus',
  'the sampler on and off: time to output': 'avec et sans relevés~: temps de sortie',
  'one of {0} idle, by MemAvailable': 'l’un de {0} inactifs, par MemAvailable',
  '{0} ms added to {1}': '{0}~ms ajoutées à {1}',
  '{0} ms of CPU by a child of the shim': '{0}~ms de CPU d’un enfant du shim',
  '{0} MiB held outside the cgroup': '{0}~Mio tenus hors du cgroup',
  '{0} failed, first: {1}': '{0} en échec, le premier~: {1}',
  'nothing was measured': 'rien n’a été mesuré',
  'the known amount could not be read': 'la quantité connue n’a pas pu être lue',
  '{0}: a mark is missing, or two are in the wrong order':
    '{0}~: il manque une marque, ou deux sont dans le mauvais ordre',
  'the time series has no such reading': 'la série temporelle n’a pas de tel relevé',
  '{0} was not read': '{0} n’a pas été lu',
  '{0}: PSS, pages or shared memory of the sandbox could not be read':
    '{0}~: la PSS, les pages ou la mémoire partagée du bac à sable n’ont pas pu être lues',
  'the probe printed {0}': 'la sonde a affiché {0}',
  'a figure of memory could not be read, or lagged':
    'une mesure de mémoire n’a pas pu être lue, ou était en retard',
};
