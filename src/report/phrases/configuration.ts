import type { Phrases } from './phrase.ts';

/** Complaints about flags, bench.config.ts, daemon.json and workloads, with what would mend them (`config/`). */
export const configurationPhrases: Phrases = {
  // Flags
  'command line': 'ligne de commande',
  "must be {0}, but is '{1}'": 'doit être {0}, mais vaut «~{1}~»',
  'one of {0}': 'l’une des valeurs {0}',
  'for example {0} {1}': 'par exemple {0} {1}',
  'names separated by commas': 'une suite de noms séparés par des virgules',
  'ids or categories separated by commas': 'une suite de charges ou de catégories séparées par des virgules',
  'the name of a runtime': 'le nom d’un runtime',
  'a percentage or a fraction': 'un pourcentage ou une fraction',
  'a duration': 'une durée',
  'a duration from {0}ms to {1}s': 'une durée de {0}ms à {1}s',
  'a whole number, 0 or more': 'un entier positif ou nul',
  'a file': 'un fichier',

  // bench.config.ts
  'the configuration cannot be used': 'la configuration est inutilisable',
  '{0} cannot be used': '{0} est inutilisable',
  'bench.config.ts cannot be used': 'bench.config.ts est inutilisable',
  "--lang must be en or fr, but is '{0}'": '--lang doit être en ou fr, mais vaut «~{0}~»',
  '--label {0}: a label has the form key=value': '--label {0}~: une étiquette a la forme clé=valeur',
  "must not name a variant 'runc': dockerd reserves it":
    'ne doit pas appeler une variante «~runc~»~: dockerd se réserve ce nom',
  'choose another name': 'choisir un autre nom',
  "must not have two variants named '{0}'": 'ne doit pas avoir deux variantes nommées «~{0}~»',
  'rename one of them': 'renommer l’une des deux',
  'must have a name of its own: a registered runtime has it already':
    'doit avoir un nom à soi~: un runtime déclaré le porte déjà',
  'rename the variant': 'renommer la variante',
  "extends must be a registered runtime or an earlier variant, but is '{0}'":
    'extends doit être un runtime déclaré ou une variante précédente, mais vaut «~{0}~»',
  'use one of: {0}': 'choisir parmi~: {0}',
  "runtimeArgs must be absent: '{0}' is a shim (runtimeType), which takes none":
    'runtimeArgs doit être absent~: «~{0}~» est un shim (runtimeType), qui n’en prend pas',
  'give options.ConfigPath, a configuration file of its own':
    'donner options.ConfigPath, un fichier de configuration à lui',
  "options must be absent: '{0}' is a program (path), which takes runtimeArgs":
    'options doit être absent~: «~{0}~» est un programme (path), qui prend runtimeArgs',
  'use runtimeArgs': 'utiliser runtimeArgs',
  'cannot be loaded: {0}': 'ne peut pas être chargé~: {0}',
  'try:  node {0}': 'essayer~:  node {0}',
  'does not exist': 'n’existe pas',
  'is code that would run with your rights, and is not loaded unasked: {0}':
    'est du code qui s’exécuterait avec vos droits, et n’est pas chargé sans qu’on le demande~: {0}',
  '{0} belongs to user {1}': '{0} appartient à l’utilisateur {1}',
  '{0} can be written by every user': '{0} est modifiable par tout utilisateur',
  '{0} can be written by group {1}': '{0} est modifiable par le groupe {1}',
  'read it; if you trust it, name it:  --config {0}':
    'le lire~; si vous lui faites confiance, le nommer~:  --config {0}',
  'create {0}, or leave out --config': 'créer {0}, ou omettre --config',
  'cannot be read: {0}': 'est illisible~: {0}',
  'put a regular file in its place, or name another one':
    'mettre un fichier ordinaire à sa place, ou en indiquer un autre',
  'it is a symbolic link': 'c’est un lien symbolique',
  'it is not a regular file': 'ce n’est pas un fichier ordinaire',
  'it is larger than {0} MiB': 'il dépasse {0}~Mio',
  'a line is longer than {0} MiB': 'une ligne dépasse {0}~Mio',
  'name another file with --daemon-json, or mend this one':
    'indiquer un autre fichier avec --daemon-json, ou réparer celui-ci',
  'must be a name of letters, digits, dot, dash, plus, underscore':
    'doit être un nom fait de lettres, chiffres, points, tirets, plus et tirets bas',
  "must be from {0} to {1}, such as '5%'": "doit être compris entre {0} et {1}, par exemple '5%'",
  "must be a percentage such as '3%' or a fraction such as 0.03":
    'doit être un pourcentage tel que «~3%~» ou une fraction telle que 0.03',
  'must be 1 or more': 'doit valoir au moins 1',
  'must be below a million': 'doit être inférieur à un million',
  'must be the name of a runtime': 'doit être le nom d’un runtime',
  'must be a path': 'doit être un chemin',
  'must be a shim such as io.containerd.kata.v2': 'doit être un shim tel que io.containerd.kata.v2',
  'must be {name, extends, runtimeArgs}, {name, path, runtimeArgs} or {name, runtimeType, options}':
    'doit être {name, extends, runtimeArgs}, {name, path, runtimeArgs} ou {name, runtimeType, options}',
  'must be a name or a variant: {name, extends, runtimeArgs}':
    'doit être un nom ou une variante~: {name, extends, runtimeArgs}',
  'must not be empty': 'ne doit pas être vide',
  'must be a workload: defineWorkload({ id, category, image, title, metrics, container, parse })':
    'doit être une charge~: defineWorkload({ id, category, image, title, metrics, container, parse })',
  'must have min below or equal to max': 'doit avoir min inférieur ou égal à max',
  "must be 'min..max', such as '7..12'": 'doit être «~min..max~», par exemple «~7..12~»',
  "must be {min, max} or 'min..max'": 'doit être {min, max} ou «~min..max~»',
  "must be a duration such as '90s', '10m' or '1h30m'":
    'doit être une durée telle que «~90s~», «~10m~» ou «~1h30m~»',
  "must be {0}, such as '100ms'": 'doit être {0}, par exemple «~100ms~»',
  'must be 0 or more': 'doit être positif ou nul',
  'must export an object by default, but exports {0}': 'doit exporter un objet par défaut, mais exporte {0}',
  'write: export default defineConfig({ … })': 'écrire~: export default defineConfig({ … })',

  // Kinds of values
  'a list': 'une liste',
  'an object': 'un objet',
  'the text {0}': 'le texte {0}',
  'a function': 'une fonction',
  'number {0}': 'le nombre {0}',
  'boolean {0}': 'le booléen {0}',
  missing: 'manquant',
  'must be a text': 'doit être un texte',
  'put the value in double quotes': 'mettre la valeur entre guillemets droits',
  'must be a function': 'doit être une fonction',
  'must be a text or a number': 'doit être un texte ou un nombre',
  'must be true or false': 'doit être true ou false',
  'write true or false, without quotes': 'écrire true ou false, sans guillemets',
  'must be a number': 'doit être un nombre',
  'write a number, without quotes': 'écrire un nombre, sans guillemets',
  'must be a whole number': 'doit être un entier',
  'write a whole number, without quotes': 'écrire un entier, sans guillemets',
  'must be a list': 'doit être une liste',
  'put the value in square brackets: [ … ]': 'mettre la valeur entre crochets~: [ … ]',
  'must be an object': 'doit être un objet',
  'write an object: { … }': 'écrire un objet~: { … }',
  'must be absent: unknown key': 'doit être absente~: clé inconnue',
  'remove it': 'la supprimer',
  "did you mean '{0}'?": 'vouliez-vous dire «~{0}~»~?',
  'must be {0}': 'doit être {0}',
  'correct the value': 'corriger la valeur',
  '{0}, but is {1}': '{0}, mais vaut {1}',
  'must be one of {0}, but is {1}': 'doit être l’une des valeurs {0}, mais vaut {1}',
  'use one of {0}': 'choisir parmi {0}',
  'correct the value: it {0}': 'corriger la valeur~: elle {0}',

  // daemon.json
  'is unknown to dockerd, which ignores it': 'est inconnu de dockerd, qui l’ignore',
  'remove or move the key when Docker is upgraded':
    'supprimer ou déplacer la clé lors de la mise à jour de Docker',
  'is the name of a flag; dockerd ignores it in the file':
    'est le nom d’une option~; dockerd l’ignore dans le fichier',
  "the key is '{0}'": 'la clé est «~{0}~»',
  'unknown key; dockerd does not start with it': 'clé inconnue~; dockerd ne démarre pas avec elle',
  'is empty': 'est vide',
  'write {} into it, or delete the file': 'y écrire {}, ou supprimer le fichier',
  'must hold one JSON object, but holds {0}': 'doit contenir un objet JSON, mais contient {0}',
  'write { … }': 'écrire { … }',
  "the name 'runc' is reserved for the runtime that dockerd brings; dockerd does not start":
    'le nom «~runc~» est réservé au runtime que fournit dockerd~; dockerd ne démarre pas',
  'give the entry another name, for example runc-local':
    'donner un autre nom à l’entrée, par exemple runc-local',
  '{0} cannot name a runtime': '{0} ne peut pas nommer un runtime',
  'the empty name': 'le nom vide',
  'use letters, digits, dot, dash, plus and underscore, beginning with a letter or digit':
    'utiliser lettres, chiffres, point, tiret, plus et tiret bas, en commençant par une lettre ou un chiffre',
  'has both path and runtimeType; dockerd does not start':
    'a à la fois path et runtimeType~; dockerd ne démarre pas',
  'keep path for an OCI runtime binary (runc, crun, runsc), runtimeType for a containerd shim (Kata)':
    'garder path pour un binaire de runtime OCI (runc, crun, runsc), runtimeType pour un shim de containerd (Kata)',
  'has neither path nor runtimeType; dockerd does not start':
    'n’a ni path ni runtimeType~; dockerd ne démarre pas',
  'add "path": "/usr/bin/…" or "runtimeType": "io.containerd.….v2"':
    'ajouter "path": "/usr/bin/…" ou "runtimeType": "io.containerd.….v2"',
  'cannot be used together with runtimeType; dockerd does not start':
    'est incompatible avec runtimeType~; dockerd ne démarre pas',
  'give the shim its settings in a file named by options.ConfigPath':
    'donner ses réglages au shim dans un fichier désigné par options.ConfigPath',
  'cannot be used together with path; dockerd does not start':
    'est incompatible avec path~; dockerd ne démarre pas',
  'use runtimeArgs for flags of the binary, or runtimeType in the place of path':
    'utiliser runtimeArgs pour les options du binaire, ou runtimeType à la place de path',
  "'{0}' is relative: it depends on the directory in which dockerd was started":
    '«~{0}~» est relatif~: il dépend du répertoire où dockerd a été lancé',
  'write the absolute path': 'écrire le chemin absolu',
  "containerd cannot resolve '{0}'": 'containerd ne sait pas résoudre «~{0}~»',
  'write io.containerd.<name>.v2 or the absolute path of the shim binary':
    'écrire io.containerd.<nom>.v2 ou le chemin absolu du binaire du shim',
  'keep one of the two': 'garder l’un des deux',
  "'{0}' is not registered under runtimes; dockerd does not start":
    '«~{0}~» n’est pas déclaré sous runtimes~; dockerd ne démarre pas',
  'add runtimes.{0}, or use one of: {1}': 'ajouter runtimes.{0}, ou choisir parmi~: {1}',
  'needs tlscert and tlskey': 'a besoin de tlscert et de tlskey',
  'add "tlscert" and "tlskey" (and "tlscacert" to verify clients), or remove the key':
    'ajouter "tlscert" et "tlskey" (et "tlscacert" pour vérifier les clients), ou supprimer la clé',
  'cannot be used together with bridge: an existing bridge has its own address':
    'est incompatible avec bridge~: un pont existant a sa propre adresse',
  'remove bip or bridge': 'supprimer bip ou bridge',
  'false needs iptables, which is false too': 'à false, a besoin d’iptables, qui est à false aussi',
  'set iptables or icc to true': 'mettre iptables ou icc à true',
  "native.cgroupdriver '{0}' does not exist": 'native.cgroupdriver «~{0}~» n’existe pas',
  'use native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs':
    'utiliser native.cgroupdriver=systemd ou native.cgroupdriver=cgroupfs',
  "'{0}' is not a slice, which the systemd cgroup driver needs":
    '«~{0}~» n’est pas une slice, alors que le pilote cgroup systemd en demande une',
  'write a name that ends in .slice': 'écrire un nom qui se termine par .slice',
  'must be an IP address': 'doit être une adresse IP',
  'must be a network such as 172.17.0.1/16': 'doit être un réseau tel que 172.17.0.1/16',
  'must have the form key=value': 'doit avoir la forme clé=valeur',
  'must be a size in quotes such as "64M"': 'doit être une taille entre guillemets, telle que "64M"',
  'must start with unix://, tcp:// or fd://': 'doit commencer par unix://, tcp:// ou fd://',
  'must be debug, info, warn, error or fatal': 'doit être debug, info, warn, error ou fatal',
  'must start with https:// or http://': 'doit commencer par https:// ou http://',
  'recent Docker releases refuse it': 'les versions récentes de Docker la refusent',
  'Docker 23 and later refuse it': 'Docker la refuse depuis la version 23',
  "Docker 23 and later refuse it; the key is now 'data-root'":
    'Docker la refuse depuis la version 23~; la clé est désormais «~data-root~»',
  "dockerd reads it only inside 'proxies'": 'dockerd ne la lit que dans «~proxies~»',
  'Docker 25 and later refuse it': 'Docker la refuse depuis la version 25',

  // JSON
  'line {0}, column {1}': 'ligne {0}, colonne {1}',
  'line {0}, column {1}: {2}': 'ligne {0}, colonne {1}~: {2}',
  'a word that JSON does not know (text needs double quotes)':
    'un mot que JSON ne connaît pas (un texte se met entre guillemets droits)',
  'not a number as JSON writes it': 'pas un nombre au sens de JSON',
  'a key in double quotes is expected (is there a comma after the last entry?)':
    'une clé entre guillemets est attendue (y a-t-il une virgule après la dernière entrée~?)',
  'a value is expected (is there a comma after the last element?)':
    'une valeur est attendue (y a-t-il une virgule après le dernier élément~?)',
  "':' is expected after the key": '«~:~» est attendu après la clé',
  "',' is expected between two entries": '«~,~» est attendu entre deux entrées',
  "'}' is missing": 'il manque «~}~»',
  "']' is missing": 'il manque «~]~»',
  'something follows the end of the JSON value': 'quelque chose suit la fin de la valeur JSON',
  'comments are not allowed in JSON': 'JSON n’admet pas de commentaires',
  'a text is not closed with a double quote': 'un texte n’est pas fermé par un guillemet',
  'a number ends too early': 'un nombre s’arrête trop tôt',
  'a \\u escape needs four hexadecimal digits': 'une séquence \\u demande quatre chiffres hexadécimaux',
  'a backslash is followed by a character that cannot be escaped (a literal backslash is \\\\)':
    'une barre oblique inverse est suivie d’un caractère qui ne s’échappe pas (la barre elle-même s’écrit \\\\)',
  'a control character inside a text must be escaped (a line break is \\n)':
    'un caractère de contrôle dans un texte doit être échappé (un saut de ligne s’écrit \\n)',
  'correct the JSON at {0}; check with:  python3 -m json.tool {1}':
    'corriger le JSON à la {0}~; vérifier avec~:  python3 -m json.tool {1}',
  'stands twice: at {0} and at {1}; only the last one counts':
    'figure deux fois, à la {0} et à la {1}~; seule la dernière compte',
  'not valid JSON: {0}': 'JSON invalide~: {0}',
  'check with:  python3 -m json.tool {0}': 'vérifier avec~:  python3 -m json.tool {0}',

  // Other files, and shapes
  'run it as root': 'le lancer en tant que root',
  'correct the TOML; check with:  containerd config dump':
    'corriger le TOML~; vérifier avec~:  containerd config dump',
  'must hold only what JSON can: texts, numbers, true, false, null, lists and objects':
    'ne doit contenir que ce que peut JSON~: textes, nombres, true, false, null, listes et objets',
  '{0}: nested deeper than {1} levels': '{0}~: imbriqué sur plus de {1} niveaux',
  'take the nesting out': 'réduire l’imbrication',
  "must be the name of a recipe, { reference: 'name:tag' }, or a recipe":
    "doit être le nom d’une recette, { reference: 'name:tag' } ou une recette",
  'must be more than 0': 'doit être supérieur à 0',
  'export plain data': 'exporter des données simples',
  "no layer has '{0}'": 'aucune couche n’a «~{0}~»',

  // Workloads
  'there are workloads that cannot be used': 'certaines charges sont inutilisables',
  'has no default export': 'n’a pas d’export par défaut',
  'export default a Workload (src/model/workload.ts)':
    'exporter par défaut un Workload (src/model/workload.ts)',
  "is '{0}'": 'vaut «~{0}~»',
  "name it as its file: '{0}'": 'lui donner le nom de son fichier~: «~{0}~»',
  "name it as the first part of its id: '{0}'": 'lui donner la première partie de son identifiant~: «~{0}~»',
  "there is no recipe '{0}'": 'il n’y a pas de recette «~{0}~»',
  'choose from: {0}; or leave it out': 'choisir parmi~: {0}~; ou retirer la clé',
  'write a number of bytes, or leave it out': 'indiquer un nombre d’octets, ou retirer la clé',
  "choose from: {0}; or { reference: 'name:tag' }": "choisir parmi~: {0}~; ou { reference: 'name:tag' }",
  "parameter '{0}' is not described": 'le paramètre «~{0}~» n’est pas décrit',
  'add it to parameters': 'l’ajouter à parameters',
  'choose another value': 'choisir une autre valeur',
  "write category/name in small letters, such as 'app/checkout'":
    'écrire catégorie/nom en minuscules, par exemple «~app/checkout~»',
  "there is a workload '{0}' already": 'il y a déjà une charge «~{0}~»',
  'nothing is left to measure': 'il ne reste rien à mesurer',
  'has nothing in the preset {0}': 'n’a rien dans le préréglage {0}',
  'give its workloads parameter sets under presets.{0}':
    'donner à ses charges des jeux de paramètres sous presets.{0}',
  '--preset {0} has it; or name its workloads one by one: {1}':
    '--preset {0} l’a~; ou nommer ses charges une à une~: {1}',
  '--workloads {0} {1} and is not measured: {2}': '--workloads {0} {1} et n’est pas mesuré~: {2}',
};
