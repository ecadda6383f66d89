/** Schemas and types of this feature's records: `import … from 'ocibench/move'`. */

export { type MoveRecord, moveSchema } from './record.ts';
