import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, OcibenchError, type Problem } from '../../model/error.ts';
import type { Source } from './address.ts';

/** The files of mutual TLS, who named their directory, and how another one is named. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly source: Source;
  readonly mend: string;
}

/** CA, certificate and key as PEM. */
export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Docker's names in a directory. */
export function tlsFilesIn(directory: string, source: Source, mend: string): TlsFiles {
  return {
    ca: join(directory, 'ca.pem'),
    cert: join(directory, 'cert.pem'),
    key: join(directory, 'key.pem'),
    source,
    mend,
  };
}

const roles = {
  ca: "the CA that signed the daemon's certificate",
  cert: 'the client certificate, without which the daemon lets nobody in',
  key: "the client certificate's key",
} as const;
type Role = keyof typeof roles;

type Complain = (role: Role, message: string, fix: string) => void;

async function readOne(files: TlsFiles, role: Role, complain: Complain): Promise<Buffer | null> {
  const file = files[role];
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') complain(role, `does not exist; it should hold ${roles[role]}`, files.mend);
    else
      complain(
        role,
        `cannot be read (${code}); it should hold ${roles[role]}`,
        code === 'EACCES' ? `chown "$USER" ${file} && chmod 600 ${file}` : `check:  ls -l ${file}`,
      );
    return null;
  }
}

/** All certificates of a PEM file; null where there is none or one is damaged. */
function certificatesIn(pem: Buffer): readonly X509Certificate[] | null {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    return blocks?.map((block) => new X509Certificate(block)) ?? null;
  } catch {
    return null;
  }
}

function checkValidity(role: Role, certificate: X509Certificate, now: Date, complain: Complain): void {
  const what = role === 'ca' ? 'the CA' : 'the client certificate';
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now > certificate.validToDate)
    complain(role, `${what} expired on ${day(certificate.validToDate)}`, 'have a new one issued');
  else if (now < certificate.validFromDate)
    complain(
      role,
      `${what} is valid only from ${day(certificate.validFromDate)} on`,
      'check the clock of this host (timedatectl), or have a new one issued',
    );
}

function parseKey(pem: Buffer, files: TlsFiles, complain: Complain): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(pem.toString('latin1')))
      complain(
        'key',
        'is encrypted',
        `decrypt it:  openssl pkey -in ${files.key} -out key.pem && chmod 600 key.pem`,
      );
    else complain('key', 'holds no private key in PEM', `check:  openssl pkey -noout -in ${files.key}`);
    return null;
  }
}

/**
 * Reads CA, certificate and key, and looks at all that can be wrong with them before the daemon is asked: missing, unreadable,
 * readable by others (the key), damaged, expired, not belonging together. OcibenchError (exit 2) with every problem at once.
 */
export async function loadTls(files: TlsFiles, now: Date = new Date()): Promise<TlsMaterial> {
  const problems: Problem[] = [];
  const complain: Complain = (role, message, fix) =>
    problems.push({ file: files[role], key: files.source.key, message, fix });
  // One after the other, so that complaints come in the same order every time.
  const ca = await readOne(files, 'ca', complain);
  const cert = await readOne(files, 'cert', complain);
  const key = await readOne(files, 'key', complain);
  const mode = key === null ? 0 : (await stat(files.key)).mode & 0o777;
  if ((mode & 0o077) !== 0)
    complain(
      'key',
      `can be read or written by others (mode ${mode.toString(8).padStart(3, '0')}): whoever has this key is root on the daemon's host`,
      `chmod 600 ${files.key}`,
    );
  for (const [role, pem] of [['ca', ca] as const, ['cert', cert] as const]) {
    if (pem === null) continue;
    const certificates = certificatesIn(pem);
    if (certificates === null)
      complain(role, 'holds no certificate in PEM', `check:  openssl x509 -noout -text -in ${files[role]}`);
    else {
      // Of a chain the first is the client's own; of several CAs any may be the one that signed.
      const [first] = certificates;
      const doubtful = role === 'cert' || certificates.every((one) => now > one.validToDate);
      if (first !== undefined && doubtful) checkValidity(role, first, now, complain);
    }
  }
  const own = cert === null ? null : (certificatesIn(cert)?.[0] ?? null);
  const privateKey = key === null ? null : parseKey(key, files, complain);
  if (own !== null && privateKey !== null && !own.checkPrivateKey(privateKey))
    complain(
      'key',
      `does not belong to the certificate in ${files.cert}`,
      'take key and certificate of one issue',
    );
  if (problems.length > 0 || ca === null || cert === null || key === null)
    throw new OcibenchError(`the TLS files of ${files.source.file} (${files.source.key}) cannot be used`, {
      exitCode: exitCodes.misuse,
      problems,
    });
  return { ca, cert, key };
}
