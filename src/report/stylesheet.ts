import { baseRules } from './styles/base.ts';
import { darkRules, swatches } from './styles/dark.ts';
import { layoutRules } from './styles/layout.ts';
import { printRules } from './styles/print.ts';
import { screenRules } from './styles/screen.ts';

/** Styles of report.html: light and dark, readable from phone width up, printable. One colour per runtime. */
export function stylesheet(runtimeColors: readonly string[]): string {
  const rules = [
    baseRules,
    layoutRules,
    screenRules,
    swatches(':root', runtimeColors, false),
    darkRules(runtimeColors),
    printRules,
  ];
  return `${rules.join('\n')}\n`;
}
