import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseDaemon, parseAddress } from '../../../../src/core/engine/docker/context.ts';
import { findEndpoint } from '../../../../src/core/engine/docker/endpoint.ts';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';

let configDir: string;

/** What Docker 26.1 prints of a context; `context inspect -- NAME` are its words. */
const dockerCli = `#!/bin/sh
[ "$1 $2 $3" = "context inspect --" ] || exit 64
cat "$DOCKER_CONFIG/inspected-$4" 2>/dev/null || {
  echo "context \\"$4\\": context not found: open $DOCKER_CONFIG/contexts/meta/…/meta.json: no such file" >&2
  echo '[]'
  exit 1
}
`;

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'ocibench-context-'));
  await mkdir(join(configDir, 'bin'));
  await writeFile(join(configDir, 'bin/docker'), dockerCli, { mode: 0o755 });
  vi.stubEnv('PATH', `${configDir}/bin:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(configDir, { recursive: true, force: true });
});

/** Makes the CLI know a context. */
async function context(name: string, host: string, skipsVerify = false, tls: readonly string[] = []) {
  const inspected = {
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: host, SkipTLSVerify: skipsVerify } },
    TLSMaterial: tls.length === 0 ? {} : { docker: tls },
    Storage: {
      MetadataPath: join(configDir, 'contexts/meta', name),
      TLSPath: join(configDir, 'contexts/tls', name),
    },
  };
  await writeFile(join(configDir, `inspected-${name}`), JSON.stringify([inspected], null, 4));
}

const config = (value: object) => writeFile(join(configDir, 'config.json'), JSON.stringify(value));
const find = (flags: object, environment: Record<string, string>) =>
  findEndpoint(flags, { DOCKER_CONFIG: configDir, ...environment });
const choose = (flags: { context?: string }, environment: Record<string, string>) =>
  chooseDaemon(flags, { DOCKER_CONFIG: configDir, ...environment });

describe('the order of precedence is that of the Docker CLI', () => {
  beforeEach(async () => {
    await context('flag', 'unix:///flag.sock');
    await context('variable', 'unix:///variable.sock');
    await context('current', 'unix:///current.sock');
    await config({ currentContext: 'current', auths: { 'registry.example': { auth: 'hunter2' } } });
  });
  const host = { DOCKER_HOST: 'unix:///host.sock' };
  const variable = { DOCKER_CONTEXT: 'variable' };

  it.each([
    [
      '--context over everything',
      { context: 'flag' },
      { ...host, ...variable },
      'unix:///flag.sock',
      'context flag',
    ],
    ['DOCKER_HOST over contexts', {}, { ...host, ...variable }, 'unix:///host.sock', 'DOCKER_HOST'],
    ['DOCKER_CONTEXT over the current one', {}, variable, 'unix:///variable.sock', 'context variable'],
    ['the current one', {}, {}, 'unix:///current.sock', 'context current'],
    [
      'an empty variable is none',
      {},
      { DOCKER_HOST: '', DOCKER_CONTEXT: '' },
      'unix:///current.sock',
      'context current',
    ],
    ['the context default is DOCKER_HOST', { context: 'default' }, host, 'unix:///host.sock', 'DOCKER_HOST'],
    ['or the socket', {}, { DOCKER_CONTEXT: 'default' }, 'unix:///var/run/docker.sock', 'default socket'],
  ])('%s', async (_, flags, environment, url, origin) => {
    expect(await choose(flags, environment)).toMatchObject({ url, origin });
  });
});

it('without any configuration it is the default socket, else that of a rootless daemon of this user', async () => {
  expect(await choose({}, { XDG_RUNTIME_DIR: configDir })).toMatchObject({ origin: 'default socket' });
  await writeFile(join(configDir, 'docker.sock'), '');
  const { url } = await choose({}, { XDG_RUNTIME_DIR: configDir });
  expect(['unix:///var/run/docker.sock', `unix://${configDir}/docker.sock`]).toContain(url);
});

describe('what cannot be used is refused with file, key and fix', () => {
  it('a context that is not there: who named it, and which there are', async () => {
    await context('lab', 'unix:///lab.sock');
    await expect(choose({}, { DOCKER_CONTEXT: 'bal' })).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          file: 'environment',
          key: 'DOCKER_CONTEXT',
          message: expect.stringContaining('docker says: context "bal": context not found'),
          fix: expect.stringContaining('docker context ls'),
        },
      ],
    });
    await config({ currentContext: 'bal' });
    await expect(choose({}, {})).rejects.toMatchObject({
      problems: [{ file: join(configDir, 'config.json'), key: 'currentContext' }],
    });
  });

  it('a name that looks like a path leads nowhere else', async () => {
    await expect(choose({ context: '../../etc' }, {})).rejects.toMatchObject({ exitCode: 2 });
  });

  it('a config.json that is not JSON, without quoting what is in it', async () => {
    await writeFile(join(configDir, 'config.json'), '{"auths": {"x": {"auth": "hunter2"}} ');
    const error: Error & { problems?: unknown } = await choose({}, {}).then(
      () => new Error('accepted'),
      (refused) => refused,
    );
    expect(error.message + JSON.stringify(error.problems)).toContain('config.json');
    expect(error.message + JSON.stringify(error.problems) + String(error.cause)).not.toContain('hunter2');
  });

  it('a context without a daemon', async () => {
    await context('empty', '');
    await expect(find({ context: 'empty' }, {})).rejects.toMatchObject({
      problems: [{ file: 'context empty', key: 'Host' }],
    });
  });

  it('a context where there is no docker command', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(choose({ context: 'lab' }, {})).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ key: '--set context', fix: expect.stringContaining('docker-cli') }],
    });
    expect(await choose({}, { DOCKER_HOST: 'unix:///host.sock' })).toMatchObject({
      url: 'unix:///host.sock',
    });
  });

  it('what another program says that is called docker', async () => {
    await writeFile(join(configDir, 'inspected-odd'), '{"podman": ');
    await expect(choose({ context: 'odd' }, {})).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('tcp:// without TLS', () => {
  it.each([
    ['nothing of TLS is set', {}],
    ['only DOCKER_CERT_PATH is set', { DOCKER_CERT_PATH: '/certs' }],
  ])('is refused where %s', async (_, environment) => {
    await expect(find({}, { DOCKER_HOST: 'tcp://127.0.0.1:1', ...environment })).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          key: 'DOCKER_HOST',
          message: 'has no TLS that verifies the daemon',
          fix: expect.stringMatching(/DOCKER_TLS_VERIFY=1.*--set insecureTcp=true/),
        },
      ],
    });
  });

  it('is refused in a context that skips the verification, even if it has TLS material', async () => {
    await context('skips', 'tcp://127.0.0.1:1', true, ['ca.pem', 'cert.pem', 'key.pem']);
    await expect(find({ context: 'skips' }, {})).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ message: 'has no TLS that verifies the daemon' }],
    });
  });

  it('a context with TLS material has TLS', async () => {
    await context('safe', 'tcp://127.0.0.1:1', false, ['ca.pem', 'cert.pem', 'key.pem']);
    await expect(find({ context: 'safe' }, {})).rejects.toMatchObject({
      problems: ['ca.pem', 'cert.pem', 'key.pem'].map((name) => ({
        file: join(configDir, 'contexts/tls/safe/docker', name),
      })),
    });
  });

  it('is taken where it is asked for by insecureTcp', async () => {
    const endpoint = await find({ insecureTcp: true }, { DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(endpoint).toMatchObject({ transport: 'tcp', named: true });
  });

  it('insecureTcp does not switch TLS off where it is set', async () => {
    const environment = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: configDir,
    };
    await expect(find({ insecureTcp: true }, environment)).rejects.toMatchObject({
      problems: [
        { file: join(configDir, 'ca.pem'), fix: expect.stringContaining('DOCKER_CERT_PATH') },
        { file: join(configDir, 'cert.pem') },
        { file: join(configDir, 'key.pem') },
      ],
    });
  });
});

const source = { file: 'environment', key: 'DOCKER_HOST' };

describe('an address of a daemon', () => {
  it.each([
    ['unix:///run/docker.sock', { kind: 'unix', path: '/run/docker.sock' }],
    ['tcp://10.0.0.1:2376', { kind: 'tcp', host: '10.0.0.1', port: 2376 }],
    ['tcp://build.example', { kind: 'tcp', host: 'build.example', port: null }],
    ['tcp://[::1]:2376', { kind: 'tcp', host: '::1', port: 2376 }],
    ['build.example:2375', { kind: 'tcp', host: 'build.example', port: 2375 }],
    ['ssh://build.example', { kind: 'ssh', target: 'ssh://build.example', socket: '/var/run/docker.sock' }],
    ['ssh://me@build.example:2222', { kind: 'ssh', target: 'ssh://me@build.example:2222' }],
    [
      'ssh://me@build.example/run/user/1000/docker.sock',
      { kind: 'ssh', target: 'ssh://me@build.example', socket: '/run/user/1000/docker.sock' },
    ],
  ])('%s', (text, expected) => {
    expect(parseAddress(text, source)).toMatchObject(expected);
  });

  it.each([
    ['unix://docker.sock', 'not an address'],
    ['npipe:////./pipe/docker_engine', 'not an address'],
    ['tcp://', 'not an address'],
    ['tcp://:2376', 'not an address'],
    ['tcp://host:99999', 'not an address'],
    ['ssh://-oProxyCommand=reboot/', 'not an address'],
    ['ssh://-l@host/', 'not an address'],
    ['tcp://host:2376/v1.41', 'not an address'],
    ['tcp://host:2376?token=hunter2', 'not an address'],
    ['tcp://me:hunter2@host:2376', 'user or a password'],
    ['tcp://hunter2@host:2376', 'user or a password'],
    ['ssh://me:hunter2@host', 'user or a password'],
    ['https://build.example:2376/', 'not an address'],
    ['tcp://me:hunter2@ho st:2376', 'not an address'],
    ['me:hunter2@host:2376', 'user or a password'],
  ])('%s is refused, with setting and fix, and without what it gives away', (text, message) => {
    const error = caught(() => parseAddress(text, source));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        ...source,
        message: expect.stringContaining(message),
        fix: expect.any(String),
        messages: {
          message: { id: expect.stringMatching(/^context\./) },
          fix: { id: expect.stringMatching(/^context\..*\.fix$/) },
        },
      },
    ]);
    expect(error.message + JSON.stringify(error.problems)).not.toContain('hunter2');
  });
});

function caught(action: () => unknown): OcibenchError {
  try {
    action();
  } catch (error) {
    if (error instanceof OcibenchError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
