import type { GuestTerminal } from '../app/lab-input.ts';

/** The terminal and the locale of this process, as a guest is to have them. */
export function guestTerminal(): GuestTerminal {
  const { LC_ALL, LC_MESSAGES, LANG, TERM } = process.env;
  const { isTTY, rows, columns } = process.stdout;
  return {
    locale: LC_ALL || LC_MESSAGES || LANG || '',
    terminal: isTTY ? { rows, columns, type: TERM ?? 'vt100' } : null,
    isInteractive: process.stdin.isTTY === true,
  };
}
