import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messages, notices, type Reason, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { misuse, type Problem, problemOf } from '../../model/error.ts';
import type { SettingSource } from './address.ts';

/** The files of mutual TLS, the source of their directory, and how to choose another one. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly source: SettingSource;
  readonly fix: Message;
}

/** CA, certificate and key as PEM. */
export interface TlsMaterial {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** File names that Docker uses in a directory. */
export function tlsFilesIn(directory: string, source: SettingSource, fix: Message): TlsFiles {
  return {
    ca: join(directory, 'ca.pem'),
    cert: join(directory, 'cert.pem'),
    key: join(directory, 'key.pem'),
    source,
    fix,
  };
}

const roles = messages('tls', {
  ca: "the CA that signed the daemon's certificate",
  cert: 'the client certificate, without which the daemon lets nobody in',
  key: "the client certificate's key",
});
type TlsFileRole = keyof typeof roles;

const words = notices('tls', {
  unusable: 'the TLS files of {file} ({key}) cannot be used',
  missing: 'does not exist; it should hold {role}',
  unreadable: 'cannot be read ({code}); it should hold {role}',
});

const help = messages('tls', {
  own: 'chown "$USER" {file} && chmod 600 {file}',
  check: 'check:  ls -l {file}',
});

const text = reasons('tls', {
  caExpired: { message: 'the CA expired on {day}', fix: 'have a new one issued' },
  certExpired: { message: 'the client certificate expired on {day}', fix: 'have a new one issued' },
  caNotYetValid: {
    message: 'the CA is valid only from {day} on',
    fix: 'check the clock of this host (timedatectl), or have a new one issued',
  },
  certNotYetValid: {
    message: 'the client certificate is valid only from {day} on',
    fix: 'check the clock of this host (timedatectl), or have a new one issued',
  },
  encrypted: {
    message: 'is encrypted',
    fix: 'decrypt it:  openssl pkey -in {file} -out key.pem && chmod 600 key.pem',
  },
  noKey: { message: 'holds no private key in PEM', fix: 'check:  openssl pkey -noout -in {file}' },
  openToOthers: {
    message:
      "can be read or written by others (mode {mode}): whoever has this key is root on the daemon's host",
    fix: 'chmod 600 {file}',
  },
  noCertificate: {
    message: 'holds no certificate in PEM',
    fix: 'check:  openssl x509 -noout -text -in {file}',
  },
  otherKey: {
    message: 'does not belong to the certificate in {file}',
    fix: 'use a key and a certificate that were issued together',
  },
});

type Complain = (role: TlsFileRole, reason: Pick<Reason, 'message' | 'fix'>) => void;

async function readOne(files: TlsFiles, role: TlsFileRole, complain: Complain): Promise<Buffer | null> {
  const file = files[role];
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') complain(role, { message: words.missing({ role: roles[role] }), fix: files.fix });
    else
      complain(role, {
        message: words.unreadable({ code: String(code), role: roles[role] }),
        fix: code === 'EACCES' ? help.own({ file }) : help.check({ file }),
      });
    return null;
  }
}

/** All certificates of a PEM file; null where there is none, or one is damaged. */
function certificatesIn(pem: Buffer): readonly X509Certificate[] | null {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    return blocks?.map((block) => new X509Certificate(block)) ?? null;
  } catch {
    return null;
  }
}

function checkValidity(role: TlsFileRole, certificate: X509Certificate, now: Date, complain: Complain): void {
  const { validFromDate: from, validToDate: to } = certificate;
  const day = (date: Date) => ({ day: date.toISOString().slice(0, 10) });
  if (now > to) complain(role, role === 'ca' ? text.caExpired(day(to)) : text.certExpired(day(to)));
  else if (now < from)
    complain(role, role === 'ca' ? text.caNotYetValid(day(from)) : text.certNotYetValid(day(from)));
}

function parseKey(pem: Buffer, files: TlsFiles, complain: Complain): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(pem.toString('latin1')))
      complain('key', text.encrypted({ file: files.key }));
    else complain('key', text.noKey({ file: files.key }));
    return null;
  }
}

/**
 * Reads CA, certificate and key, and checks them before connecting: missing, unreadable, key readable by others,
 * damaged, expired, not matching. OcibenchError (exit 2) with every problem at once.
 */
// biome-ignore lint/plugin: is a certificate valid today?
export async function loadTls(files: TlsFiles, now: Date = new Date()): Promise<TlsMaterial> {
  const problems: Problem[] = [];
  const complain: Complain = (role, reason) =>
    problems.push(problemOf({ file: files[role], key: files.source.key }, reason));
  // Sequential, so that problems have a fixed order.
  const ca = await readOne(files, 'ca', complain);
  const cert = await readOne(files, 'cert', complain);
  const key = await readOne(files, 'key', complain);
  const mode = key === null ? 0 : (await stat(files.key)).mode & 0o777;
  if ((mode & 0o077) !== 0)
    complain('key', text.openToOthers({ mode: mode.toString(8).padStart(3, '0'), file: files.key }));
  for (const [role, pem] of [['ca', ca] as const, ['cert', cert] as const]) {
    if (pem === null) continue;
    const certificates = certificatesIn(pem);
    if (certificates === null) complain(role, text.noCertificate({ file: files[role] }));
    else {
      // The first certificate of a chain is the client's; any of several CAs may have signed it.
      const [first] = certificates;
      const doubtful = role === 'cert' || certificates.every((one) => now > one.validToDate);
      if (first !== undefined && doubtful) checkValidity(role, first, now, complain);
    }
  }
  const own = cert === null ? null : (certificatesIn(cert)?.[0] ?? null);
  const privateKey = key === null ? null : parseKey(key, files, complain);
  if (own !== null && privateKey !== null && !own.checkPrivateKey(privateKey))
    complain('key', text.otherKey({ file: files.cert }));
  if (problems.length > 0 || ca === null || cert === null || key === null)
    throw misuse(words.unusable(files.source), problems);
  return { ca, cert, key };
}
