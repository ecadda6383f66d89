import { parse } from 'shell-quote';
import * as z from 'zod';
import { messages, notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { linearPattern } from '../model/workload/linear-pattern.ts';
import type { Service } from '../model/workload/service.ts';
import { maxTimeoutMs } from './container-requests.ts';
import { parseDuration, parseSize } from './quantities.ts';
import { minMemoryBytes, rule } from './rule.ts';

const commandWordsWords = messages('commandWords', {
  variable: 'a variable',
  comment: 'a comment',
  operator: "''{op}''",
});
const text = notices('commandWords', {
  noShell: "no shell interprets {what}; quote it, or run one:  sh -c ''…''",
  unclosed: 'a quote is not closed',
  empty: 'it is empty',
});

/** Is a quote open at the end? A backslash quotes the next character, except within single quotes. */
function hasOpenQuote(line: string): boolean {
  const rest = line.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '');
  return /['"]/.test(rest);
}

/**
 * Words of a command line as a POSIX shell splits them: blanks, quotes and backslashes; nothing is substituted and wildcards
 * stay as they are. A message where the line needs a shell: variables, pipes, redirections, comments.
 */
export function commandWords(
  line: string,
): { readonly ok: true; readonly words: string[] } | { readonly ok: false; readonly why: Message } {
  if (hasOpenQuote(line)) return { ok: false, why: text.unclosed };
  const found: string[] = [];
  for (const word of parse(line, (name) => ({ variable: name }))) {
    if (typeof word === 'string') found.push(word);
    else if ('op' in word && word.op === 'glob') found.push(word.pattern);
    else return { ok: false, why: text.noShell({ what: unknownWord(word) }) };
  }
  return found.length === 0 ? { ok: false, why: text.empty } : { ok: true, words: found };
}

function unknownWord(word: object): Message {
  if ('variable' in word) return commandWordsWords.variable;
  return 'op' in word ? commandWordsWords.operator({ op: String(word.op) }) : commandWordsWords.comment;
}

const words = messages('serviceShape', {
  name: 'must be lowercase letters, digits and dashes, 40 at most',
  image:
    "must be an image that Docker has, such as ''nginx:1.27'', or a recipe of ocibench, such as ''recipe:servers''",
  command: 'must be a command line, or a list of words',
  commandLine: 'must be a command line: {why}',
  twice: 'must not have the name of another service: {name}',
  ready: 'must be a port from 1 to 65535, or a regular expression without lookaround or back references',
  env: "must be '{ NAME: ''value'' }'",
  memory: "must be a size of at least 6M, such as '512M' or '2G'",
  timeout: "must be a duration up to 1h, such as '60s'",
  loadReady: 'must be used together with ready: the load begins when the service is ready',
  loadAddress: "must name the service as '{address}', such as ''wrk -d2s http://'{address}':8080/''",
  loadImageAlone: 'must be used together with load: the load runs in this image',
});

const command = z
  .union([z.string(), z.array(z.string()).min(1)], rule(words.command))
  .superRefine((asked, context) => {
    const split = typeof asked === 'string' ? commandWords(asked) : null;
    if (split?.ok === false)
      context.addIssue({ code: 'custom', message: rule(words.commandLine({ why: split.why })) });
  });

function isReady(ready: string | number): boolean {
  if (/^\d+$/.test(String(ready))) return Number(ready) >= 1 && Number(ready) <= 65_535;
  try {
    linearPattern(String(ready));
    return ready !== '';
  } catch {
    return false;
  }
}

const serviceFields = z.strictObject({
  /** Part of the ids of its workloads (`startup/own-NAME`); absent: the image's name. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, rule(words.name))
    .optional(),
  /** An image that is already in Docker; nothing is pulled. `recipe:ID`: an image of Debian packages that ocibench builds. */
  image: z.string().regex(/^[A-Za-z0-9][\w./:@-]*$/, rule(words.image)),
  /** Command, as after `docker run IMAGE`; absent: the image's own command. */
  cmd: command.optional(),
  /**
   * Sign of readiness: a TCP port that accepts connections, or a regular expression for a line of output; absent: a job,
   * which ends by itself.
   */
  ready: z.union([z.int(), z.string()]).refine(isReady, rule(words.ready)).optional(),
  /** Command that a peer container under runc runs against the service; `{address}` is the service's address. */
  load: command.optional(),
  /** Image of the load; absent: ocibench's image with wrk, ab, hey and redis-benchmark. */
  loadImage: z
    .string()
    .regex(/^[A-Za-z0-9][\w./:@-]*$/, rule(words.image))
    .optional(),
  /** Environment variables in addition to the image's. */
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, rule(words.env)), z.string()).optional(),
  /** Memory limit: `'2G'`; absent: 512 MiB. */
  memory: z
    .string(rule(words.memory))
    .refine((size) => (parseSize(size) ?? 0) >= minMemoryBytes, rule(words.memory))
    .optional(),
  /** Time limit of a trial: `'60s'`. */
  timeout: z
    .string(rule(words.timeout))
    .refine((text) => (parseDuration(text) ?? Number.NaN) <= maxTimeoutMs, rule(words.timeout))
    .optional(),
});

/** Parts of a service, for `--set service.KEY`. */
export const serviceParts = serviceFields.partial();

/** A user's service in a configuration. */
export const serviceShape = serviceFields
  .refine(({ load, ready }) => load === undefined || ready !== undefined, {
    path: ['load'],
    message: rule(words.loadReady),
  })
  .refine(({ load }) => load === undefined || namesAddress(load), {
    path: ['load'],
    message: rule(words.loadAddress),
  })
  .refine(({ load, loadImage }) => loadImage === undefined || load !== undefined, {
    path: ['loadImage'],
    message: rule(words.loadImageAlone),
  });

/** Services with unique names, so that the ids of their workloads are unique. */
export const servicesShape = z.array(serviceShape).superRefine((services, context) => {
  const names = services.map((each) => each.name ?? nameOfImage(each.image));
  for (const [at, name] of names.entries())
    if (names.indexOf(name) < at)
      context.addIssue({ code: 'custom', path: [at, 'name'], message: rule(words.twice({ name })) });
});
export type ServiceShape = Readonly<z.input<typeof serviceShape>>;

/** Does the load use `{address}`? A load that cannot be split has its own complaint. */
function namesAddress(load: string | readonly string[]): boolean {
  const words = wordsOf(load);
  return words.length === 0 || words.some((word) => word.includes('{address}'));
}

function wordsOf(asked: string | readonly string[]): string[] {
  if (typeof asked !== 'string') return [...asked];
  const split = commandWords(asked);
  return split.ok ? split.words : [];
}

/** The name of an image without registry, tag and digest, as part of an id: `shop` of `reg.io/team/Shop_v2:1.2` is `shop-v2`. */
export function nameOfImage(image: string): string {
  const last =
    image
      .replace(/^recipe:/, '')
      .replace(/@.*$/, '')
      .split('/')
      .at(-1) ?? '';
  const name = last
    .replace(/:.*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return name.replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'service';
}

/** ocibench's image with the load generators whose reports it can parse. */
const loadTools = 'recipe:load';
const defaultTimeoutMs = 60_000;

/** The service of a checked shape. */
export function serviceOf(shape: ServiceShape): Service {
  const { name, image, cmd, ready, load, loadImage = loadTools, env = {}, memory, timeout } = shape;
  return {
    name: name ?? nameOfImage(image),
    image,
    command: cmd === undefined ? [] : wordsOf(cmd),
    ready:
      ready === undefined
        ? null
        : /^\d+$/.test(String(ready))
          ? { port: Number(ready) }
          : { pattern: String(ready) },
    load: load === undefined ? null : { image: loadImage, command: wordsOf(load) },
    env,
    memoryBytes: memory === undefined ? null : parseSize(memory),
    timeoutMs: timeout === undefined ? defaultTimeoutMs : (parseDuration(timeout) ?? defaultTimeoutMs),
  };
}
