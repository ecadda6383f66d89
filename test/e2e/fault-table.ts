import { type FaultResult, faults, struck } from './fault-injection.ts';

/** A Markdown table: each fault and each command, how often it was hit, when, and what became of it. */
export function faultTable(results: readonly FaultResult[]): string {
  const hit = results.filter(({ outcome }) => outcome !== 'missed');
  const row = (name: string, own: readonly FaultResult[]) => {
    const times = own.map(({ atSeconds }) => atSeconds).toSorted((a, b) => a - b);
    const count = (outcome: FaultResult['outcome']) => own.filter((each) => each.outcome === outcome).length;
    const left = own.filter(({ leftAtOnce }) => leftAtOnce.length > 0).length;
    const bad = own.flatMap(({ violations }) => violations).length;
    const when = own.length === 0 ? '' : `${times.at(0)?.toFixed(1)} to ${times.at(-1)?.toFixed(1)} s`;
    return `| ${[name, own.length, when, count('stopped'), count('went on'), left, bad].join(' | ')} |`;
  };
  return [
    '| fault | times | when | stopped, resumed | went on by itself | files left for the next start | violations |',
    '| --- | ---: | --- | ---: | ---: | ---: | ---: |',
    ...faults.map((fault) =>
      row(
        fault,
        hit.filter((each) => each.fault === fault),
      ),
    ),
    ...struck.map((command) =>
      row(
        command,
        hit.filter((each) => each.command === command),
      ),
    ),
    row('all', hit),
  ].join('\n');
}
