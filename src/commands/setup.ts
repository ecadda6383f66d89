import { connectIfThere } from '../engine/connect.ts';
import { installPackages, packageNeeds } from '../host/packages.ts';
import { labNeeds } from '../lab/needs.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import { terminal } from './terminal.ts';

/** Does a Docker daemon answer? Then nothing of an engine has to be installed. */
async function dockerAnswers(): Promise<boolean> {
  try {
    const connected = await connectIfThere();
    await connected?.close();
    return connected !== null;
  } catch {
    return false;
  }
}

/** Installs the Debian packages that are missing, saying first which and why. `embedded`: also beside a running Docker. */
export async function installMissing(embedded: boolean): Promise<readonly string[]> {
  const daemon = !embedded && (await dockerAnswers());
  const needs = daemon ? packageNeeds.filter((need) => need.group !== 'engine') : packageNeeds;
  const { installed } = await installPackages({ needs, log: terminal.log });
  return installed;
}

/** `ocibench setup`: everything that the embedded engine and the images need; `lab`: what the lab needs too. */
export async function setupCommand(lab: boolean): Promise<ExitCode> {
  const installed = [...(await installMissing(true))];
  if (lab) installed.push(...(await installPackages({ needs: labNeeds, log: terminal.log })).installed);
  terminal.log(
    installed.length === 0 ? 'everything that is needed is installed' : `installed: ${installed.join(', ')}`,
  );
  return exitCodes.ok;
}
