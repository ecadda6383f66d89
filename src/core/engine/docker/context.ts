import { createHash } from 'node:crypto';
import { access, constants, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { listed } from '../../messages/compose.ts';
import { messages, notices, type Reason, reasons } from '../../messages/define.ts';
import { refuse, type SettingSource } from './address.ts';
import { type TlsFiles, tlsFilesIn } from './tls-files.ts';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Flags that choose a daemon. */
export interface DaemonFlags {
  readonly context?: string;
  /** Is `tcp://` without TLS allowed? */
  readonly insecureTcp?: boolean;
}

/** The chosen daemon, the source of the choice, and its TLS files, if any. */
export interface ChosenDaemon {
  readonly url: string;
  /** `DOCKER_HOST`, `context NAME` or `default socket`. */
  readonly origin: string;
  readonly source: SettingSource;
  readonly tls: TlsFiles | null;
  /** Why TLS is not used although part of it is configured, with the fix; improves the error. */
  readonly withoutTls: Pick<Reason, 'message' | 'fix'> | null;
}

const notice = notices('context', {
  unusableFile: '{file} cannot be used',
  missing: "there is no Docker context ''{name}''",
  unusable: "the Docker context ''{name}'' cannot be used",
});

const words = messages('context', {
  commandLine: 'command line',
  defaultSocket: 'default socket',
  setCertPath: 'set DOCKER_CERT_PATH to the directory that holds ca.pem, cert.pem and key.pem',
  update: 'docker context update {name} --docker host=tcp://HOST:2376,ca=ca.pem,cert=cert.pem,key=key.pem',
});

const text = reasons('context', {
  notJson: { message: 'is not JSON', fix: 'correct it' },
  unreadable: { message: 'cannot be read ({code})', fix: 'check:  ls -l {file}' },
  unknown: {
    message: "names the context ''{name}'', but {file} does not exist",
    fix: 'choose from: {names}   (docker context ls)',
  },
  noDaemon: {
    message: 'names no daemon',
    fix: 'docker context update {name} --docker host=tcp://HOST:2376,ca=ca.pem,cert=cert.pem,key=key.pem',
  },
  skipsVerify: {
    message: 'has SkipTLSVerify: it trusts whoever answers',
    fix: 'docker context update {name} --docker host=tcp://HOST:2376,ca=ca.pem,cert=cert.pem,key=key.pem',
  },
  noTls: {
    message: 'has no TLS files in {directory}',
    fix: 'docker context update {name} --docker host=tcp://HOST:2376,ca=ca.pem,cert=cert.pem,key=key.pem',
  },
  certPathOnly: {
    message:
      'is not protected: DOCKER_CERT_PATH is set, but TLS is used only if DOCKER_TLS_VERIFY is set too',
    fix: 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use ssh://',
  },
  unprotected: {
    message: 'is not protected by TLS',
    fix: 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or use ssh://',
  },
});

const defaultSocket = '/var/run/docker.sock';

/** Reads a JSON file. Its text never appears in an error: it may contain credentials of registries. */
async function readJson(file: string): Promise<unknown> {
  const content = await readFile(file, 'utf8');
  try {
    return JSON.parse(content);
  } catch {
    throw refuse(notice.unusableFile({ file }), { file, key: '' }, text.notJson);
  }
}

function unreadable(file: string, cause: unknown) {
  const { code } = cause as NodeJS.ErrnoException;
  return refuse(
    notice.unusableFile({ file }),
    { file, key: '' },
    text.unreadable({ code: code ?? 'unknown error', file }),
    { cause },
  );
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
const isRead = (error: unknown) => (error as NodeJS.ErrnoException).code !== undefined;

/** `currentContext` of config.json; all other fields are ignored. */
async function currentContext(configDir: string): Promise<string | null> {
  const file = join(configDir, 'config.json');
  try {
    const config = (await readJson(file)) as { currentContext?: unknown } | null;
    return typeof config?.currentContext === 'string' ? config.currentContext || null : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw isRead(error) ? unreadable(file, error) : error;
  }
}

interface ContextMeta {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

async function contextNames(metaDir: string): Promise<readonly string[]> {
  const directories = await readdir(metaDir).catch(() => []);
  const names = await Promise.all(
    directories.map(async (name) => {
      const meta = await readJson(join(metaDir, name, 'meta.json')).catch(() => null);
      return (meta as ContextMeta | null)?.Name ?? null;
    }),
  );
  return ['default', ...names.filter((name) => name !== null).toSorted()];
}

/**
 * Reads a context. The Docker CLI stores contexts under the sha256 of their name: `contexts/meta/<sha>/meta.json`,
 * `contexts/tls/<sha>/docker/`.
 */
async function daemonOfContext(
  configDir: string,
  name: string,
  chosenBy: SettingSource,
): Promise<ChosenDaemon> {
  const id = createHash('sha256').update(name).digest('hex');
  const metaDir = join(configDir, 'contexts', 'meta');
  const file = join(metaDir, id, 'meta.json');
  let meta: ContextMeta | null;
  try {
    meta = (await readJson(file)) as ContextMeta | null;
  } catch (error) {
    if (isMissing(error))
      throw refuse(
        notice.missing({ name }),
        chosenBy,
        text.unknown({ name, file, names: listed(await contextNames(metaDir)) }),
        { cause: error },
      );
    throw isRead(error) ? unreadable(file, error) : error;
  }
  const { Host: host, SkipTLSVerify: skipVerify } = meta?.Endpoints?.docker ?? {};
  const source = { file, key: 'Endpoints.docker.Host' };
  if (typeof host !== 'string' || host === '')
    throw refuse(notice.unusable({ name }), source, text.noDaemon({ name }));
  const directory = join(configDir, 'contexts', 'tls', id, 'docker');
  const hasTls = (await readdir(directory).catch(() => [])).length > 0;
  const withoutTls = skipVerify ? text.skipsVerify({ name }) : text.noTls({ directory, name });
  return {
    url: host,
    origin: `context ${name}`,
    source,
    tls:
      hasTls && !skipVerify
        ? tlsFilesIn(directory, { file: `context ${name}`, key: 'TLS' }, words.update({ name }))
        : null,
    withoutTls,
  };
}

function daemonOfEnvironment(
  url: string,
  configDir: string,
  environment: EnvironmentVariables,
): ChosenDaemon {
  const directory = environment.DOCKER_CERT_PATH || configDir;
  const verify = Boolean(environment.DOCKER_TLS_VERIFY);
  return {
    url,
    origin: 'DOCKER_HOST',
    source: { file: 'environment', key: 'DOCKER_HOST' },
    tls: verify
      ? tlsFilesIn(directory, { file: 'environment', key: 'DOCKER_CERT_PATH' }, words.setCertPath)
      : null,
    withoutTls: environment.DOCKER_CERT_PATH ? text.certPathOnly : text.unprotected,
  };
}

/** The first existing socket: the system's, or that of this user's rootless daemon. */
async function localSocket(environment: EnvironmentVariables): Promise<string> {
  const runtimeDir = environment.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`;
  const usable = (path: string) =>
    access(path, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    );
  const rootless = join(runtimeDir, 'docker.sock');
  return !(await usable(defaultSocket)) && (await usable(rootless)) ? rootless : defaultSocket;
}

/**
 * Chooses a daemon as the Docker CLI does: `--set context` over DOCKER_HOST over DOCKER_CONTEXT over the current context of
 * config.json over the default socket, and then the socket of a rootless daemon. The context `default` is DOCKER_HOST
 * or the socket. OcibenchError (exit 2) where the chosen one does not exist.
 */
export async function chooseDaemon(
  flags: DaemonFlags,
  environment: EnvironmentVariables,
): Promise<ChosenDaemon> {
  const configDir = environment.DOCKER_CONFIG || join(homedir(), '.docker');
  const fallback = async (): Promise<ChosenDaemon> =>
    environment.DOCKER_HOST
      ? daemonOfEnvironment(environment.DOCKER_HOST, configDir, environment)
      : {
          url: `unix://${await localSocket(environment)}`,
          origin: 'default socket',
          source: { file: words.defaultSocket, key: '' },
          tls: null,
          withoutTls: null,
        };
  const named = async (name: string, source: SettingSource) =>
    name === 'default' ? fallback() : daemonOfContext(configDir, name, source);
  if (flags.context) return named(flags.context, { file: words.commandLine, key: '--set context' });
  if (environment.DOCKER_HOST) return fallback();
  if (environment.DOCKER_CONTEXT)
    return named(environment.DOCKER_CONTEXT, { file: 'environment', key: 'DOCKER_CONTEXT' });
  const current = await currentContext(configDir);
  return current === null
    ? fallback()
    : named(current, { file: join(configDir, 'config.json'), key: 'currentContext' });
}
