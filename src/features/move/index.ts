/** Schemas and types of this feature's records: `import … from 'ocibench/move'`. */

export { type Move, moveSchema } from './record.ts';
