import type { Row, Words } from './row.ts';
import { sections } from './rows.ts';

type Language = 'en' | 'fr';

const head: Readonly<Record<Language, string>> = {
  en: `# The course page, line by line

[En français](page.fr.md)

> **For the class.** Docker has changed since the page was written. Its first daemon.json does not start Docker 26:
> remove \`overlay2.override_kernel_check\`. Its hardening block starts no container: each entry of \`default-ulimits\`
> needs \`"Name"\`. \`selinux-enabled\` does nothing on Debian. \`"hosts"\` clashes with the \`-H\` of Docker's service. Its
> strict seccomp list stops runc. \`kata-runtime\` by path ended with Kata 1, and \`io.containerd.kata.v3\` does not exist.
> Debian's runsc is in /usr/bin and has no shim. \`dockerd --validate\` sees few of these: ask \`ocibench runtimes explain
> FILE\`.

Lines of "Configuration avancée de Docker et Hardening", or their usual form. Each was tried with Docker 26.1 and 28.5
(containerd 1.7 and 2.1), which do the same unless a row says otherwise. *Not tried* says what could not be.
`,
  fr: `# La page de cours, ligne par ligne

[In English](page.md)

> **Pour la classe.** Docker a changé depuis l’écriture de la page. Son premier daemon.json ne démarre pas Docker 26 :
> supprimer \`overlay2.override_kernel_check\`. Son bloc de durcissement ne démarre aucun conteneur : chaque entrée de
> \`default-ulimits\` demande \`"Name"\`. \`selinux-enabled\` ne fait rien sous Debian. \`"hosts"\` heurte le \`-H\` du service
> Docker. Sa liste seccomp stricte arrête runc. \`kata-runtime\` par chemin a fini avec Kata 1, et
> \`io.containerd.kata.v3\` n’existe pas. Le runsc de Debian est dans /usr/bin, sans shim. \`dockerd --validate\` en voit
> peu : demander à \`ocibench runtimes explain FICHIER\`.

Les lignes de « Configuration avancée de Docker et Hardening », ou leur forme usuelle. Chacune a été essayée avec Docker
26.1 et 28.5 (containerd 1.7 et 2.1), qui font de même sauf mention. *Non essayé* dit ce qui n’a pas pu l’être.
`,
};

const columns: Readonly<Record<Language, readonly string[]>> = {
  en: ['line', 'today', 'write'],
  fr: ['ligne', 'aujourd’hui', 'écrire'],
};
const asItIs: Words = ['as it is', 'tel quel'];
const untried: Words = ['Not tried:', 'Non essayé :'];

const pick = (words: Words, language: Language) => words[language === 'en' ? 0 : 1];
/** A cell cannot hold a bare bar. */
const cell = (text: string) => text.replaceAll('|', '\\|');

const verdicts: Readonly<Record<Row['right'], Words>> = {
  yes: ['Right.', 'Juste.'],
  changed: ['With a change.', 'À adapter.'],
  no: ['Wrong.', 'Faux.'],
};

function rowOf(row: Row, language: Language): string {
  const not = row.untried && ` *${pick(untried, language)} ${pick(row.untried, language)}.*`;
  const today = `**${pick(verdicts[row.right], language)}** ${pick(row.today, language)}${not ?? ''}`;
  return `| ${[`\`${row.line}\``, today, pick(row.instead ?? asItIs, language)].map(cell).join(' | ')} |`;
}

/** `docs/lab/page.md` and `docs/lab/page.fr.md`: what became of each line of the course page. */
export function coursePage(language: Language): string {
  const tables = sections.map(({ title, rows }) =>
    [
      `## ${pick(title, language)}`,
      '',
      `| ${columns[language].join(' | ')} |`,
      '| --- | --- | --- |',
      ...rows.map((row) => rowOf(row, language)),
      '',
    ].join('\n'),
  );
  return [head[language], ...tables].join('\n');
}
