import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { everyMessage } from '../../../scripts/every-message.ts';
import { commandOf } from '../../../src/cli/command.ts';
import { runOptions } from '../../../src/cli/options.ts';
import { loadCommands, parseOptions, program } from '../../../src/cli/program.ts';
import { openTerminal } from '../../../src/cli/terminal.ts';

import { frenchCatalogue } from '../../../src/core/messages/translate.ts';
import { commandsOf, everyCommand, knownMakers, makers } from '../../support/every-command.ts';

const commands = await loadCommands();
const said = await everyCommand();
const definitions = await everyMessage();
const templates = [...definitions].flatMap(([id, { template }]) => [
  [id, template] as const,
  [`${id} (fr)`, frenchCatalogue[id] ?? ''] as const,
]);

/** The words of each command, as a shell reads them. */
function shellWords(lines: readonly string[]): readonly (readonly string[])[] {
  const script = lines.map((line) => `printf '%s\\0' ${line}; printf '\\001'`).join('\n');
  const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  return read
    .split('\u0001')
    .slice(0, -1)
    .map((words) => words.split('\0').slice(0, -1));
}

test('every command that a message can say is taken by the parser, with the options behind its dashes', async () => {
  const lines = [...said.keys()];
  expect(lines.length).toBeGreaterThan(80);
  const refused: string[] = [];
  for (const [i, all] of shellWords(lines).entries()) {
    const words = all.slice(all.indexOf('ocibench') + 1);
    const acted: string[][] = [];
    let complaint = '';
    await program({
      version: '1.2.3',
      lang: 'en',
      commands,
      act: async ({ name }, _, given) => {
        acted.push([name, ...given]);
      },
      writeOut: () => undefined,
      writeErr: (text) => {
        complaint += text;
      },
    })
      .parseAsync(words, { from: 'user' })
      .catch(() => undefined);
    const [[name = '', ...given] = []] = acted;
    if (words.length > 0 && name !== commandOf(commands, words)?.name)
      refused.push(`${said.get(lines[i] ?? '')}: ${lines[i]}: ${complaint}`);
    if (name === 'lab run') {
      const terminal = openTerminal(process, { lang: 'en', environment: {} });
      expect(() => parseOptions(name, runOptions, given, terminal), lines[i]).not.toThrow();
    }
  }
  expect(refused).toEqual([]);
});

test('no message holds a command as text: it is marked, as @(report {run})', () => {
  const names = [...new Set(commands.map(({ name }) => name.split(' ')[0]))].join('|');
  // Behind dashes stands what is started in a guest, where ocibench is on PATH.
  const literal = new RegExp(`(?<!-- )ocibench[ ~\u00a0](${names})(?![\\w-])`);
  expect(templates.filter(([, template]) => literal.test(template)).map(([id]) => id)).toEqual([]);
});

test('a command as root says so by itself: no words around it say it again', () => {
  const asRoot = templates.filter(([, template]) => commandsOf(template).some((command) => command.asRoot));
  expect(asRoot.length).toBeGreaterThan(40);
  // Another program may run as root: "use a daemon that runs as root, or:  @(sudo run)".
  const twice = asRoot.filter(([, text]) => /\b(as|en tant que|lancés en) root\b(?!, (or|ou)\b)/.test(text));
  expect(twice.map(([id]) => id)).toEqual([]);
});

test('code that makes a command otherwise is known to these tests', () => {
  expect(makers()).toEqual(knownMakers);
});

test("commands of other programs in a fix are a shell's", () => {
  const programs =
    'apt-get|systemctl|docker|dockerd|podman|rm|mkdir|chmod|chown|modprobe|sysctl|journalctl|kubectl|mount|umount|sha256sum|npm|curl|update-ca-certificates|containerd|ip|mv|git|stat|ls|cat|echo';
  const foreign = new RegExp(
    `(?:^|: {1,2}|\\n *|\`|\\()((?:sudo )?(?:${programs}) [^;\`\\n]*?)(?= {3}|[;\`\\n]|$)`,
    'g',
  );
  const found = templates.flatMap(([id, template]) =>
    /\.fix\b/.test(id)
      ? [...template.matchAll(foreign)].map(
          ([, command = '']) => [id, command.replaceAll(/\{\w+\}/g, 'x')] as const,
        )
      : [],
  );
  expect(found.length).toBeGreaterThan(40);
  const broken = found.filter(([, command]) => {
    // Prose may stand behind it, in brackets.
    const whole = command.replaceAll("''", "'").replace(/ \(.*$/, '');
    const alone = whole.includes('$(') ? whole : whole.replace(/\).*$/, '');
    try {
      execFileSync('sh', ['-n', '-c', alone], { stdio: 'pipe' });
      return false;
    } catch {
      return true;
    }
  });
  expect(broken).toEqual([]);
});
