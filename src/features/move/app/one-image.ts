import { commandWords, nameOfImage, serviceShape } from '../../../core/config/service-shape.ts';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../../core/model/failure/error.ts';
import { recipeOf } from '../../../core/model/workload/service.ts';
import { loadReasons } from '../cost/load.ts';
import type { MadeFile } from '../trying/compose.ts';

const text = notices('move', { cannot: 'the stack cannot be tried' });
const why = reasons('move.image', {
  besideFiles: {
    message: 'cannot be used with compose files: name either an image or files',
    fix: 'remove one of them; write the command of the image after --',
  },
  noImage: { message: 'needs --image', fix: 'add --image IMAGE' },
  recipe: {
    message: 'is an image that ocibench builds for its own workloads',
    fix: 'name an image of your own:  docker image ls',
  },
  loadAlone: { message: 'names the image of a load, and there is no load', fix: 'add --load' },
});

/** The flags that describe one image. */
export interface ImageFlags {
  readonly image?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly load?: string | undefined;
  readonly loadImage?: string | undefined;
}

/** One image as the compose file of one service. */
interface OneImage extends MadeFile {
  /** The load, as for a compose file. */
  readonly load: string | undefined;
}

/**
 * The stack of `--image`; null where it was not given. `words`: the command of the image, as after `docker run IMAGE`; it has the
 * image's name, as its service has. The load names it by that, or as `{address}`; with `--load-image` it is a service of its own.
 * OcibenchError (exit 2) with all that is wrong.
 */
export function imageStack(words: readonly string[], flags: ImageFlags): OneImage | null {
  const { image, env, load, loadImage } = flags;
  if (image === undefined) {
    const alone = Object.entries({ '--env': env, '--load-image': loadImage })
      .filter(([, given]) => given !== undefined)
      .map(([flag]) => problemOf(flag, why.noImage));
    if (alone.length > 0) throw misuse(text.cannot, alone);
    return null;
  }
  const place = { file: '--image', key: image };
  const shape = { image, ...(words.length === 0 ? {} : { cmd: [...words] }), ...(env && { env }) };
  const checked = checkValue(serviceShape, shape, place.file);
  const split = load === undefined || loadImage === undefined ? null : commandWords(load);
  const isFile = /\.ya?ml$/.test(words[0] ?? '');
  const problems: Problem[] = [
    ...(isFile ? [problemOf(words[0] ?? '', why.besideFiles)] : []),
    ...[image, loadImage ?? '']
      .filter((each) => recipeOf(each) !== null)
      .map((key) => problemOf({ file: key === image ? '--image' : '--load-image', key }, why.recipe)),
    ...(loadImage !== undefined && load === undefined ? [problemOf('--load-image', why.loadAlone)] : []),
    ...(split?.ok === false
      ? [problemOf({ file: '--load', key: load ?? '' }, loadReasons.unsplit({ what: split.why }))]
      : []),
    ...(checked.ok ? [] : checked.problems),
  ];
  if (problems.length > 0) throw misuse(text.cannot, problems);
  const name = nameOfImage(image);
  const asking = `${name}-load`;
  const service = {
    image,
    ...(words.length === 0 ? {} : { command: words }),
    ...(env && { environment: env }),
  };
  // In the network of the copy it is found by its name.
  const command = (split?.ok ? split.words : []).map((word) =>
    word.replaceAll('{address}', name).replaceAll(`{${name}}`, name),
  );
  const services = {
    [name]: service,
    ...(split?.ok ? { [asking]: { image: loadImage, command, profiles: ['load'] } } : {}),
  };
  return {
    name,
    // Compose would put variables in the place of names with a dollar sign.
    text: JSON.stringify({ name, services }).replaceAll('$', () => '$$'),
    load: split === null ? load?.replaceAll('{address}', `{${name}}`) : asking,
  };
}
