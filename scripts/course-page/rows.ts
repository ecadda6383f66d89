import { byHandSections } from './by-hand.ts';
import { containerSections } from './containers.ts';
import { daemonSections } from './daemon-json.ts';
import { hardeningSections } from './hardening.ts';
import type { Section } from './row.ts';
import { runtimeSections } from './runtimes.ts';

/** The course page “Configuration avancée de Docker et Hardening”, line by line. */
export const sections: readonly Section[] = [
  ...daemonSections,
  ...hardeningSections,
  ...containerSections,
  ...runtimeSections,
  ...byHandSections,
];

export const rows = sections.flatMap((section) => section.rows);
