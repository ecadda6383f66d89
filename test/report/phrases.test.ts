import { expect, test } from 'vitest';
import { inLanguage, phrase, phrases } from '../../src/report/phrases/phrase.ts';
import { tellQuotes } from '../../src/report/phrases/quotes.ts';
import { isSentence, sourceTexts } from './source-sentences.ts';

const texts = sourceTexts();
/** An indentation is not part of a sentence. */
const keys = new Set(Object.keys(phrases).map((key) => key.trim()));
const english = new Set(texts.flatMap(({ text }) => [text, ...text.split('\n').map((line) => line.trim())]));

/** Said by libraries, or put together from parts, so that no source holds them whole. */
const composed: readonly RegExp[] = [
  /^(Usage|Options|Arguments|Commands):$/,
  /^\((choices|default|Did you mean)/,
  /^(display help for command|output the version number)$/,
  /^error: /,
  // `${flag} ×${count}`, `${step}: ${message}`
  /^[a-z-]+(>\{0\})? ×\{[01]\}$/,
  /^not done after/,
  /^most often (prepare|create|attach|start|run|peer|probe|exec|pause|stop|remove|collect|parse): \{0\}$/,
  // `${file}: ${what}`, `${runtime}: ${state}`
  /^\{0\}: (there is no run here|it is not JSON|(un)?available.*)$/,
  // `${where}: ${what}`, `${typeof value} ${value}`
  /^line \{0\}, column \{1\}: \{2\}$|^(number|boolean) \{0\}$/,
  // With its hint, which holds the same colon as what follows.
  /^exit code \{0\} \(SIGKILL/,
  // `${cell} by ${percent}`
  /^\{0\} by \{1\} %$/,
];

/** Words that look like a sentence and are a command, a list of names, or what an engine says. */
const untranslated: readonly RegExp[] = [
  /^ocibench lab run$/,
  // What tools print, and what they are given
  /^docker context update |^nanosecs |^Ready to accept|^start worker process|^Executed \{0\} pipe/,
  /^(for [a-z]+ in|import json|\nimport time|if \[|COMMIT;|CREATE TABLE|INSERT INTO|SELECT|printf\()/,
  /^\nif \[ -d \/sys\/fs\/cgroup\/unified/,
  // Documentation of parameters and metrics that several workloads share
  /^where the files are: rootfs|^The server is in the container|^With `seen=network`/,
  /^(open, read, close|all four together|mapping the memory|writing to each page|giving the memory back)/,
  /^(sleep (before|after) the first|CPU time to burn|memory to touch|bytes to write|processes that live)/,
  /^Calibration probe/,
  // Drawn by the live view, which has messages of its own
  /^\{0\} of at most \{1\} ·/,
  // Where a figure comes from
  /^Docker stats API$|, while the container ran$/,
];

test('every sentence of the sources has its French', () => {
  const missing = texts
    .filter(({ text, told }) => told && isSentence(text) && !keys.has(text.trim()))
    .filter(({ text }) => !untranslated.some((pattern) => pattern.test(text)))
    .map(({ file, text }) => `${file}: ${JSON.stringify(text)}`);
  expect([...new Set(missing)]).toEqual([]);
});

test('everything that has French is said somewhere', () => {
  const unused = Object.keys(phrases).filter(
    (key) => !english.has(key.trim()) && !composed.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

const holes = (text: string) => [...text.matchAll(/\{(\d+)[^}]*\}/g)].map(([, index]) => index);

test('French has the values that English has', () => {
  for (const [key, french] of Object.entries(phrases))
    expect([...new Set(holes(french))].sort(), key).toEqual([...new Set(holes(key))].sort());
});

test('a sentence with values has enough words of its own to be known by', () => {
  const vague = Object.keys(phrases).filter(
    (key) => /\{\d+\}/.test(key) && key.replace(/\{\d+\}/g, '').replace(/[^\p{L}µ]/gu, '').length < 2,
  );
  expect(vague).toEqual([]);
});

test('French typography: no space that may break before a double sign, no straight apostrophe', () => {
  for (const [key, french] of Object.entries(phrases)) {
    // Commands keep the characters that a shell wants.
    const prose = french.replace(/ {2}.*$/s, '').replace(/"[^"]*"(?:: )?|\{[^}]*\}|`[^`]*`|'[^']*'/g, '');
    expect(prose, key).not.toMatch(/\p{L} [:!?]|« | »|\p{L}'\p{L}/u);
  }
});

test('every sentence is known again, and taken for no other one', () => {
  const value = (index: string) => String.fromCharCode(97 + Number(index)).repeat(3);
  for (const [key, french] of Object.entries(phrases)) {
    const said = key.replace(/\{(\d+)\}/g, (_, index: string) => value(index));
    const told = french
      .replace(/\{\d+-\}/g, '')
      .replace(/\{\d+\|([^|}]*)\|([^|}]*)\}/g, '$2')
      .replace(/\{(\d+)[^}]*\}/g, (_, index: string) => value(index))
      .replaceAll('~', '\u00a0');
    expect(phrase(said, 'fr'), key).toBe(told);
  }
});

test('several lines in one value are told one by one', () => {
  const text =
    'the embedded engine cannot start here; what would help:\n  run as root:  sudo ./ocibench run   (namespaces and cgroups need it)\n  something else';
  expect(inLanguage(text, 'fr')).toBe(
    'le moteur intégré ne peut pas démarrer ici\u00a0; ce qui aiderait\u00a0:\n  lancer en tant que root\u00a0:  sudo ./ocibench run   (les espaces de noms et les cgroups l’exigent)\n  something else',
  );
});

test('what a container printed does not make it slow', () => {
  const printed = '; it left 3 processes behind ('.repeat(20_000);
  expect(phrase(`x${printed}`, 'fr')).toBeNull();
  expect(phrase(`${printed}y), which were ended`, 'fr')).toContain('qui ont été arrêtés');
});

test('a note of several sentences, one in the other', () => {
  const note =
    '3 of 9 trials failed; most often run: exit code 137 (SIGKILL: often the memory limit): Killed; within the run’s own A/A noise (±4.5 %)';
  expect(phrase(note, 'fr')).toBe(
    '3 essais sur 9 en échec\u00a0; le plus souvent pendant l’exécution\u00a0: code de retour 137 (SIGKILL\u00a0: souvent la limite de mémoire)\u00a0: Killed\u00a0; dans le bruit A/A propre à la campagne (±4,5\u202f%)',
  );
  expect(phrase(note, 'en')).toBe(note);
});

test('singular and plural, in French and not as in English', () => {
  const warning = (trials: string, s: string, cells: string, t: string) =>
    phrase(`${trials} trial${s} failed, in ${cells} cell${t}: crun startup/echo.`, 'fr');
  expect(warning('1', '', '1', '')).toBe('1 essai en échec, dans 1 cellule\u00a0: crun startup/echo.');
  expect(warning('12', 's', '2', 's')).toBe('12 essais en échec, dans 2 cellules\u00a0: crun startup/echo.');
});

test('what is none of ours stays as it is, and a quote', () => {
  expect(phrase('OCI runtime create failed: no such device', 'fr')).toBeNull();
  expect(inLanguage('  OCI runtime create failed\n  fix: use runtimeArgs', 'fr')).toBe(
    '  OCI runtime create failed\n  remède\u00a0: utiliser runtimeArgs',
  );
  const quotes = [
    { kind: 'quote', text: 'not told' },
    { kind: 'quote', text: 'Segmentation fault' },
  ] as const;
  expect(tellQuotes([{ kind: 'paragraph', text: quotes }], 'fr')).toEqual([
    { kind: 'paragraph', text: [{ kind: 'text', text: 'non indiqué' }, quotes[1]] },
  ]);
});

test('a name inside a sentence is not taken for one of our words', () => {
  expect(phrase('root: total.cpu is not known in 3 of 3 trials: none.', 'fr')).toBe(
    'root\u00a0: total.cpu est inconnu dans 3 essais sur 3\u00a0: none.',
  );
});
