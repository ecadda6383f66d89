import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createPlainServer, type Server, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectTo, findEndpoint } from '../../../../src/core/engine/docker/endpoint.ts';
import { loadTls } from '../../../../src/core/engine/docker/tls-files.ts';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { type Authority, makeAuthority } from '../../../certificates.ts';

let directory: string;
let ours: Authority;
let theirs: Authority;
let client: string;
const loopback = 'IP:127.0.0.1,DNS:localhost';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ocibench-tls-'));
  ours = makeAuthority(directory, 'ours');
  theirs = makeAuthority(directory, 'theirs');
  client = ours.issue('client', { usage: 'clientAuth' });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A copy of the good client directory that a test may spoil. */
function spoiled(name: string, spoil: (copy: string) => void): string {
  const copy = join(directory, name);
  cpSync(client, copy, { recursive: true });
  spoil(copy);
  return copy;
}

async function problemsOf(action: Promise<unknown>) {
  const error = await action.then(
    () => null,
    (refused: unknown) => refused,
  );
  if (!(error instanceof OcibenchError)) throw error ?? new Error('it was accepted');
  return { exitCode: error.exitCode, problems: error.problems, text: error.message };
}

describe('the files of mutual TLS', () => {
  it('are taken where they are right', async () => {
    expect((await loadTls(client)).key.toString()).toContain('PRIVATE KEY');
  });

  it.each<[string, (copy: string) => void, 'ca' | 'cert' | 'key', RegExp, RegExp]>([
    ['no CA', (copy) => rmSync(join(copy, 'ca.pem')), 'ca', /does not exist/, /DOCKER_CERT_PATH/],
    [
      'no client certificate',
      (copy) => rmSync(join(copy, 'cert.pem')),
      'cert',
      /does not exist/,
      /DOCKER_CERT_PATH/,
    ],
    ['no key', (copy) => rmSync(join(copy, 'key.pem')), 'key', /does not exist/, /DOCKER_CERT_PATH/],
    [
      'a directory as key',
      (copy) => {
        rmSync(join(copy, 'key.pem'));
        mkdirSync(join(copy, 'key.pem'), { mode: 0o700 });
      },
      'key',
      /cannot be read \(EISDIR\)/,
      /key\.pem/,
    ],
    [
      'a key that others read',
      (copy) => chmodSync(join(copy, 'key.pem'), 0o644),
      'key',
      /mode 644/,
      /chmod 600/,
    ],
    ['a key of the group', (copy) => chmodSync(join(copy, 'key.pem'), 0o640), 'key', /mode 640/, /chmod 600/],
    [
      'a damaged certificate',
      (copy) => writeFileSync(join(copy, 'cert.pem'), 'hunter2'),
      'cert',
      /cannot be used/,
      /in PEM/,
    ],
    [
      'a damaged key',
      (copy) => writeFileSync(join(copy, 'key.pem'), 'hunter2'),
      'cert',
      /cannot be used with the key beside it/,
      /in PEM/,
    ],
    [
      'an encrypted key',
      (copy) => {
        const key = join(copy, 'key.pem');
        execFileSync('openssl', [
          'pkey',
          '-in',
          key,
          '-aes256',
          '-passout',
          'pass:hunter2',
          '-out',
          `${key}.new`,
        ]);
        copyFileSync(`${key}.new`, key);
      },
      'cert',
      /cannot be used with the key beside it/,
      /without a passphrase/,
    ],
  ])('%s', async (name, spoil, role, message, fix) => {
    const copy = spoiled(name, spoil);
    const { exitCode, problems, text } = await problemsOf(loadTls(copy));
    expect(exitCode).toBe(2);
    expect(problems).toEqual([
      {
        file: join(copy, `${role}.pem`),
        key: '',
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
        messages: {
          message: expect.objectContaining({ id: expect.stringMatching(/^tls\./) }),
          fix: expect.anything(),
        },
      },
    ]);
    expect(text + JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('a certificate that has expired, before the daemon is asked', async () => {
    const expired = ours.issue('expired', {
      usage: 'clientAuth',
      from: '20200101000000Z',
      until: '20200201000000Z',
    });
    expect((await problemsOf(loadTls(expired))).problems).toMatchObject([
      {
        file: join(expired, 'cert.pem'),
        message: 'the client certificate expired on 2020-02-01',
        messages: { message: { id: 'tls.expired', values: { day: '2020-02-01' } } },
      },
    ]);
  });

  it('a key of another certificate', async () => {
    const other = ours.issue('other', { usage: 'clientAuth' });
    const mixed = spoiled('mixed', (copy) => copyFileSync(join(other, 'key.pem'), join(copy, 'key.pem')));
    expect((await problemsOf(loadTls(mixed))).problems).toMatchObject([
      { file: join(mixed, 'cert.pem'), fix: expect.stringContaining('issued together') },
    ]);
  });

  it('every file that is missing', async () => {
    const bad = spoiled('bad', (copy) => {
      rmSync(join(copy, 'ca.pem'));
      rmSync(join(copy, 'key.pem'));
    });
    const files = (await problemsOf(loadTls(bad))).problems.map(({ file }) => file);
    expect(files).toEqual(['ca.pem', 'key.pem'].map((name) => join(bad, name)));
  });
});

/** Answers `/info` and `/version` as far as they are looked at. */
const answer = (_: unknown, response: ServerResponse) => {
  response.setHeader('Content-Type', 'application/json');
  const info = { CgroupDriver: 'systemd', Driver: 'overlay2', DefaultRuntime: 'runc', Runtimes: {} };
  response.end(JSON.stringify({ Version: '26.1.5', ApiVersion: '1.45', ...info }));
};

describe('a handshake that fails says why', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  /** What `--tlsverify` demands: a certificate that its CA has signed. */
  const demanding = (certificate: string, trusts: Authority) =>
    listen(
      createServer(
        {
          cert: readFileSync(join(certificate, 'cert.pem')),
          key: readFileSync(join(certificate, 'key.pem')),
          ca: readFileSync(trusts.ca),
          requestCert: true,
          rejectUnauthorized: true,
        },
        answer,
      ),
    );
  const attempt = async (host: string, certificates: string) =>
    problemsOf(
      findEndpoint({}, { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates }).then(
        connectTo,
      ),
    );

  it('a daemon of another CA', async () => {
    const port = await demanding(theirs.issue('server', { usage: 'serverAuth', names: loopback }), ours);
    const { exitCode, problems } = await attempt(`tcp://127.0.0.1:${port}`, client);
    expect(exitCode).toBe(3);
    expect(problems).toMatchObject([
      { file: join(client, 'ca.pem'), message: expect.stringContaining('did not sign the certificate') },
    ]);
  });

  it("a daemon's certificate that has expired", async () => {
    const stale = {
      usage: 'serverAuth',
      names: loopback,
      from: '20200101000000Z',
      until: '20200201000000Z',
    } as const;
    const port = await demanding(ours.issue('stale-server', stale), ours);
    expect((await attempt(`tcp://127.0.0.1:${port}`, client)).problems).toMatchObject([
      {
        message: expect.stringContaining("the daemon's certificate has expired"),
        fix: expect.stringContaining('restart'),
      },
    ]);
  });

  it('a name that is not in the certificate', async () => {
    const port = await demanding(
      ours.issue('named', { usage: 'serverAuth', names: 'DNS:build.example' }),
      ours,
    );
    expect((await attempt(`tcp://127.0.0.1:${port}`, client)).problems).toMatchObject([
      { message: expect.stringContaining('is not for the name in this address, but for: DNS:build.example') },
    ]);
  });

  it('a client certificate of another CA', async () => {
    const port = await demanding(ours.issue('strict', { usage: 'serverAuth', names: loopback }), ours);
    const stranger = theirs.issue('stranger', { usage: 'clientAuth' });
    copyFileSync(ours.ca, join(stranger, 'ca.pem'));
    expect((await attempt(`tcp://127.0.0.1:${port}`, stranger)).problems).toMatchObject([
      { message: expect.stringMatching(/refuses this client certificate|closed before an answer/) },
    ]);
  });

  it('a server without TLS', async () => {
    const port = await listen(createPlainServer(answer));
    expect((await attempt(`tcp://127.0.0.1:${port}`, client)).problems).toMatchObject([
      { key: 'DOCKER_HOST', message: 'one side speaks TLS and the other does not' },
    ]);
  });

  it('insecureTcp reaches a server without TLS, is recorded, and says where TLS would be needed', async () => {
    const port = await listen(createPlainServer(answer));
    const environment = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    const { engine, close } = await connectTo(await findEndpoint({ insecureTcp: true }, environment));
    expect(engine.facts).toMatchObject({
      transport: 'tcp',
      local: false,
      hidden: 'remote',
      version: '26.1.5',
    });
    await close();
    const secure = await demanding(ours.issue('secure', { usage: 'serverAuth', names: loopback }), ours);
    const plain = findEndpoint({ insecureTcp: true }, { DOCKER_HOST: `tcp://127.0.0.1:${secure}` });
    expect((await problemsOf(plain.then(connectTo))).problems).toMatchObject([
      { key: 'DOCKER_HOST', message: expect.stringMatching(/one side speaks TLS|closed before an answer/) },
    ]);
  });

  it('nobody', async () => {
    expect((await attempt('tcp://127.0.0.1:1', client)).problems).toMatchObject([
      { key: 'DOCKER_HOST', message: 'nothing listens there' },
    ]);
  });

  it('a certificate is verified although the environment tells Node not to', async () => {
    const port = await demanding(theirs.issue('server-2', { usage: 'serverAuth', names: loopback }), ours);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect((await attempt(`tcp://127.0.0.1:${port}`, client)).problems).toMatchObject([
        { message: expect.stringContaining('did not sign') },
      ]);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});
