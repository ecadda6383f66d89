import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one call to the daemon; absent: it passes. */
export type Fault =
  /** It passes after so many ms. */
  | { readonly delayMs: number }
  /** It reaches the daemon so many ms later, also where the client has gone by then: a slow daemon goes on with what it was asked. */
  | { readonly lateMs: number }
  /** It is answered with this status, and never reaches the daemon. */
  | { readonly status: number; readonly message?: string }
  /** It reaches the daemon; the connection ends after the answer's headers and a few bytes. */
  | { readonly cut: true }
  /** It reaches the daemon; the JSON of the answer is changed. */
  | { readonly rewrite: (answer: Record<string, unknown>) => unknown };

/** One call, as the proxy counts and names them: from 1, without the version in the path. */
interface Call {
  readonly number: number;
  readonly method: string;
  readonly path: string;
}

/** A proxy between the harness and a daemon, both on unix sockets. */
export interface DockerProxy extends AsyncDisposable {
  readonly calls: readonly Call[];
  /** From now on; counts calls anew. */
  inject(fault: (call: Call) => Fault | undefined): void;
  /** Waits until the daemon has answered every call that reached it late. */
  settled(): Promise<void>;
}

async function wholeBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Passes the daemon's answer on as it comes, since attach, wait and events last. */
function passOn(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
  const { statusCode = 502, headers } = answer;
  if (fault !== undefined && 'rewrite' in fault) {
    void wholeBody(answer).then((body) => {
      const text = JSON.stringify(fault.rewrite(JSON.parse(body.toString('utf8'))));
      response.writeHead(statusCode, { 'content-type': 'application/json' }).end(text);
    });
    return;
  }
  response.writeHead(statusCode, headers);
  response.flushHeaders();
  if (fault !== undefined && 'cut' in fault) {
    response.write('{"');
    setTimeout(() => response.destroy(), 20);
    answer.destroy();
    return;
  }
  answer.on('error', () => response.destroy());
  answer.on('close', () => {
    if (!answer.complete) response.destroy();
  });
  answer.pipe(response);
}

/** Listens at `listen` and speaks to the daemon at `daemon`. */
export async function dockerProxy(listen: string, daemon: string): Promise<DockerProxy> {
  const calls: Call[] = [];
  const late: Promise<void>[] = [];
  let faultOf: (call: Call) => Fault | undefined = () => undefined;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '');
    const call: Call = { number: calls.length + 1, method: request.method ?? '', path };
    calls.push(call);
    const fault = faultOf(call);
    if (fault !== undefined && 'status' in fault) {
      const { status, message = 'the proxy answers for the daemon' } = fault;
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
      return;
    }
    if (fault !== undefined && 'lateMs' in fault) {
      const answered = wholeBody(request).then(async (body) => {
        await sleep(fault.lateMs);
        const { method, url, headers } = request;
        const onward = httpRequest({ socketPath: daemon, method, path: url, headers });
        onward.end(body);
        const [answer] = (await once(onward, 'response')) as [IncomingMessage];
        passOn(answer, response, undefined);
      });
      late.push(answered);
      return;
    }
    const forward = () => {
      const { method, url, headers } = request;
      const onward = httpRequest({ socketPath: daemon, method, path: url, headers });
      onward.on('response', (answer) => passOn(answer, response, fault));
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    };
    if (fault !== undefined && 'delayMs' in fault) setTimeout(forward, fault.delayMs);
    else forward();
  });
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  return {
    calls,
    inject(fault) {
      calls.length = 0;
      faultOf = fault;
    },
    settled: async () => void (await Promise.all(late)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
