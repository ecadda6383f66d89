import { notices, reasons } from '../../core/messages/define.ts';
import { isLayerEngine } from '../../core/model/engine-choice.ts';
import { refusal } from '../../core/model/error.ts';

const text = notices('layerEngine', { needsDocker: 'ocibench {command} measures through Docker' });
const why = reasons('layerEngine', {
  notHere: { message: 'has no Docker', fix: '--engine auto, docker or embedded' },
});

/** OcibenchError (exit 2) where a command that measures at Docker's layer is asked for with an engine without Docker. */
export function refuseWithoutDocker(command: string, engine = 'auto'): void {
  if (!isLayerEngine(engine)) return;
  throw refusal(text.needsDocker({ command }), { file: '--engine', key: engine }, why.notHere);
}
