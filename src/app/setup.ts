import type { Message } from '../core/messages/message.ts';
import type { AppContext } from './context.ts';
import { installPackages, packageNeeds } from './packages/packages.ts';
import { requirements } from './requirements.ts';

/** Does a Docker daemon answer? Then no engine has to be installed. */
async function dockerAnswers({ engines }: AppContext): Promise<boolean> {
  try {
    const connected = await engines.connectIfThere();
    await connected?.close();
    return connected !== null;
  } catch {
    return false;
  }
}

/**
 * Installs missing Debian packages after logging which and why; returns their names. `embedded`: the packages of the embedded
 * engine even where Docker runs; `lab`: also those of the lab.
 */
export async function installMissing(
  app: AppContext,
  { embedded, lab }: { readonly embedded: boolean; readonly lab: boolean },
): Promise<readonly string[]> {
  const daemon = !embedded && (await dockerAnswers(app));
  const needs = daemon ? packageNeeds.filter((need) => need.group !== 'engine') : packageNeeds;
  const log = (line: Message) => app.reporter.log(line);
  const { installed } = await installPackages({ needs, log });
  if (!lab) return installed;
  const labNeeds = (await requirements()).flatMap(({ setup }) => (setup?.flag === 'lab' ? setup.needs : []));
  return [...installed, ...(await installPackages({ needs: labNeeds, log })).installed];
}
