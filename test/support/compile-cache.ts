import { resolve } from 'node:path';

/**
 * Variable of the environment under which Node keeps compiled code between starts, and a start takes two thirds of its time.
 * The program itself never keeps code where others could write.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: resolve(import.meta.dirname, '../../node_modules/.cache/compile'),
} as const;
