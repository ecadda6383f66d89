/**
 * A stack of services that are not in `workloads/`: what `ocibench capacity predict` says of them is held against what `ocibench move`
 * measures. All of them come from one image of Debian packages.
 */

/** Debian packages of the image. */
export const packages = [
  'busybox-static',
  'apache2',
  'gunicorn',
  'python3-flask',
  'etcd-server',
  'mariadb-server',
  'unbound',
  'varnish',
  'gcc',
  'libc6-dev',
  'tomcat10',
  'openjdk-21-jre-headless',
  'caddy',
  'beanstalkd',
  // What asks them.
  'apache2-utils',
  'dnsperf',
  'sysbench',
  'python3',
] as const;
export const image = 'unseen:1';

/** Files that the services read, by name in `/conf`. */
export const files: Readonly<Record<string, string>> = {
  'apache.conf': [
    'ServerRoot /etc/apache2',
    'ServerName apache',
    'Listen 80',
    'User www-data',
    'Group www-data',
    'PidFile /tmp/apache.pid',
    'ErrorLog /dev/stderr',
    'LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so',
    'LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so',
    'LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so',
    'DocumentRoot /conf/www',
    '<Directory /conf/www>',
    '  Require all granted',
    '</Directory>',
    '',
  ].join('\n'),
  'www/index.html': `${'<p>A page of some kilobytes, as an application would answer.</p>\n'.repeat(64)}`,
  'app.py': `
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/")
def items():
    return jsonify(items=[{"id": n, "name": f"item {n}", "price": n * 1.25} for n in range(40)])
`,
  'unbound.conf': [
    'server:',
    '  interface: 0.0.0.0',
    '  access-control: 0.0.0.0/0 allow',
    '  do-daemonize: no',
    '  username: ""',
    '  chroot: ""',
    '  pidfile: ""',
    '  use-syslog: no',
    '  num-threads: 1',
    '  local-zone: "test." static',
    ...Array.from({ length: 50 }, (_, n) => `  local-data: "host${n}.test. A 10.0.0.${n + 1}"`),
    '',
  ].join('\n'),
  queries: Array.from({ length: 50 }, (_, n) => `host${n}.test A\n`).join(''),
  'default.vcl': [
    'vcl 4.1;',
    'backend default { .host = "apache"; .port = "80"; }',
    'sub vcl_backend_response { set beresp.ttl = 1h; }',
    '',
  ].join('\n'),
  'mariadb.sh': `
set -e
[ -d /data/mysql ] || mariadb-install-db --no-defaults --user=root --datadir=/data --skip-test-db >/dev/null
cat >/tmp/init.sql <<'SQL'
CREATE DATABASE IF NOT EXISTS sbtest;
CREATE USER IF NOT EXISTS 'sb'@'%' IDENTIFIED BY 'sb';
GRANT ALL ON sbtest.* TO 'sb'@'%';
SQL
exec mariadbd --no-defaults --user=root --datadir=/data --socket=/tmp/mariadb.sock --bind-address=0.0.0.0 --init-file=/tmp/init.sql
`,
  'tomcat.sh': `
set -e
mkdir -p /tmp/base/conf /tmp/base/temp /tmp/base/work /tmp/base/logs /tmp/base/webapps/ROOT
cp /etc/tomcat10/web.xml /tmp/base/conf/
cat >/tmp/base/conf/server.xml <<'XML'
<Server port="-1"><Service name="Catalina"><Connector port="8080" protocol="HTTP/1.1" maxThreads="8"/>
<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>
XML
cat >/tmp/base/webapps/ROOT/index.jsp <<'JSP'
<%@page contentType="text/plain" session="false"%><% for (int i = 0; i < 200; i++) { out.print(i * 31 % 17); out.print(' '); } %>
JSP
cd /usr/share/tomcat10/bin
exec java -Xmx256m -Dcatalina.home=/usr/share/tomcat10 -Dcatalina.base=/tmp/base -Djava.io.tmpdir=/tmp/base/temp \\
  -cp bootstrap.jar:tomcat-juli.jar org.apache.catalina.startup.Bootstrap start
`,
  'beanstalk.py': `
import socket, sys

address, jobs = sys.argv[1], int(sys.argv[2])
with socket.create_connection((address, 11300), 10) as s:
    file = s.makefile("rwb")
    for n in range(jobs):
        file.write(b"put 0 0 60 100\\r\\n" + b"x" * 100 + b"\\r\\n")
        file.flush()
        assert file.readline().startswith(b"INSERTED")
        file.write(b"reserve\\r\\n")
        file.flush()
        word, job, size = file.readline().split()
        assert word == b"RESERVED" and len(file.read(int(size) + 2)) == int(size) + 2
        file.write(b"delete " + job + b"\\r\\n")
        file.flush()
        assert file.readline() == b"DELETED\\r\\n"
`,
  'put.json': '{"key":"Zm9v","value":"YmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFy"}',
};

const ab = (url: string, requests: number, more = '') =>
  `ab -q -k -c 4 -n ${requests} ${more}${url} >/tmp/out 2>&1 && grep -q '^Failed requests: *0$' /tmp/out || { cat /tmp/out; exit 1; }`;

/** What asks a service for a fixed amount of work, in a shell; `scale`: how much of it. */
export const asking: Readonly<Record<string, (scale: number) => string>> = {
  apache: (scale) => ab('http://apache/', 12_000 * scale),
  flask: (scale) => ab('http://flask:8000/', 3_000 * scale),
  etcd: (scale) =>
    ab('http://etcd:2379/v3/kv/put', 2_500 * scale, '-p /conf/put.json -T application/json -l '),
  mariadb: (scale) =>
    `sysbench oltp_read_only --db-driver=mysql --mysql-host=mariadb --mysql-user=sb --mysql-password=sb --mysql-ssl=off --tables=1 --table-size=2000 --threads=4 --time=0 --events=${1_500 * scale} run >/tmp/out 2>&1 || { cat /tmp/out; exit 1; }`,
  unbound: (scale) =>
    `dnsperf -s unbound -d /conf/queries -n ${3_000 * scale} -q 20 >/tmp/out 2>&1 && grep -q 'Queries lost: *0 ' /tmp/out || { cat /tmp/out; exit 1; }`,
  varnish: (scale) => ab('http://varnish:6081/', 40_000 * scale),
  tomcat: (scale) => ab('http://tomcat:8080/', 8_000 * scale, '-l '),
  caddy: (scale) => ab('http://caddy:8081/', 8_000 * scale),
  beanstalkd: (scale) => `python3 /conf/beanstalk.py beanstalkd ${20_000 * scale}`,
};

/** What is done once before services are asked: a database needs seconds until it answers, a Java server for its first page. */
export const prepare =
  'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do bash -c ": </dev/tcp/mariadb/3306" 2>/dev/null && bash -c ": </dev/tcp/tomcat/8080" 2>/dev/null && break; sleep 1; done; ab -q -k -c 4 -n 2000 -l http://tomcat:8080/ >/dev/null; sysbench oltp_read_only --db-driver=mysql --mysql-host=mariadb --mysql-user=sb --mysql-password=sb --mysql-ssl=off --tables=1 --table-size=2000 prepare >/dev/null';

const shell = (name: string) => ['sh', `/conf/${name}`];
const own = { image, volumes: ['./conf:/conf:ro'] };

const services = {
  apache: {
    ...own,
    command: ['apache2', '-f', '/conf/apache.conf', '-DFOREGROUND'],
  },
  flask: {
    ...own,
    command: [
      'gunicorn',
      '--chdir',
      '/conf',
      '-b',
      '0.0.0.0:8000',
      '-w',
      '2',
      '--worker-tmp-dir',
      '/tmp',
      'app:app',
    ],
  },
  etcd: {
    ...own,
    command: [
      'etcd',
      '--data-dir',
      '/var/tmp/etcd',
      '--listen-client-urls',
      'http://0.0.0.0:2379',
      '--advertise-client-urls',
      'http://etcd:2379',
      '--log-level',
      'error',
    ],
  },
  mariadb: {
    ...own,
    command: shell('mariadb.sh'),
    volumes: [...own.volumes, 'data:/data'],
  },
  unbound: { ...own, command: ['unbound', '-c', '/conf/unbound.conf'] },
  varnish: {
    ...own,
    command: [
      'varnishd',
      '-F',
      '-j',
      'none',
      '-a',
      ':6081',
      '-f',
      '/conf/default.vcl',
      '-s',
      'malloc,64m',
      '-n',
      '/tmp/v',
    ],
    depends_on: ['apache'],
  },
  tomcat: { ...own, command: shell('tomcat.sh') },
  caddy: {
    ...own,
    command: ['caddy', 'file-server', '--root', '/conf/www', '--listen', ':8081'],
  },
  beanstalkd: { ...own, command: ['beanstalkd', '-l', '0.0.0.0'] },
};

/** Text of the compose file; `scale`: how much of its work each service is asked for. */
export function stackText(scale: number): string {
  const parts = Object.values(asking).map((command) => command(scale));
  const load = {
    ...own,
    profiles: ['load'],
    // One after the other: nobody takes a CPU from the one that is asked.
    command: [
      'sh',
      '-c',
      [prepare, ...parts, 'echo "rate: 1"', 'echo "done: 1"']
        .map((line) => `{ ${line}; } || exit 1`)
        .join('\n'),
    ],
  };
  return JSON.stringify(
    { name: 'unseen', services: { ...services, load }, volumes: { data: {} } },
    null,
    2,
  ).replaceAll('$', () => '$$');
}
export const names = Object.keys(asking);
