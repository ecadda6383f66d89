import type { ImageRecipe } from '../../src/core/model/workload/image.ts';

const bin = '/usr/lib/postgresql/17/bin';
const data = '/var/lib/postgresql/data';
const lib = 'usr/lib/*-linux-gnu';

/** Run as the user postgres: PostgreSQL refuses to run as root. */
function asPostgres(script: string): string {
  return `chroot "$1" /usr/bin/su postgres -c '${script}'`;
}

const postgres: ImageRecipe = {
  id: 'postgres',
  description:
    'PostgreSQL 17 with a database that pgbench has filled (scale 1); bash for the stamps, busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'bash', 'postgresql-17'],
  hooks: [
    'echo root:x:0:0:root:/:/bin/sh > "$1/etc/passwd"; echo root:x:0: > "$1/etc/group"',
    'echo postgres:x:70:70:PostgreSQL:/:/bin/sh >> "$1/etc/passwd"; echo postgres:x:70: >> "$1/etc/group"',
    'mkdir -p "$1/tmp"; chmod 1777 "$1/tmp"; chown 70:70 "$1/var/lib/postgresql"',
    asPostgres(
      [
        `${bin}/initdb -D ${data} --wal-segsize=1 --no-sync --auth=trust --encoding=UTF8 --no-locale`,
        '--locale-provider=builtin --builtin-locale=C.UTF-8 --set min_wal_size=2MB --set autovacuum=off',
        '--set shared_buffers=32MB',
        // The only time zone that needs no file.
        '--set timezone=GMT --set log_timezone=GMT',
      ].join(' '),
    ),
    // Only one database is kept, since each has about 300 files and every trial copies them all. The server is stopped
    // whether or not filling succeeds.
    asPostgres(
      [
        `${bin}/pg_ctl -D ${data} -w -s -l /tmp/log -o "-k /tmp -F -c listen_addresses=" start`,
        'code=0',
        `{ ${bin}/createdb -h /tmp bench && ${bin}/pgbench -h /tmp -i -q -s 1 bench && ${bin}/psql -q -h /tmp -d bench -c "UPDATE pg_database SET datistemplate = false" -c "DROP DATABASE template0" -c "DROP DATABASE template1" -c "DROP DATABASE postgres" -c "VACUUM"; } || code=$?`,
        `${bin}/pg_ctl -D ${data} -w -s -m fast stop`,
        'rm -f /tmp/log',
        'exit $code',
      ].join('; '),
    ),
  ],
  // Documentation, the just-in-time compiler (LLVM), Perl, which only Debian's wrappers need, and locale sources.
  remove: [
    'usr/share/[!p]*',
    'usr/share/perl*',
    'usr/share/postgresql-common',
    'usr/share/p[!o]*',
    'etc/[!pg]*',
    'var/[!l]*',
    'var/lib/[!p]*',
    'usr/bin/perl*',
    'usr/lib/perl*',
    `${lib}/perl*`,
    `${lib}/libperl*`,
    `${lib}/libLLVM*`,
    `${lib}/libz3*`,
    `${lib}/gconv`,
    'usr/lib/postgresql/17/lib/bitcode',
    'usr/lib/postgresql/17/lib/llvmjit*',
  ],
};
export default postgres;
