import type { TestProject } from 'vitest/node';
import { traces } from './traces.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What of ocibench was on this host before any test: a machine may keep cgroups of what was cut off with its files. */
    tracesBefore: readonly string[];
  }
}

export default async function setup({ provide }: TestProject): Promise<void> {
  provide('tracesBefore', await traces());
}
