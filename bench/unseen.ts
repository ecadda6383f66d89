/**
 * `npm run prove:unseen -- DIRECTORY RUN`: does `ocibench capacity predict` foresee what applications cost that are not in `workloads/`? Each
 * service of a stack is recorded natively under its load, and predicted from RUN (that of `ocibench capacity measure` on this
 * host); then `ocibench move` measures the same stack under runsc. Prints a table (Markdown). Needs root, Docker with Compose,
 * mmdebstrap and runsc; three quarters of an hour, in which nothing else should run.
 *
 * `runtime=NAME` (runsc), `for=TIME` of a recording (15s), `max=TIME` of the move (30m), `scale=N` of the loads (1).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { predictionSchema } from '../src/features/capacity/predict/prediction.ts';
import { costsOf } from '../src/features/move/costs.ts';
import { moveSchema } from '../src/features/move/record.ts';
import { asking, files, image, names, packages, prepare, stackText } from './unseen/stack.ts';

const [given, run, ...asked] = process.argv.slice(2);
if (given === undefined || run === undefined) {
  process.stderr.write('usage: prove:unseen DIRECTORY RUN [runtime=NAME] [for=TIME] [max=TIME] [scale=N]\n');
  process.exit(2);
}
await access(join(run, 'run.json'));
const directory = resolve(given);
const option = (name: string, usual: string) =>
  asked.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? usual;
const [runtime, scale] = [option('runtime', 'runsc'), Number(option('scale', '1'))];
const at = (...parts: string[]) => join(directory, ...parts);
const cli = resolve(import.meta.dirname, '../src/cli.ts');
const say = (line: string) => process.stderr.write(`${line}\n`);

/** A Docker of its own, with a network of its own. */
async function startDocker(): Promise<{ readonly host: string; stop(): Promise<void> }> {
  const settings = {
    runtimes: {
      crun: { path: '/usr/bin/crun' },
      runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--network=host'] },
    },
  };
  await writeFile(at('daemon.json'), JSON.stringify(settings));
  const words = [
    '--config-file',
    at('daemon.json'),
    '--data-root',
    at('data'),
    '--exec-root',
    at('exec'),
    '--pidfile',
    at('dockerd.pid'),
    '--host',
    `unix://${at('docker.sock')}`,
    '--exec-opt',
    'native.cgroupdriver=cgroupfs',
    '--cgroup-parent',
    '/unseen-docker',
  ];
  const child: ChildProcess = spawn(
    'unshare',
    [
      '--mount',
      '--net',
      '--propagation',
      'private',
      'sh',
      '-c',
      'ip link set lo up && exec dockerd "$@" 2>>"$0"',
      at('dockerd.log'),
      ...words,
    ],
    { stdio: 'ignore' },
  );
  const host = `unix://${at('docker.sock')}`;
  for (const deadline = performance.now() + 60_000; ; await sleep(200)) {
    const { exitCode } = await execa('docker', ['version'], { env: { DOCKER_HOST: host }, reject: false });
    if (exitCode === 0) break;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('dockerd did not start');
  }
  return {
    host,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

await mkdir(at('conf', 'www'), { recursive: true });
for (const [name, text] of Object.entries(files)) {
  await mkdir(dirname(at('conf', name)), { recursive: true });
  await writeFile(at('conf', name), text);
}
await writeFile(at('compose.yaml'), stackText(scale));
const docker = await startDocker();
const env = { DOCKER_HOST: docker.host };
const here = { cwd: directory, env };
const ocibench = (words: readonly string[]) =>
  execa(process.execPath, [cli, ...words], { ...here, reject: false, stderr: 'inherit' });

/** Records and predicts each service, alone under its load. */
async function predict(): Promise<void> {
  const compose = ['compose', '--project-name', 'unseen'];
  await execa('docker', [...compose, 'up', '--detach', '--wait'], { ...here, stderr: 'inherit' });
  const { stdout: id } = await execa(
    'docker',
    [...compose, '--profile', 'load', 'run', '--detach', 'load', 'sleep', '100000'],
    here,
  );
  const inside = (command: string) => ['exec', id.trim(), 'sh', '-c', command];
  await execa('docker', inside(prepare), here);
  for (const name of names) {
    const loop = spawn('docker', inside(`while :; do ${asking[name]?.(1) ?? ''}; done`), {
      ...here,
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    const ended = once(loop, 'exit');
    await sleep(5_000);
    const recorded = await ocibench([
      'capacity',
      'record',
      '--container',
      `unseen-${name}-1`,
      '--for',
      option('for', '15s'),
      '--out',
      directory,
    ]);
    loop.kill('SIGKILL');
    await ended;
    // What runs in the container goes on without the one that called it.
    await execa('docker', inside('kill -9 -1'), { ...here, reject: false });
    if (recorded.exitCode !== 0) throw new Error(`${name}: ${recorded.stdout}`);
    const newest =
      (await readdir(at('results')))
        .filter((each) => each.startsWith('recording-'))
        .toSorted()
        .at(-1) ?? '';
    const answer = await ocibench([
      'capacity',
      'predict',
      at('results', newest),
      '--from',
      run ?? '',
      '--json',
    ]);
    if (answer.stdout === '') throw new Error(`${name}: predict ended with ${answer.exitCode}`);
    await writeFile(at(`predicted-${name}.json`), answer.stdout);
    say(`${name}: recorded and predicted (exit ${answer.exitCode})`);
  }
  await execa('docker', [...compose, '--profile', 'load', 'down', '--volumes', '--timeout', '1'], here);
}

try {
  const known = await execa('docker', ['image', 'inspect', image], { ...here, reject: false });
  if (known.exitCode !== 0) {
    const words = ['--variant=apt', `--include=${packages.join(',')}`, 'trixie', at('image.tar')];
    await execa('mmdebstrap', words, { stderr: 'inherit' });
    await execa('docker', ['import', at('image.tar'), image], here);
    await rm(at('image.tar'));
  }
  if (option('only', '') !== 'move') await predict();
  if (option('only', '') !== 'predict') {
    const { stdout } = await ocibench([
      'move',
      'compose.yaml',
      '--to',
      runtime,
      '--load',
      'load',
      '--set',
      'move.rate=rate: ([0-9]+)',
      '--set',
      'move.requests=done: ([0-9]+)',
      '--at',
      '100',
      '--max-time',
      option('max', '30m'),
      '--set',
      'move.healthyWithin=120s',
      '--json',
      '--out',
      directory,
    ]);
    await writeFile(at('moved.json'), stdout);
  }
} finally {
  await docker.stop();
}

const move = moveSchema.parse(JSON.parse(await readFile(at('moved.json'), 'utf8')));
const [target] = move.cost === undefined ? [] : costsOf(move.cost, move.baseline);
const times = (value: number | null | undefined) => (value == null ? '–' : `${value.toPrecision(3)}×`);
const rows: string[] = [];
for (const name of names) {
  const answer = predictionSchema.parse(JSON.parse(await readFile(at(`predicted-${name}.json`), 'utf8')));
  const said = answer.runtimes.find((each) => each.runtime === runtime);
  const cpu = said?.cpu ?? null;
  const measured = target?.rows.find((row) => row.service === name && row.metric === 'cpus')?.ratio ?? null;
  const error = cpu === null || measured === null ? null : cpu.ratio / measured.value - 1;
  const [low, high] = [cpu?.low, cpu?.high].map((ns) =>
    ns == null || cpu === null ? null : ns / cpu.nativeNs,
  );
  const isInside =
    measured !== null && low != null && high != null && measured.value >= low && measured.value <= high;
  rows.push(
    [
      name,
      cpu === null ? 'refused' : `${times(cpu.ratio)} [${times(low)}, ${times(high)}]`,
      measured === null ? '–' : `${times(measured.value)} [${times(measured.low)}, ${times(measured.high)}]`,
      error === null ? '–' : `${error > 0 ? '+' : '−'}${Math.abs(100 * error).toFixed(0)} %`,
      error === null ? '–' : isInside ? 'yes' : 'no',
    ].join(' | '),
  );
}
console.log(
  `| service | predicted, 90 % interval | measured, 95 % interval | error | inside |\n|---|---|---|---|---|`,
);
for (const row of rows) console.log(`| ${row} |`);
