import type { GuestTerminal } from './input.ts';

/** Terminal and locale of this process, to be passed to a guest. */
export function guestTerminal(): GuestTerminal {
  const { LC_ALL, LC_MESSAGES, LANG, TERM } = process.env;
  const { isTTY, rows, columns } = process.stdout;
  return {
    locale: LC_ALL || LC_MESSAGES || LANG || '',
    terminal: isTTY ? { rows, columns, type: TERM ?? 'vt100' } : null,
    isInteractive: process.stdin.isTTY === true,
  };
}
