/** Schemas and types of this feature's records: `import … from 'ocibench/proof'`. */

export { type Calibration, calibrationSchema } from './calibrate/calibration.ts';
