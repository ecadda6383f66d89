import type { Phrases } from './phrase.ts';

/** Why a figure of a trial is absent (`collect/`, `execute/*-observer.ts`). */
export const figurePhrases: Phrases = {
  'no such file (older kernel, or its controller is not enabled here)':
    'pas de tel fichier (noyau plus ancien, ou son contrôleur n’est pas activé ici)',
  'its cgroup was removed': 'son cgroup a été supprimé',
  'the kernel has it switched off': 'le noyau l’a désactivé',
  '{0} could not be enabled in {1}: {2}': '{0} n’a pas pu être activé dans {1}~: {2}',
  '{0} could not be set: {1}': '{0} n’a pas pu être défini~: {1}',
  'pid {0} could not join {1}: {2}': 'le pid {0} n’a pas pu rejoindre {1}~: {2}',
  'no {0} controller is mounted': 'aucun contrôleur {0} n’est monté',
  'no cgroup hierarchy with CPU or memory accounting is mounted':
    'aucune hiérarchie de cgroups qui compte le CPU ou la mémoire n’est montée',
  'cpu.stat: no CPU quota on this cgroup, and the kernel counts throttling only where the quota is':
    'cpu.stat~: pas de quota de CPU sur ce cgroup, et le noyau ne compte les retenues que là où est le quota',
  '{0}: not a number: {1}': '{0}~: pas un nombre~: {1}',
  'io.stat: a line without a device: {0}': 'io.stat~: une ligne sans périphérique~: {0}',
  'cgroup v1 has no pressure files': 'cgroup v1 n’a pas de fichiers de pression',
  'cpuacct: too short to be divided: the kernel samples user and system time at timer ticks':
    'cpuacct~: trop bref pour être réparti~: le noyau relève les temps utilisateur et système à chaque tic',
  '{0}: no device is listed, not even for the root cgroup, so this kernel does not count here':
    '{0}~: aucun périphérique n’est listé, pas même pour le cgroup racine~: ce noyau ne compte pas ici',
  'memory.oom_control: v1 counts OOM kills in the cgroup itself, which is gone':
    'memory.oom_control~: v1 compte les OOM kills dans le cgroup lui-même, qui a disparu',
  'memory.use_hierarchy is 0: this cgroup does not count the ones below it':
    'memory.use_hierarchy vaut 0~: ce cgroup ne compte pas ceux qu’il contient',
  'the controller {0} is not mounted': 'le contrôleur {0} n’est pas monté',
  'the container has no cgroup of its own below the trial’s':
    'le conteneur n’a pas de cgroup à lui sous celui de l’essai',
  '{0}: the container has no such limit': '{0}~: le conteneur n’a pas cette limite',
  '{0} does not say it in the form that is known': '{0} ne le dit pas sous la forme connue',
  'cpu.stat was not read': 'cpu.stat n’a pas été lu',
  'no cgroup hierarchy with CPU accounting is mounted':
    'aucune hiérarchie de cgroups qui compte le CPU n’est montée',
  'the cgroup of the engine is not known': 'le cgroup du moteur est inconnu',
  'no dockerd process was found on this host': 'aucun processus dockerd n’a été trouvé sur cette machine',
  'which of the dockerd processes of this host answers at {0} cannot be told':
    'on ne peut savoir lequel des processus dockerd de cette machine répond à {0}',
  'the containerd that dockerd (process {0}) uses was not found':
    'le containerd dont se sert dockerd (processus {0}) n’a pas été trouvé',
  'the engine shares its cgroup with another ({0}, process {1}, in {2})':
    'le moteur partage son cgroup avec un autre ({0}, processus {1}, dans {2})',
  'the cgroup of dockerd could not be read': 'le cgroup de dockerd n’a pas pu être lu',
  'the engine runs in the root cgroup, together with the whole host':
    'le moteur tourne dans le cgroup racine, avec toute la machine',
  'the engine runs in the same cgroup as this harness ({0})':
    'le moteur tourne dans le même cgroup que cet outil ({0})',
  '{0} was removed in between, and what it had counted with it':
    '{0} a été supprimé entre-temps, et avec lui ce qu’il avait compté',
  '{0} went backwards: its cgroup was made anew in between':
    '{0} est revenu en arrière~: son cgroup a été recréé entre-temps',
  'it was not read while the container ran': 'il n’a pas été lu pendant que le conteneur tournait',
  'memory.stat lagged behind memory.current in the reading with the highest charge':
    'memory.stat était en retard sur memory.current dans le relevé le plus élevé',
  'busctl could not start {0}: {1}': 'busctl n’a pas pu démarrer {0}~: {1}',
  'the engine is on another host; only the Docker stats API is reachable':
    'le moteur est sur une autre machine~; seule l’API de statistiques de Docker est joignable',
  'no answer of the stats API while the container ran':
    'pas de réponse de l’API de statistiques pendant que le conteneur tournait',
  'the stats API does not give it': 'l’API de statistiques ne le donne pas',
  'MemAvailable cannot be read': 'MemAvailable est illisible',
  'CPU of the cgroup cannot be read': 'le CPU du cgroup est illisible',
  'CPU of the engine cannot be read': 'le CPU du moteur est illisible',
  'the trial was not begun': 'l’essai n’a pas commencé',
  '{0} cannot be read': '{0} est illisible',
};
