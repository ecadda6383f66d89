import type { RuntimeClasses } from '../../../app/ports.ts';
import { translate } from '../../../core/messages/translate.ts';
import { overheadOfRun } from '../app/overhead/compute-overhead.ts';
import { runtimeClasses } from '../overhead/runtime-class.ts';

const ofRun: RuntimeClasses = async (app, run) => {
  const { overhead, lang } = await overheadOfRun(app, run, {});
  return runtimeClasses(overhead, (message) => translate(message, lang));
};

export default ofRun;
