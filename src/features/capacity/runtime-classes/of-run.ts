import type { RuntimeClasses } from '../../../app/ports.ts';
import { translate } from '../../../core/messages/translate.ts';
import { overheadOfRun } from '../app/overhead/measure-overhead.ts';
import { overheadRequest } from '../app/overhead/overhead-flags.ts';
import { runtimeClasses } from '../overhead/runtime-class.ts';

const ofRun: RuntimeClasses = async (app, run) => {
  const { overhead, lang } = await overheadOfRun(app, run, await overheadRequest(app, {}));
  return runtimeClasses(overhead, (message) => translate(message, lang));
};

export default ofRun;
