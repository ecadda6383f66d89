/** Reads one artefact that takes for ever, until it is ended from outside. */
import { readApart } from '../../../src/app/apart/apart.ts';
import { interruptSignal } from '../../../src/cli/context.ts';

const program = new URL('./apart-fake.ts', import.meta.url);
const interrupts = (said: Parameters<typeof interruptSignal>[1]) =>
  interruptSignal({ log: ({ text }) => console.log(text) }, said);
const answered = setInterval(() => console.log('waiting'), 50);
await readApart(
  { interrupts },
  ['good', 'slow'].map((origin) => ({ origin, reader: '' })),
  {
    program,
    onRead: ({ answers }) => console.log(JSON.stringify(answers)),
  },
).then(
  () => undefined,
  ({ exitCode, message }) => {
    console.log(message);
    process.exitCode = exitCode;
  },
);
clearInterval(answered);
