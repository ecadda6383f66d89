import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { packTar, type TarEntry } from 'modern-tar';
import type { AppContext } from '../../src/app/context.ts';
import { findArtefacts, openArtefact } from '../../src/core/artefact/artefact.ts';
import { checkManifest, manifestFile, writeManifest } from '../../src/core/store/manifest.ts';
import { readRecording } from '../../src/features/capacity/recording/stored.ts';
import { recordingTable } from '../../src/features/capacity/recording/table.ts';
import { mergeRuns } from '../../src/features/fleet/app/merge/merge.ts';
import { exportHistory } from '../../src/features/nightly/app/history/export.ts';
import { writeReport } from '../../src/features/nightly/app/history/report.ts';
import { exportFormats } from '../../src/features/nightly/history/export-format.ts';
import { fileEntry } from '../core/artefact/archives.ts';
import { madeRecording } from '../features/capacity/recording/made-recording.ts';
import { type MadeHost, writeRun } from '../features/fleet/merge/made-fleet.ts';
import { blankPictures, testContext } from '../support/app-context.ts';
import { alarmLine, headlineLine, nightLine } from '../support/history-lines.ts';
import { hostileTexts } from './hostile.ts';
import { damagedJson, jsonText } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { checkTerminal } from './outputs.ts';
import { assertFinite, type Ending, type FuzzTarget, refusing, target } from './target.ts';

/** A directory of its own for as long as `work` lasts; `left`: what may be in it then, beside what `work` was given. */
async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-fuzz-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const contextIn = (workingDirectory: string): AppContext => {
  const app = testContext({ pictures: blankPictures });
  return { ...app, environment: { ...app.environment, workingDirectory } };
};

/** The files of a run as it was handed in. */
const host: MadeHost = { name: 'cn1', runId: '20260101-000000-0001' };
const names = ['run.json', 'analysis.json', 'trials.jsonl', manifestFile] as const;
const files = await inDirectory(async (directory) => {
  const path = await writeRun(directory, host);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const)),
  );
});
const textOf = (name: string) => files.get(name as (typeof names)[number]) ?? '';

const archive = Buffer.from(await packTar(names.map((name) => fileEntry(`results/x/${name}`, textOf(name)))));
const compressors = { tar: (tar: Uint8Array) => tar, 'tar.gz': gzipSync, 'tar.zst': zstdCompressSync };
const compression = fc.constantFrom(...(Object.keys(compressors) as (keyof typeof compressors)[]));
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Bytes of a tar or of its compressed form: cut off, another byte at a place, a part twice. */
const archiveBytes = fc
  .record({
    as: compression,
    before: fc.boolean(),
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, share),
    spots: fc.array(fc.tuple(share, fc.nat({ max: 255 })), { maxLength: 6 }),
    twice: fc.option(fc.tuple(share, share)),
  })
  .map(({ as, before, cut, spots, twice }) => {
    const damage = (given: Uint8Array) => {
      const bytes = Buffer.from(given.subarray(0, Math.ceil(cut * given.length)));
      for (const [at, byte] of spots) if (bytes.length > 0) bytes[Math.floor(at * (bytes.length - 1))] = byte;
      if (twice === null) return bytes;
      const [from, to] = twice.map((part) => Math.floor(part * bytes.length)).toSorted((a, b) => a - b);
      return Buffer.concat([bytes, bytes.subarray(from, to)]);
    };
    const bytes = before ? compressors[as](damage(archive)) : damage(compressors[as](archive));
    return { as, bytes };
  });

const entry: fc.Arbitrary<TarEntry> = fc
  .record({
    name: fc.oneof(fc.constantFrom(...names.map((name) => `r/${name}`)), fc.constantFrom(...hostileTexts)),
    type: fc.constantFrom(
      'file',
      'file',
      'file',
      'directory',
      'symlink',
      'link',
      'fifo',
      'character-device',
      'pax-header',
    ),
    linkname: fc.constantFrom('/etc/passwd', '../x', 'run.json'),
    body: fc.constantFrom(...files.values(), ...hostileTexts),
    mode: fc.constantFrom(0o644, 0o4777, 0),
  })
  .map(({ name, type, linkname, body, mode }) => {
    const size = type === 'file' ? Buffer.byteLength(body) : 0;
    return { header: { name, size, type, linkname, mode }, ...(type === 'file' ? { body } : {}) } as TarEntry;
  });
const archiveEntries = fc
  .record({
    as: compression,
    entries: fc.array(entry, { maxLength: 12 }),
    times: fc.constantFrom(1, 1, 1, 100, 1_000),
  })
  .map(({ as, entries, times }) => ({
    as,
    entries: Array.from({ length: times }, (_, i) =>
      entries.map((one) =>
        i === 0 ? one : { ...one, header: { ...one.header, name: `${i}/${one.header.name}` } },
      ),
    ).flat(),
  }));

/** Opens an archive; nothing of it may be left, or lie outside of where it is unpacked. */
function opened(as: string, bytes: Uint8Array): Promise<Ending> {
  return inDirectory(async (directory) => {
    const [path, scratch] = [join(directory, `a.${as}`), join(directory, 'scratch')];
    await mkdir(scratch);
    await writeFile(path, bytes);
    let ending: Ending = 'result';
    for (const found of await findArtefacts([path]))
      if ('problem' in found) ending = 'refused';
      else
        for await (const artefact of openArtefact(found.origin, { scratch }))
          if ('problem' in artefact) ending = 'refused';
    const left = [...(await readdir(directory)), ...(await readdir(scratch))];
    if (left.toSorted().join() !== [`a.${as}`, 'scratch'].join())
      throw new Error(`it left ${left.join(', ')}`);
    return ending;
  });
}

/** Three hosts, of which one has a damaged file that its manifest holds to be whole: the others count all the same. */
function merged(name: 'analysis.json' | 'run.json', text: string): Promise<Ending> {
  return inDirectory(async (directory) => {
    for (const each of ['cn2', 'cn3'])
      await writeRun(join(directory, 'in'), { ...host, name: each, runId: `run-${each}` });
    const path = await writeRun(join(directory, 'in'), host);
    await writeFile(join(path, name), text);
    await writeManifest(path);
    const app = contextIn(directory);
    return refusing(async () => {
      const { fleet } = await mergeRuns(app, ['in'], { out: 'fleet' });
      assertFinite(fleet, 'fleet');
      if (fleet.hosts.length < 2) throw new Error('it cost more than itself');
    });
  });
}

function damagedRecord(name: string): fc.Arbitrary<string> {
  return fc.oneof(damagedText(fc.constant(textOf(name))), {
    weight: 3,
    arbitrary: damagedJson(fc.constant(JSON.parse(textOf(name)))).map((value) => jsonText(value)),
  });
}

const nights = ['2026-10-29', '2026-10-30', '2026-10-31'];
const lines = [
  ...nights.flatMap((night, i) => [headlineLine(night, { estimate: 1 + i / 10 }), nightLine(night)]),
  alarmLine('2026-10-31'),
];
const historyText = fc.oneof(
  damagedText(fc.constant(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))),
  {
    weight: 3,
    arbitrary: damagedJson(fc.constant(lines)).map((value) =>
      Array.isArray(value) ? value.map((line) => `${jsonText(line)}\n`).join('') : jsonText(value),
    ),
  },
);

function history(text: string): Promise<Ending> {
  return inDirectory(async (directory) => {
    await mkdir(join(directory, 'history'));
    await writeFile(join(directory, 'history/2026-10.ndjson'), text);
    const app = contextIn(directory);
    return refusing(async () => {
      await writeReport(app, {});
      for (const format of exportFormats) await exportHistory(app, { format, to: `exports/${format}` });
    });
  });
}

function recording(text: string): Promise<Ending> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'recording.json');
    await writeFile(file, text);
    return refusing(async () => {
      const read = await readRecording(file);
      if (read === null) throw new Error('it is gone');
      checkTerminal(recordingTable(read));
    });
  });
}

function manifest(text: string): Promise<Ending> {
  return inDirectory(async (directory) => {
    for (const [name, content] of files) await writeFile(join(directory, name), content);
    await writeFile(join(directory, manifestFile), text);
    let ending: Ending = 'result';
    const refused = await refusing(async () => {
      if ((await checkManifest(directory)).state !== 'whole') ending = 'refused';
    });
    return refused === 'refused' ? refused : ending;
  });
}

/** Readers of what others hand in, and of what nights and recordings left. */
export const artefactTargets: readonly FuzzTarget[] = [
  target('archive: bytes', archiveBytes, ({ as, bytes }) => opened(as, bytes), { weight: 3, slow: true }),
  target(
    'archive: entries',
    archiveEntries,
    async ({ as, entries }) => opened(as, compressors[as](await packTar(entries))),
    { weight: 2, slow: true },
  ),
  target('MANIFEST.sha256', damagedText(fc.constant(textOf(manifestFile))), manifest, { weight: 2 }),
  target(
    'analysis.json of a fleet',
    damagedRecord('analysis.json'),
    (text) => merged('analysis.json', text),
    { weight: 0.1, slow: true },
  ),
  target('run.json of a fleet', damagedRecord('run.json'), (text) => merged('run.json', text), {
    weight: 0.1,
    slow: true,
  }),
  target('history *.ndjson', historyText, history, { weight: 2, slow: true }),
  target(
    'recording.json',
    fc.oneof(damagedText(fc.constant(JSON.stringify(madeRecording(), null, 2))), {
      weight: 3,
      arbitrary: damagedJson(fc.constant(madeRecording())).map((value) => jsonText(value)),
    }),
    recording,
    { weight: 3 },
  ),
];
