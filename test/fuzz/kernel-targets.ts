import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type CgroupLayout,
  figuresFromV2,
  layoutOf,
  unifiedMount,
  v2Files,
} from '../../src/core/collect/cgroup/layout.ts';
import { readContainerLimits } from '../../src/core/collect/cgroup/limits.ts';
import { figuresFromV1, v1Files } from '../../src/core/collect/cgroup/make.ts';
import {
  parseHostCpu,
  parseLoadAverage,
  parseSomePressure,
  parseSwapIn,
} from '../../src/core/collect/host-snapshot.ts';
import { parseAvailable, parsePerCpuFree } from '../../src/core/collect/process/host-memory.ts';
import {
  cgroupPathOf,
  cpuCgroupOf,
  parseCmdline,
  parseKibibytes,
  parsePssParts,
  parseStat,
  pidNamespaceDepth,
} from '../../src/core/collect/process/read.ts';
import { processRole } from '../../src/core/collect/process-role.ts';
import { frameReader } from '../../src/core/engine/docker/container.ts';
import {
  parseCpuinfo,
  parseHypervisor,
  parseOsRelease,
  parseSelected,
  parseTurbo,
} from '../../src/core/host/facts.ts';
import { OutputBuffer } from '../../src/core/measure/execute/output-matcher.ts';
import {
  clockDisagrees,
  type Stamp,
  StampReader,
  stampedInterval,
} from '../../src/core/measure/execute/stamps.ts';
import { external } from '../../src/core/messages/compose.ts';
import { cgroupMetrics } from '../../src/core/metrics/cgroup/index.ts';
import { blkioDevices, ioStatDevices } from '../../src/core/metrics/cgroup/io.ts';
import type { CgroupFiles, FileRead } from '../../src/core/metrics/figure.ts';
import { figureSchema } from '../../src/core/model/trial/trial.ts';
import { shimBinary } from '../../src/core/runtimes/entry.ts';
import { gvisorFromArgs, gvisorFromToml, gvisorRelease } from '../../src/core/runtimes/runsc/settings.ts';
import { capturedFiles, fixture, fixtures } from '../core/collect/fixture-files.ts';
import { damagedText } from './mutations.ts';
import { assertFinite, type FuzzTarget, target } from './target.ts';

const missing = fc.constantFrom({ missing: external('ENOENT') }, { missing: external('EACCES') });

/** The files of a cgroup, most of them as the kernel wrote them, some damaged, some gone. */
function damagedFiles(good: CgroupFiles, names: readonly string[]): fc.Arbitrary<CgroupFiles> {
  const file = (name: string) => {
    const known = good[name];
    const text = known !== undefined && 'text' in known ? known.text : '1\n';
    return fc.oneof(
      { weight: 6, arbitrary: damagedText(fc.constant(text)).map((damaged) => ({ text: damaged })) },
      missing,
    );
  };
  return fc
    .tuple(fc.subarray([...names], { minLength: Math.floor(names.length / 2) }), fc.tuple(...names.map(file)))
    .map(([kept, texts]) =>
      Object.fromEntries(
        names.flatMap((name, i) => (kept.includes(name) ? [[name, texts[i] as FileRead]] : [])),
      ),
    );
}

/** Every figure is a finite number with its source, or absent with a reason. */
function checkFigures(
  figures: Readonly<Record<string, unknown>>,
  ids: readonly string[],
): 'result' | 'refused' {
  for (const id of ids) {
    const figure = figureSchema.parse(figures[id]);
    if ('value' in figure ? figure.source === '' : figure.absent === '')
      throw new Error(`${id} does not say why`);
  }
  return ids.some((id) => 'value' in figureSchema.parse(figures[id])) ? 'result' : 'refused';
}

const v2 = capturedFiles('v2/runsc-ended');
const v1Names = Object.values(v1Files).flat();
const v1Sources = ['v1/runc-ended', 'v1/runsc-quota', 'v1/runsc-quota-child'].map(capturedFiles);
const stacked = new Set(['253:1']);

/** All files of that name below the captures of /proc. */
function captures(name: string): readonly string[] {
  return ['proc/runsc-idle', 'kata/v2-9p', 'kata/path-virtiofs'].flatMap((place) =>
    readdirSync(join(fixtures, place, 'proc'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(`/${name}`))
      .map((path) => readFileSync(join(fixtures, place, 'proc', path), 'utf8')),
  );
}

/** A parser of one text, whose answer may be null but holds no NaN and no infinity. */
function parser(name: string, goods: readonly string[], parse: (text: string) => unknown): FuzzTarget {
  return target(name, damagedText(fc.constantFrom(...goods)), (text) => {
    const value = parse(text);
    assertFinite(value, name);
    return value === null || value === undefined ? 'refused' : 'result';
  });
}

const meminfo = 'MemTotal:        8042980 kB\nMemFree:         1042980 kB\nMemAvailable:    6042980 kB\n';
const zoneinfo =
  'Node 0, zone   Normal\n        managed  2010745\n    cpu: 0\n              count:    24704\n';
const osRelease = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\n';
const processCgroup = '4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/system.slice/docker.service\n';
const limits = {
  'cpu.max': '50000 100000\n',
  'memory.max': '67108864\n',
  'pids.max': 'max\n',
  'cpu.stat': 'usage_usec 5\nnr_periods 12\nnr_throttled 9\nthrottled_usec 7\n',
  'cpu.cfs_quota_us': '50000\n',
  'cpu.cfs_period_us': '100000\n',
  'memory.limit_in_bytes': '9223372036854771712\n',
};

/** Reads the limits of a container whose cgroup is a directory with these files. */
function limitsIn(files: Readonly<Record<string, string>>, unified: boolean): 'result' | 'refused' {
  const root = mkdtempSync(join(tmpdir(), 'ocibench-fuzz-'));
  try {
    mkdirSync(join(root, 'trial/container'), { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(root, 'trial/container', name), text);
    const layout: CgroupLayout = unified
      ? { kind: 'v2', unified: root, v1: {}, mounts: [root], controllers: [] }
      : {
          kind: 'v1',
          unified: null,
          v1: { cpu: root, memory: root, pids: root },
          mounts: [root],
          controllers: [],
        };
    const figures = readContainerLimits(layout, 'trial', 'container');
    return checkFigures(figures, Object.keys(figures));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const chunks = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(
        fc.constantFrom('begin', 'end'),
        fc.constantFrom('1700000000.123456', '1.5', '999999999999.999999999', '1e400', 'NaN', '-1.0'),
      )
      .map(([edge, time]) => Buffer.from(`@ocibench ${edge} ${time}\n`)),
    fc.constantFrom('@ocibench ', '@ocibench begin', '\n', '\r\n').map((text) => Buffer.from(text)),
  ),
  { maxLength: 30 },
);

/** What is no stamp comes out as it went in. */
function stamps(parts: readonly Buffer[]): 'result' | 'refused' {
  const seen: Stamp[] = [];
  let passed = 0;
  const reader = new StampReader(
    (stamp) => seen.push(stamp),
    (chunk) => {
      passed += chunk.length;
    },
  );
  parts.forEach((part, i) => {
    reader.feed(part, i * 1e6);
  });
  reader.end();
  const given = parts.reduce((sum, part) => sum + part.length, 0);
  if (passed > given) throw new Error('more came out than went in');
  if (seen.length === 0 && passed !== given) throw new Error('something was lost');
  const interval = stampedInterval(seen);
  assertFinite(interval);
  if (interval !== null) clockDisagrees(interval);
  return interval === null ? 'refused' : 'result';
}

const frames = fc.array(
  fc
    .tuple(
      fc.nat({ max: 255 }),
      fc.oneof(fc.nat({ max: 64 }), fc.constantFrom(0, 0xffff_ffff)),
      fc.uint8Array({ maxLength: 64 }),
    )
    .map(([stream, length, payload]) => {
      const header = Buffer.alloc(8);
      header[0] = stream;
      header.writeUInt32BE(length, 4);
      return Buffer.concat([header, payload]);
    }),
  { maxLength: 20 },
);

function output(parts: readonly Buffer[]): 'result' {
  const buffer = new OutputBuffer();
  const read = frameReader((stream, payload) => buffer.add(stream, payload));
  for (const part of parts) read(part);
  const { stdout, stderr } = buffer.toOutput();
  if (!stdout.isWellFormed() || !stderr.isWellFormed()) throw new Error('a lone surrogate');
  return 'result';
}

/** Readers of what the kernel, the host and the engine's streams say. */
export const kernelTargets: readonly FuzzTarget[] = [
  target(
    'cgroup v2 files',
    damagedFiles(v2, v2Files),
    (files) =>
      checkFigures(
        figuresFromV2(files, stacked),
        cgroupMetrics.map(({ id }) => id),
      ),
    { weight: 4 },
  ),
  target(
    'cgroup v1 files',
    fc.tuple(
      fc.constantFrom(...v1Sources).chain((good) => damagedFiles(good, v1Names)),
      fc.array(damagedFiles(v1Sources[1] ?? {}, v1Names), { maxLength: 2 }),
      damagedText(fc.constant('8:0 Read 5\nTotal 5\n')),
    ),
    ([files, below, rootBlkio]) =>
      checkFigures(
        figuresFromV1(files, { stacked, rootBlkio, forgetsRemoved: true, below }),
        cgroupMetrics.map(({ id }) => id),
      ),
    { weight: 4 },
  ),
  target(
    'limits of a container',
    fc.tuple(
      fc.record(
        Object.fromEntries(
          Object.entries(limits).map(([name, text]) => [name, damagedText(fc.constant(text))]),
        ),
      ),
      fc.boolean(),
    ),
    ([files, unified]) => limitsIn(files, unified),
    { weight: 2 },
  ),
  parser(
    'devices of io.stat and blkio',
    ['254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n', '8:0 Read 5\n8:0 Write 6\nTotal 11\n'],
    (text) => [...ioStatDevices(text), ...blkioDevices(text)],
  ),
  parser(
    'mountinfo',
    ['mountinfo-hybrid', 'mountinfo-v1-rhel8', 'mountinfo-v2'].map((name) => fixture('host', name)),
    (text) => [layoutOf(text, 'cpu memory\n'), unifiedMount(text)],
  ),
  parser('/proc/<pid>/stat', captures('stat'), parseStat),
  parser('/proc/<pid>/cmdline', captures('cmdline'), (text) => {
    const argv = parseCmdline(text);
    return [argv, processRole({ comm: argv[0] ?? '', argv, inCgroup: true, parentRole: null })];
  }),
  parser('/proc/<pid>/smaps_rollup', captures('smaps_rollup'), (text) => [
    parseKibibytes(text, 'Pss'),
    parsePssParts(text),
  ]),
  parser('/proc/<pid>/status', captures('status'), pidNamespaceDepth),
  parser('/proc/<pid>/cgroup', [processCgroup], (text) => [cpuCgroupOf(text), cgroupPathOf(text, 'memory')]),
  parser('/proc/stat', [fixture('host', 'stat')], parseHostCpu),
  parser('/proc/loadavg', [fixture('host', 'loadavg')], parseLoadAverage),
  parser('/proc/pressure', [fixture('host', 'pressure-cpu')], parseSomePressure),
  parser('/proc/vmstat', [fixture('host', 'vmstat')], parseSwapIn),
  parser('/proc/meminfo', [meminfo], (text) => [
    parseAvailable(text, zoneinfo),
    parseKibibytes(text, 'MemTotal'),
  ]),
  parser('/proc/zoneinfo', [zoneinfo], (text) => parsePerCpuFree(text, meminfo)),
  parser(
    '/proc/cpuinfo',
    [fixture('host', 'cpuinfo-tcg-max'), fixture('host', 'cpuinfo-tcg-qemu64')],
    parseCpuinfo,
  ),
  parser('/etc/os-release', [osRelease], parseOsRelease),
  parser('switches of /sys', ['always [never] madvise\n', '1\n', '0\n'], (text) => [
    parseSelected(text),
    parseTurbo(text, text),
  ]),
  parser('names of DMI', ['QEMU', 'Microsoft Corporation', 'Amazon EC2'], (text) =>
    parseHypervisor({
      vendor: text,
      product: text,
      hypervisorType: null,
      hypervisorFlag: true,
      clocksource: null,
    }),
  ),
  parser(
    'version, arguments and runsc.toml of gVisor',
    [
      'runsc version release-20240729.0\n',
      '--platform=kvm',
      '[runsc_config]\nplatform = "kvm"\n',
      'io.containerd.kata.v2',
    ],
    (text) => [gvisorRelease(text), gvisorFromArgs(text.split(' ')), gvisorFromToml(text), shimBinary(text)],
  ),
  target('stamps of a container', chunks, stamps, { weight: 2 }),
  target('frames of the engine', frames, output, { weight: 2 }),
];
