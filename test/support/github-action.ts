import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly uses?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

/** What the steps of the action did. */
interface ActionResult {
  /** Of the step that failed, which was the last one; 0 where none did. */
  readonly exitCode: number;
  readonly ran: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What GitHub would show below the job. */
  readonly summary: string;
  readonly printed: string;
}

/** Inputs and outputs of earlier steps, by what expressions call them: `inputs.out`, `steps.measure.outputs.results`. */
type Values = ReadonlyMap<string, string>;

/** Replaces the expressions of a value. Throws at one that is more than a name. */
function evaluated(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, name: string) => {
    if (!/^[\w.-]+$/.test(name)) throw new Error(`not a plain name: ${name}`);
    return values.get(name) ?? '';
  });
}

/** Is a condition of the form `NAME != ''` true? Throws at another form. */
function holds(condition: string, values: Values): boolean {
  const name = /^([\w.-]+) != ''$/.exec(condition)?.[1];
  if (name === undefined) throw new Error(`not understood: ${condition}`);
  return (values.get(name) ?? '') !== '';
}

/** Runs the steps of action.yml as GitHub's runner does: each in bash, with files for outputs and summary, until one fails. */
export async function runAction(
  inputs: Readonly<Record<string, string>>,
  { directory, environment = {} }: { readonly directory: string; readonly environment?: NodeJS.ProcessEnv },
): Promise<ActionResult> {
  const values = new Map<string, string>();
  for (const [name, { default: value = '' }] of Object.entries(action.inputs))
    values.set(`inputs.${name}`, inputs[name] ?? value);
  const runner = join(directory, '.runner');
  await mkdir(runner, { recursive: true });
  const [output, summary] = [join(runner, 'output'), join(runner, 'summary')];
  await writeFile(summary, '');
  const ran: string[] = [];
  let [exitCode, printed] = [0, ''];
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !holds(step.if, values)) continue;
    await writeFile(output, '');
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, evaluated(value, values)]);
    const result = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: directory,
      reject: false,
      stdin: 'ignore',
      all: true,
      env: {
        ...environment,
        ...Object.fromEntries(own),
        GITHUB_ACTION_PATH: root,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    ran.push(step.name);
    printed += `${result.all}\n`;
    for (const line of (await readFile(output, 'utf8')).split('\n').filter(Boolean)) {
      const at = line.indexOf('=');
      values.set(`steps.${step.id}.outputs.${line.slice(0, at)}`, line.slice(at + 1));
    }
    exitCode = result.exitCode ?? 1;
    if (exitCode !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value, values)]);
  return {
    exitCode,
    ran,
    outputs: Object.fromEntries(outputs),
    summary: await readFile(summary, 'utf8'),
    printed,
  };
}
