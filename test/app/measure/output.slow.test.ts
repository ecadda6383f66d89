import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScriptedWorld } from '../../support/scripted-world.ts';
import { noSpace } from '../../support/watched-store.ts';

describe('--quiet', () => {
  test('prints the table alone, even of a run that lost its engine', async () => {
    await using world = await ScriptedWorld.open();
    world.daemon.during('b001p001', () => world.daemon.restart());
    const { exitCode, stdout, stderr } = await world.run(2, '--quiet');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('startup/echo');
  });

  test('and what the user has to do', async () => {
    await using world = await ScriptedWorld.open();
    world.isRoot = false;
    world.daemon.during('b000p001', () => world.daemon.restart());
    world.daemon.during('b001p001', () => world.signal('SIGINT'));
    const { exitCode, stderr } = await world.run(2, '--quiet');
    expect(exitCode).toBe(130);
    const { run } = await world.stored();
    // The doubt about privileges once, although two sessions found it.
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^not root: /),
      // Where root tests, no command needs sudo.
      expect.stringMatching(/^fix: (?:sudo )?ocibench run --engine docker /),
      expect.stringMatching(`^continue with: {2}ocibench run --resume ${run.runId} `),
    ]);
  });
});

test('--json prints the analysis, and nothing else on stdout', async () => {
  await using world = await ScriptedWorld.open();
  const { exitCode, stdout } = await world.run(2, '--json');
  expect(exitCode).toBe(0);
  const { run } = await world.stored();
  expect(JSON.parse(stdout)).toMatchObject({ runId: run.runId, trials: { ok: 6, failed: 0 } });
});

test('an old release is said in one line, and in the report; of a young one nothing is', async () => {
  const ofRelease = async (version: string, error?: string) => {
    await using world = await ScriptedWorld.open();
    if (error !== undefined) world.daemon.startErrors.set('crun', error);
    await writeFile(join(world.path, 'crun'), `#!/bin/sh\necho crun version ${version}\n`);
    const { stderr } = await world.run(2);
    const { run } = await world.stored();
    const report = await readFile(join(world.path, 'results', run.runId, 'report.md'), 'utf8');
    return { run, stderr, report };
  };
  const old = await ofRelease('1.17');
  expect(old.run.runtimes[1]).toMatchObject({ released: { on: '2024-09-09', by: 'version' } });
  expect(old.stderr).toContain('older than a year: crun from 2024-09-09; their figures are not those of');
  expect(old.report).toContain('More than a year old when measured: crun (2024-09-09, 15 months).');
  expect(old.report).toContain('https://github.com/containers/crun/releases');
  const young = await ofRelease('1.25');
  expect(`${young.stderr}${young.report}`).not.toContain('lder than a year');
  expect(young.report).toContain('| `crun` | crun version 1.25 | 2025-11-07 |');
  // Nor of one that has no figures.
  const broken = await ofRelease('1.17', 'OCI runtime create failed: boom');
  expect(`${broken.stderr}${broken.report}`).not.toContain('lder than a year');
});

/** Without the no-break spaces of French typography. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('in French', () => {
  test.each([
    ['asked for', ['--lang', 'fr'], {}],
    ['of the locale', [], { LC_ALL: 'fr_FR.UTF-8' }],
  ])('(%s) it says what goes on, what was found, and what to do', async (_, words, variables) => {
    await using world = await ScriptedWorld.open();
    world.daemon.startErrors.set('crun', 'OCI runtime create failed: boom');
    world.daemon.during('b001p001', () => world.daemon.restart());
    world.daemon.during('b002p001', () => world.signal('SIGINT'));
    const { exitCode, stdout, stderr } = await world.runIn(variables, 2, ...words);
    expect(exitCode).toBe(130);
    const { run } = await world.stored();
    const said = plain(stderr);
    for (const line of [
      'moteur : docker, Docker 26.1.5 sur unix:///fake, cgroup v1 (cgroupfs)',
      '  runc : disponible',
      '  crun : indisponible : le moteur n’a pas pu démarrer de conteneur avec ce runtime, pour une raison inconnue : OCI runtime create failed: boom',
      'Mesure de 1 test sous runc : 2 blocs après l’échauffement, 3 min au plus.',
      'interruption : fin de l’essai en cours et nettoyage',
    ])
      expect(said.split('\n')).toContain(line);
    expect(said).toContain(
      'le moteur s’est arrêté : il s’est arrêté ou a été redémarré ; ouverture d’un nouveau moteur',
    );
    expect(said).toContain(`pour reprendre :  ocibench run --resume ${run.runId}`);
    expect(said).not.toMatch(/\b(?:the|was|and)\b.*\b(?:engine|run|trial)\b/);
    expect(plain(stdout)).toContain('Avertissement : La campagne est interrompue');
    expect(stdout).toContain('N’a pas pu être mesuré');
    expect(run.config.lang).toBe('fr');
    // Records keep the one English text.
    const [, crun] = run.runtimes;
    expect(crun?.preflight).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/^the engine could not start/),
    });
  });

  test('it complains', async () => {
    await using world = await ScriptedWorld.open();
    world.onWrite = (write) => {
      if (write.what === 'appendTrial') throw noSpace(write);
    };
    const { stderr } = await world.run(2, '--lang', 'fr');
    const { path, run } = await world.stored();
    for (const text of [
      `ocibench : un fichier ne peut pas être écrit\n${path}/trials.jsonl: plus de place sur son périphérique (ENOSPC)\n  remède : y libérer de la place`,
      `les mesures faites jusque-là sont dans ${path} ; une fois la cause corrigée :\n`,
      `pour reprendre :  ocibench run --resume ${run.runId}`,
    ])
      expect(plain(stderr)).toContain(text);
  });
});
