import type { Phrases } from './phrase.ts';

/** Daemons that are not ours: how they are chosen, reached and protected, and what cannot be seen of them. */
export const daemonPhrases: Phrases = {
  'Docker context (default: DOCKER_HOST, DOCKER_CONTEXT, the current one)':
    'contexte Docker (par défaut~: DOCKER_HOST, DOCKER_CONTEXT, le contexte courant)',
  'allow tcp:// without TLS: whoever reaches that port is root on that host':
    'autoriser tcp:// sans TLS~: qui atteint ce port est root sur cette machine',
  'this run cannot be resumed: a runtime is no longer registered as it was':
    'cette campagne ne peut pas être reprise~: un runtime n’est plus enregistré comme il l’était',
  'differs from what run {0} measured; its record holds no arguments that may be secret':
    'n’est plus ce que la campagne {0} a mesuré~; les arguments qui peuvent être secrets n’y sont pas gardés',
  'give the daemon.json and the configuration of that run:  --daemon-json FILE --config FILE':
    'donner le daemon.json et la configuration de cette campagne~: --daemon-json FICHIER --config FICHIER',
  'warning: the way to {0} is not protected (--insecure-tcp): whoever is in that network can read it, change it, and be root on that host':
    'attention~: le chemin vers {0} n’est pas protégé (--insecure-tcp)~: quiconque est sur ce réseau peut le lire, le modifier et devenir root sur cette machine',
  "gives '{0}' another value than an earlier label":
    'donne à «~{0}~» une autre valeur qu’une étiquette précédente',
  'a text that is not shown here': 'un texte qui n’est pas montré ici',
  // Addresses
  "the daemon's address {0} cannot be used": 'l’adresse {0} du démon est inutilisable',
  'names no absolute path of a socket': 'ne donne pas le chemin absolu d’une socket',
  'for example unix:///var/run/docker.sock': 'par exemple unix:///var/run/docker.sock',
  'has a query or a fragment': 'comporte une requête ou un fragment',
  'use a key (ssh-add), and ssh://user@host': 'utilisez une clé (ssh-add) et ssh://utilisateur@hôte',
  'is not an address of a Docker daemon': 'n’est pas une adresse de démon Docker',
  'names no host': 'ne nomme pas de machine',
  'names no user': 'ne nomme pas d’utilisateur',
  'has a password in it, which ssh takes from no address':
    'contient un mot de passe, ce que ssh ne prend dans aucune adresse',
  'has a user or a password in it, which the Docker API does not know':
    'contient un utilisateur ou un mot de passe, que l’API de Docker ne connaît pas',
  'leave them out; who may connect is decided by a client certificate (DOCKER_CERT_PATH)':
    'les enlever~; c’est un certificat client qui décide qui peut se connecter (DOCKER_CERT_PATH)',
  'has a path in it': 'contient un chemin',
  // Connections
  'no name at all (it has no subjectAltName)': 'aucun nom (il n’a pas de subjectAltName)',
  'this CA did not sign the certificate that {0} shows: another daemon answers, or the CA is the wrong one':
    'cette autorité n’a pas signé le certificat que présente {0}~: c’est un autre démon, ou ce n’est pas la bonne autorité',
  "put the CA of the daemon's certificate here (the one its --tlscert was signed with)":
    'mettre ici l’autorité du certificat du démon (celle qui a signé son --tlscert)',
  "the daemon's certificate has expired": 'le certificat du démon a expiré',
  "have a new one issued on the daemon's host (its --tlscert), and restart the daemon":
    'en faire émettre un nouveau sur la machine du démon (son --tlscert), puis redémarrer le démon',
  "the daemon's certificate is not valid yet": 'le certificat du démon n’est pas encore valable',
  'compare the clocks of both hosts (timedatectl)': 'comparer les horloges des deux machines (timedatectl)',
  "the daemon's certificate is not for '{0}', but for {1}":
    'le certificat du démon n’est pas pour «~{0}~», mais pour {1}',
  "use one of these names, or have a certificate issued with '{0}' in its subjectAltName":
    'prendre un de ces noms, ou faire émettre un certificat avec «~{0}~» dans subjectAltName',
  'the daemon says that this certificate has expired': 'le démon dit que ce certificat a expiré',
  'have a new one issued, and compare the clocks of both hosts':
    'en faire émettre un nouveau, et comparer les horloges des deux machines',
  'the daemon refuses this client certificate: it was not signed by the CA that the daemon trusts':
    'le démon refuse ce certificat client~: l’autorité à laquelle il se fie ne l’a pas signé',
  "have it signed by the daemon's own CA (its --tlscacert), with extendedKeyUsage = clientAuth":
    'le faire signer par l’autorité du démon (son --tlscacert), avec extendedKeyUsage = clientAuth',
  'what answers there does not speak TLS': 'ce qui répond là ne parle pas TLS',
  'start the daemon with --tlsverify (port 2376 by convention), or correct the port':
    'lancer le démon avec --tlsverify (port 2376 par convention), ou corriger le port',
  'there is no socket {0}': 'il n’y a pas de socket {0}',
  'start the daemon': 'démarrer le démon',
  'this user may not use the socket {0}': 'cet utilisateur n’a pas droit à la socket {0}',
  'run as root, or as a member of the group that owns it:  usermod -aG docker "$USER"':
    'lancer en tant que root, ou comme membre du groupe propriétaire~: usermod -aG docker "$USER"',
  'the daemon speaks TLS only': 'le démon ne parle que TLS',
  'nobody listens there': 'personne n’écoute à cette adresse',
  'start the daemon, or correct the address': 'démarrer le démon, ou corriger l’adresse',
  'the name of the host cannot be resolved': 'le nom de la machine est introuvable',
  'correct the address': 'corriger l’adresse',
  'the host does not answer': 'la machine ne répond pas',
  'check network and firewall': 'vérifier réseau et pare-feu',
  'the connection was closed before an answer came': 'la connexion a été fermée avant toute réponse',
  "read the daemon's log: it is starting or ending, or refuses this client":
    'lire le journal du démon~: il démarre, s’arrête ou refuse ce client',
  'check that the daemon runs:  docker info': 'vérifier que le démon tourne~: docker info',
  'no Docker daemon answers at {0} ({1})': 'aucun démon Docker ne répond à {0} ({1})',
  // Contexts
  'is not JSON': 'n’est pas du JSON',
  'cannot be read ({0})': 'est illisible ({0})',
  "there is no Docker context '{0}'": 'il n’y a pas de contexte Docker «~{0}~»',
  "names the context '{0}', of which there is no {1}": 'nomme le contexte «~{0}~», dont il n’y a pas de {1}',
  'choose from: {0}   (docker context ls)': 'choisir parmi~: {0} (docker context ls)',
  "the Docker context '{0}' cannot be used": 'le contexte Docker «~{0}~» est inutilisable',
  'names no daemon': 'ne nomme pas de démon',
  'has SkipTLSVerify: whoever answers there is believed': 'porte SkipTLSVerify~: qui répond là est cru',
  'has no TLS material in {0}': 'n’a rien pour TLS dans {0}',
  'set DOCKER_CERT_PATH to the directory that holds ca.pem, cert.pem and key.pem':
    'donner à DOCKER_CERT_PATH le répertoire qui contient ca.pem, cert.pem et key.pem',
  'is not protected: DOCKER_CERT_PATH is set, but TLS is used only where DOCKER_TLS_VERIFY is, too':
    'n’est pas protégé~: DOCKER_CERT_PATH est là, mais TLS ne sert que si DOCKER_TLS_VERIFY l’est aussi',
  'is not protected by TLS': 'n’est pas protégé par TLS',
  'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use ssh://':
    'définir DOCKER_TLS_VERIFY=1 et DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), ou prendre ssh://',
  '{0} is refused: whoever reaches this port is root on that host':
    '{0} est refusé~: qui atteint ce port est root sur cette machine',
  '{0}; to connect all the same, in a network of your own:  --insecure-tcp':
    '{0}~; pour se connecter quand même, sur un réseau à soi~: --insecure-tcp',
  'use TLS or ssh://': 'prendre TLS ou ssh://',
  // ssh
  'the host is not known here, or shows another key than before':
    'la machine n’est pas connue ici, ou montre une autre clé qu’avant',
  'compare its key and accept it once by hand:  ssh {0} true':
    'comparer sa clé et l’accepter une fois à la main~: ssh {0} true',
  'ssh is not let in without a question': 'ssh n’entre pas sans qu’on lui pose une question',
  'load a key (ssh-add) or name it in ~/.ssh/config, until this works:  ssh -o BatchMode=yes {0} true':
    'charger une clé (ssh-add) ou la nommer dans .ssh/config, jusqu’à ce que ceci marche~: ssh -o BatchMode=yes {0} true',
  'no ssh server listens there': 'aucun serveur ssh n’écoute là',
  'start sshd there, or correct the port': 'y démarrer sshd, ou corriger le port',
  'the ssh server forbids forwarding of sockets': 'le serveur ssh interdit la redirection de sockets',
  'AllowStreamLocalForwarding yes in its sshd_config': 'AllowStreamLocalForwarding yes dans son sshd_config',
  'ssh ended without a word': 'ssh s’est terminé sans un mot',
  'try by hand:  ssh {0} docker version': 'essayer à la main~: ssh {0} docker version',
  '{0} cannot be reached by ssh': '{0} est injoignable par ssh',
  'there is no ssh on this host': 'il n’y a pas de ssh sur cette machine',
  'check that ssh can be run': 'vérifier que ssh peut être lancé',
  'no session within {0} s': 'pas de session en {0#}~s',
  'check the host': 'vérifier la machine',
  // TLS files
  "the CA that signed the daemon's certificate": 'l’autorité qui a signé le certificat du démon',
  'the client certificate, without which the daemon lets nobody in':
    'le certificat client, sans lequel le démon ne laisse entrer personne',
  "the client certificate's key": 'la clé du certificat client',
  'does not exist; it should hold {0}': 'n’existe pas~; devrait contenir {0}',
  'cannot be read ({0}); it should hold {1}': 'est illisible ({0})~; devrait contenir {1}',
  'the client certificate': 'le certificat client',
  'have a new one issued': 'en faire émettre un nouveau',
  '{0} is valid only from {1} on': '{0} n’est valable qu’à partir du {1}',
  'check the clock of this host (timedatectl), or have a new one issued':
    'vérifier l’horloge de cette machine (timedatectl), ou en faire émettre un nouveau',
  'holds no private key in PEM': 'ne contient pas de clé privée en PEM',
  "can be read or written by others (mode {0}): whoever has this key is root on the daemon's host":
    'peut être lu ou écrit par d’autres (mode {0})~: qui a cette clé est root sur la machine du démon',
  'holds no certificate in PEM': 'ne contient pas de certificat en PEM',
  'does not belong to the certificate in {0}': 'ne va pas avec le certificat de {0}',
  'take key and certificate of one issue': 'prendre la clé et le certificat émis ensemble',
  'the TLS files of {0} ({1}) cannot be used': 'les fichiers TLS de {0} ({1}) sont inutilisables',
  // What cannot be seen
  'the engine answers here but runs under another kernel (a virtual machine, or a socket that is forwarded); only the Docker stats API is reachable':
    'le moteur répond ici mais tourne sous un autre noyau (machine virtuelle, ou socket redirigée)~; seule l’API de statistiques de Docker est accessible',
  'the engine is rootless: its containers are in cgroups of its user, where the harness can place none; only the Docker stats API is read':
    'le moteur est sans privilèges (rootless)~: ses conteneurs sont dans des cgroups de son utilisateur, où le banc ne peut rien placer~; seule l’API de statistiques de Docker est lue',
  'making a network': 'création d’un réseau',
  'listing its networks': 'liste de ses réseaux',
  'removing a network': 'suppression d’un réseau',
  'the engine could make no network for the containers of the run ({0}); look at docker network ls, remove those that nobody uses (docker network prune), or widen default-address-pools in daemon.json':
    'le moteur n’a pas pu créer de réseau pour les conteneurs de la campagne ({0})~; voir docker network ls, supprimer ceux que personne n’utilise (docker network prune), ou élargir default-address-pools dans daemon.json',
  'the server is asked from this host, which does not reach the engine’s bridge':
    'le serveur est interrogé depuis cette machine, qui n’atteint pas le pont du moteur',
  'the limits are read in the container’s cgroup, which is not reachable from here':
    'les limites se lisent dans le cgroup du conteneur, hors de portée d’ici',
  'a bind mount needs a directory that this harness shares with the engine':
    'un montage bind demande un répertoire que ce banc partage avec le moteur',
  'the memory of the sandboxes is read on the engine’s host, which is not reachable from here':
    'la mémoire des bacs à sable se lit sur la machine du moteur, hors de portée d’ici',
  'what it is about, the memory of all processes that serve a container, is read on the engine’s host, which is not reachable from here':
    'son objet, la mémoire de tous les processus qui servent un conteneur, se lit sur la machine du moteur, hors de portée d’ici',
  'its cgroups are out of reach': 'ses cgroups sont hors de portée',
  'rootless: its containers are in cgroups of its user, where the harness can place none. CPU and memory come from the Docker stats API; memory footprint, PSS, I/O, pressure, CPU of the engine and leftovers are absent. Matters much':
    'sans privilèges (rootless)~: ses conteneurs sont dans des cgroups de son utilisateur, où le banc ne peut rien placer. CPU et mémoire viennent de l’API de statistiques de Docker~; empreinte mémoire, PSS, entrées-sorties, pression, CPU du moteur et restes sont absents. Compte beaucoup',
  'use a daemon that runs as root, or --engine embedded':
    'prendre un démon qui tourne en tant que root, ou --engine embedded',
  'is another machine: cgroups and processes cannot be read, and the way there is part of every latency':
    'est une autre machine~: cgroups et processus sont illisibles, et le trajet fait partie de chaque latence',
  'runs under another kernel than this harness (a virtual machine, or a socket that is forwarded): cgroups and processes cannot be read, and the way there is part of every latency':
    'tourne sous un autre noyau que ce banc (machine virtuelle, ou socket redirigée)~: cgroups et processus sont illisibles, et le trajet fait partie de chaque latence',
  'way to the engine': 'chemin vers le moteur',
  'not protected (--insecure-tcp): whoever is in that network can read it, change it, and be root on that host':
    'non protégé (--insecure-tcp)~: quiconque est sur ce réseau peut le lire, le modifier et devenir root sur cette machine',
  'use TLS with client certificates (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH), or ssh://':
    'prendre TLS avec des certificats clients (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH), ou ssh://',
  'userns-remap: root in the containers is user {0} of the host, for every runtime alike; files of an image belong to it, too':
    'userns-remap~: root dans les conteneurs est l’utilisateur {0} de la machine, pour tous les runtimes~; les fichiers d’une image lui appartiennent aussi',
  "the engine's machine": 'machine du moteur',
  'cannot be looked at from here: frequency governor, turbo, mitigations, load, swap, clock, virtualisation and disk are not known, and no trial is flagged for noise':
    'ne peut pas être examinée d’ici~: régulateur de fréquence, turbo, mitigations, charge, swap, horloge, virtualisation et disque sont inconnus, et aucun essai n’est marqué pour bruit',
};
