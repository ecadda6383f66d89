/**
 * The program of a prober. It is a separate process for two reasons: it must be in the engine's network namespace, and
 * the harness's event loop would delay its clock. It reads one request per line from standard input:
 * `{id, host, port, protocol}`, or `{id}` to cancel one. It prints `{id, atNs}` when the server has answered, in
 * CLOCK_MONOTONIC, which all processes of a host share. It runs under `node -e`, so it is CommonJS and imports nothing
 * of ocibench.
 */
export const proberScript = `
const net = require('node:net');
const questions = { http: 'GET / HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n', redis: 'PING\\r\\n', tcp: null };
const answers = { http: /^HTTP\\/1\\.[01] [23]\\d\\d /, redis: /^\\+PONG/, tcp: /^/ };
const open = new Map();
const attempt = (q) => {
  if (!open.has(q.id)) return;
  let said = '';
  let over = false;
  const socket = net.connect({ host: q.host, port: q.port });
  const again = () => {
    if (over) return;
    over = true;
    socket.destroy();
    setTimeout(attempt, 1, q);
  };
  const done = () => {
    if (over || !open.delete(q.id)) return;
    over = true;
    process.stdout.write(JSON.stringify({ id: q.id, atNs: process.hrtime.bigint().toString() }) + '\\n');
    socket.destroy();
  };
  // On a bridge a connection succeeds at once or not at all; a cold server may take a while to answer.
  socket.setTimeout(50, again);
  socket.on('connect', () => {
    if (questions[q.protocol] === null) return done();
    socket.setTimeout(1000);
    socket.write(questions[q.protocol]);
  });
  socket.on('data', (chunk) => {
    said = (said + chunk.toString('latin1')).slice(0, 64);
    if (answers[q.protocol].test(said)) done();
    else if (said.includes('\\n') || said.length === 64) again();
  });
  for (const event of ['error', 'close']) socket.on(event, again);
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const q = JSON.parse(line);
  if (q.host === undefined) return open.delete(q.id);
  open.set(q.id, q);
  attempt(q);
}).on('close', () => process.exit(0));
process.stdout.write('{"ready":true}\\n');
`;
