import { messages } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';

const fixes = messages('tool.loadAdvice', {
  abLength: 'answers differ in length, as those of a dynamic page: add -l to ab',
  path: 'open the address with  curl -i  and name a path that answers 200, or send what it asks for',
  port: 'name the port that the service listens on inside of its container, not the published one',
  host: 'name the service as the compose file does',
  tls: 'the port does not speak TLS: write http://, or name the port that does',
  log: 'the service closed connections: read its log, and use fewer connections',
  slow: 'answers came too late: use fewer connections, or a longer timeout ({flag})',
  files: "use fewer connections, or call the load as  sh -c ''ulimit -n 8192; …''",
  fewer: 'use fewer connections ({flag}), or raise {limit}',
  k6Threshold: 'a threshold of the script is crossed: add --no-thresholds to k6, or raise it',
  k6Checks: 'correct the check that is marked in the report, or the request that it is about',
  k6Script: 'correct the script in the line that k6 names',
  pgbenchTables: "its tables do not exist: begin with them:  sh -c ''pgbench -i … && pgbench …''",
  pgbenchUser: 'set PGUSER and PGPASSWORD for the load',
  pgbenchName: 'name the database of the service last, and its user with -U',
  pgbenchHost: 'add -h SERVICE',
  pgbenchFailed: 'transactions collided: add --max-tries=0 with -T, or use fewer clients (-c)',
  pgbenchStatement: 'correct the statement, or the command of the load, as the line says',
  redisPassword: 'the server wants a password: add -a PASSWORD to redis-benchmark, or correct it',
  redisNoPassword: 'the server has no password: leave out -a',
  redisProtected:
    'set requirepass in the server and -a in redis-benchmark, or start it with --protected-mode no',
  redisCommand: 'the server refuses this command: choose another test with -t, or another user',
  curl: 'correct the address of the load, and end its loop at the first failure:  curl -fsS … || exit',
});

/** A line of a load's output that tells why it failed, and what its user can change. */
interface LoadAdvice {
  readonly line: RegExp;
  readonly fix: Message;
  /** Can it fail in this way only because it ran before, as what creates a user twice? */
  readonly isOfSecondRun: boolean;
}

const row = (line: RegExp, fix: Message): LoadAdvice => {
  return { line, fix, isOfSecondRun: fix === fixes.path || fix === fixes.pgbenchStatement };
};

/** What tools print when they fail, as seen; the first that is found counts. Captured outputs are in test/fixtures/load-failures. */
const loadAdvice: readonly LoadAdvice[] = [
  // ab (apache2-utils 2.4).
  row(/^Non-2xx responses: +[1-9]\d*$/, fixes.path),
  row(/^ +\(Connect: 0, Receive: 0, Length: [1-9]\d*, Exceptions: 0\)$/, fixes.abLength),
  row(/^ +\(Connect: \d+, Receive: \d+, Length: \d+, Exceptions: \d+\)$/, fixes.log),
  row(/^SSL handshake failed \(\d+\)\.$/, fixes.tls),
  row(/^Total transferred: +0 bytes$/, fixes.log),
  row(/^apr_socket_(?:recv|connect(?:\(\))?): Connection refused \(111\)$/, fixes.port),
  row(/^apr_socket_(?:recv|send): (?:Connection reset by peer|Broken pipe) \(\d+\)$/, fixes.log),
  row(/^apr_poll(?:set_poll)?: The timeout specified has expired \(70007\)$/, fixes.slow({ flag: '-s' })),
  row(/^apr_sockaddr_info_get\(\) for \S+: /, fixes.host),
  row(/^socket: Too many open files \(24\)$/, fixes.files),
  // wrk 4.1.
  row(/^ +Non-2xx or 3xx responses: [1-9]\d*$/, fixes.path),
  row(/^ +Socket errors: connect 0, read 0, write 0, timeout [1-9]\d*$/, fixes.slow({ flag: '--timeout' })),
  row(/^ +Socket errors: connect \d+, read \d+, write \d+, timeout \d+$/, fixes.log),
  row(/^unable to connect to \S+ /, fixes.port),
  row(/^unable to resolve \S+ /, fixes.host),
  // hey 0.1.
  row(/^[ \t]+\[[45]\d\d\][ \t]+\d+ responses$/, fixes.path),
  row(/^[ \t]+\[\d+\][ \t]+[^:]*:.*connect: connection refused$/, fixes.port),
  row(/^[ \t]+\[\d+\][ \t]+.*\(Client\.Timeout exceeded /, fixes.slow({ flag: '-t' })),
  row(/^[ \t]+\[\d+\][ \t]+.*: no such host$/, fixes.host),
  row(/^[ \t]+\[\d+\][ \t]+.*: too many open files$/, fixes.files),
  row(/^[ \t]+\[\d+\][ \t]+\w+ "/, fixes.log),
  // k6, as its documentation prints them: grafana.com/docs/k6, "Thresholds" and "End of test".
  row(/^(?:time="[^"]*" level=error msg="|ERRO\[\d+\] )thresholds on metrics '/, fixes.k6Threshold),
  row(/^[ \t]*(?:[✓✗] )?http_req_failed\.+: +\d+\.\d+% +(?:[✓✗] +)?[1-9]/, fixes.path),
  row(/^[ \t]*checks_failed\.+: +\d+\.\d+% +[1-9]/, fixes.k6Checks),
  row(/^(?:time="[^"]*" level=warning msg="|WARN\[\d+\] )Request Failed\b/, fixes.port),
  row(/^(?:time="[^"]*" level=error msg="|ERRO\[\d+\] )\w*Error: /, fixes.k6Script),
  // pgbench 15 and 17.
  row(
    /^(?:starting vacuum\.\.\.)?pgbench: error: .*relation "pgbench_\w+" does not exist$/,
    fixes.pgbenchTables,
  ),
  row(
    /^pgbench: error: .*FATAL: +(?:sorry, too many clients|remaining connection slots|too many connections)/,
    fixes.fewer({ flag: '-c', limit: 'max_connections' }),
  ),
  row(
    /^pgbench: error: .*(?:FATAL: +password authentication failed|fe_sendauth: no password supplied$)/,
    fixes.pgbenchUser,
  ),
  row(/^pgbench: error: .*FATAL: +(?:database|role) "[^"]*" does not exist$/, fixes.pgbenchName),
  row(/^pgbench: error: connection to server on socket /, fixes.pgbenchHost),
  row(/^pgbench: error: connection to server .*failed: (?:Connection refused|.*timed? ?out)/, fixes.port),
  row(/^pgbench: error: could not translate host name /, fixes.host),
  row(/^number of failed transactions: [1-9]\d* \(/, fixes.pgbenchFailed),
  row(/^pgbench: error: .*perhaps the backend died while processing$/, fixes.log),
  row(/^pgbench: error: /, fixes.pgbenchStatement),
  // redis-benchmark 8.
  row(/^(?:Error from server: |ERROR: )?(?:NOAUTH|WRONGPASS) /, fixes.redisPassword),
  row(/^ERR AUTH <password> called without any password configured/, fixes.redisNoPassword),
  row(/^Error from server: OOM command not allowed /, fixes.fewer({ flag: '-r', limit: 'maxmemory' })),
  row(/^Error from server: DENIED Redis is running in protected mode /, fixes.redisProtected),
  row(/^Error from server: ERR max number of clients /, fixes.fewer({ flag: '-c', limit: 'maxclients' })),
  row(/^Error from server: /, fixes.redisCommand),
  row(/^Could not connect to Redis at .*: Connection refused$/, fixes.port),
  row(/^Could not connect to Redis at .*: (?:Name or service not known|Temporary failure)/, fixes.host),
  row(/^Error: (?:Connection reset by peer|Server closed the connection|Broken pipe)$/, fixes.log),
  // curl 8, in a loop.
  row(/^curl: \(22\) /, fixes.path),
  row(/^curl: \(7\) /, fixes.port),
  row(/^curl: \(6\) /, fixes.host),
  row(/^curl: \(28\) /, fixes.slow({ flag: '-m' })),
  row(/^curl: \(35\) /, fixes.tls),
  row(/^curl: \(\d+\) /, fixes.curl),
];

/** Longest line that a tool's patterns see: they take quadratic time on longer ones. Those of users are linear. */
export const longestLine = 1_000;

/** The line that says why a load failed, and what its user can change; null where no line is known. */
export function adviceFor(output: string): (Omit<LoadAdvice, 'line'> & { readonly said: string }) | null {
  const lines = output.split(/\r\n?|\n/).map((line) => line.slice(0, longestLine));
  for (const { line, ...known } of loadAdvice) {
    const said = lines.find((each) => line.test(each));
    if (said !== undefined) return { said: said.trim(), ...known };
  }
  return null;
}
