import type { GateReport } from '../core/model/analysis/gate.ts';
import { tableWidth } from '../report/renderers/terminal.ts';
import { gateTable } from '../report/tables/gate-table.ts';
import type { Terminal } from './terminal.ts';

/** Prints the verdict of every limit. */
export function printGate(terminal: Terminal, report: GateReport): void {
  const { lang, paintResult: paint } = terminal;
  terminal.paintedResult(gateTable(report, { lang, paint, width: terminal.resultWidth(tableWidth) }));
}
