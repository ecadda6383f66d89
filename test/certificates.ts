import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority made for one test, on disk. */
export interface Authority {
  /** Its certificate (PEM). */
  readonly ca: string;
  /** A directory with ca.pem, cert.pem and key.pem, the key readable by its owner alone. */
  issue(name: string, options: Issue): string;
}

interface Issue {
  readonly usage: 'serverAuth' | 'clientAuth';
  /** e.g. `IP:127.0.0.1`, `DNS:localhost`. */
  readonly names?: string;
  /** `YYYYMMDDHHMMSSZ`; a day ago until a month from now unless told. */
  readonly from?: string;
  readonly until?: string;
}

const day = 86_400_000;
const stamp = (time: number) => `${new Date(time).toISOString().replace(/[-:T]|\..*/g, '')}Z`;

function openssl(directory: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** `openssl ca` rather than `x509 -req`, because only it takes dates in the past on every release. */
export function makeAuthority(parent: string, name: string): Authority {
  const directory = join(parent, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'index.txt'), '');
  writeFileSync(
    join(directory, 'ca.conf'),
    [
      '[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\nrand_serial = yes\nnew_certs_dir = .\nunique_subject = no',
      'certificate = ca.pem\nprivate_key = ca-key.pem\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied',
      '[req]\ndistinguished_name = n\n[n]\n[v3]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign\n',
    ].join('\n'),
  );
  openssl(
    directory,
    'req',
    '-x509',
    ...newKey,
    '-config',
    'ca.conf',
    '-extensions',
    'v3',
    '-days',
    '30',
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-subj',
    `/CN=${name}`,
  );
  const ca = join(directory, 'ca.pem');
  return {
    ca,
    issue(who, { usage, names, from, until }) {
      const own = join(directory, who);
      mkdirSync(own);
      openssl(
        directory,
        'req',
        '-new',
        ...newKey,
        '-config',
        'ca.conf',
        '-subj',
        `/CN=${who}`,
        '-keyout',
        join(own, 'key.pem'),
        '-out',
        join(own, 'request.pem'),
      );
      writeFileSync(
        join(own, 'extensions'),
        `extendedKeyUsage = ${usage}\n${names === undefined ? '' : `subjectAltName = ${names}\n`}`,
      );
      openssl(
        directory,
        'ca',
        '-batch',
        '-notext',
        '-config',
        'ca.conf',
        '-extfile',
        join(own, 'extensions'),
        '-startdate',
        from ?? stamp(Date.now() - day),
        '-enddate',
        until ?? stamp(Date.now() + 30 * day),
        '-in',
        join(own, 'request.pem'),
        '-out',
        join(own, 'cert.pem'),
      );
      openssl(directory, 'x509', '-in', 'ca.pem', '-out', join(own, 'ca.pem'));
      chmodSync(join(own, 'key.pem'), 0o600);
      return own;
    },
  };
}
