/** `npm run prove:inputs`: writes inputs/ anew from the published reference run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedInputs } from './recorded-inputs.ts';

const place = join(import.meta.dirname, 'inputs');
for (const [name, text] of Object.entries(await recordedInputs()))
  writeFileSync(join(place, `${name}.csv`), text);
