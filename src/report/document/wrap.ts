/**
 * Lines of at most `width` UTF-16 units, broken at spaces; a longer word is cut, after a hyphen or the like where
 * possible. Only ordinary spaces break: a no-break space keeps a number with its unit. A command is {@link unbroken}: a shell
 * would take its second line for another one.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = '';
    }
    while (rest.length > width && !rest.includes(joint)) {
      const cut = Math.max(...['-', '/', '_', ',', ';'].map((mark) => rest.lastIndexOf(mark, width - 1))) + 1;
      const at = whole(rest, cut > width / 3 ? cut : width);
      lines.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((each) => each.replaceAll(joint, ' '));
}

/** Placeholder for a space inside a text that must stay on one line. */
const joint = '\uf8ff';

/** A text that stays on one line, however long it is. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', joint);
}

/** The place to cut at, moved back by one where it would split a surrogate pair. */
function whole(text: string, at: number): number {
  const divides = at > 1 && text.codePointAt(at - 1) !== text.charCodeAt(at - 1);
  return divides ? at - 1 : at;
}

/** Shortens a text in the middle: names of variants often differ in their last letters only. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  const end = text.length - tail;
  return `${text.slice(0, whole(text, width - 1 - tail))}…${text.slice(end === whole(text, end) ? end : end + 1)}`;
}
