import { htmlText } from '../document/sanitize.ts';

/** Result of a test case that did not pass, with the reason. */
export type TestOutcome =
  | { readonly kind: 'passed' }
  | {
      /** `error`: the test could not be judged because something failed. */
      readonly kind: 'failure' | 'error' | 'skipped';
      readonly message: string;
      /** In one word, such as `worse`. */
      readonly type: string;
      /** Details, in several lines; may be empty. */
      readonly text: string;
    };

export interface TestCase {
  readonly name: string;
  /** Group of the test, parts joined by dots. */
  readonly classname: string;
  readonly outcome: TestOutcome;
  /** Output of the test (`system-out`); may be empty. */
  readonly output: string;
}

export interface TestSuite {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
  /** Warnings that concern no single test; may be empty. */
  readonly remarks: string;
}

/** Text with its line breaks. */
const linesOf = (text: string) => text.split('\n').map(htmlText).join('\n');

/** Attributes in their order. Consumers read times as decimals without an exponent. */
const attributes = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${htmlText(String(value))}"`)
    .join('');

/** JUnit XML as Jenkins, GitLab and GitHub's actions read it, with the suites in their order. */
export function junitXml(suites: readonly TestSuite[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.map(suiteXml).join('')}</testsuites>\n`;
}

function suiteXml({ name, at, seconds, cases, remarks }: TestSuite): string {
  const count = (kind: TestOutcome['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  const head = attributes({
    name,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
    // JUnit's times have no zone.
    timestamp: at.slice(0, 19),
  });
  const said = remarks === '' ? '' : `<system-err>${linesOf(remarks)}</system-err>\n`;
  return `<testsuite${head}>\n${cases.map(caseXml).join('')}${said}</testsuite>\n`;
}

function caseXml({ name, classname, outcome, output }: TestCase): string {
  const head = attributes({ name, classname, time: '0.000' });
  const parts = [outcomeXml(outcome), output === '' ? '' : `<system-out>${linesOf(output)}</system-out>\n`];
  const inner = parts.join('');
  return inner === '' ? `<testcase${head}/>\n` : `<testcase${head}>\n${inner}</testcase>\n`;
}

function outcomeXml(outcome: TestOutcome): string {
  if (outcome.kind === 'passed') return '';
  const { kind, message, type, text } = outcome;
  return `<${kind}${attributes({ message, type })}>${linesOf(text)}</${kind}>\n`;
}
