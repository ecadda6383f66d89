import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { bytesOf, sizeOf } from '../data/room.ts';
import type { MoveRecord } from '../record.ts';

const words = messages('move.data', {
  none: 'Copies had empty volumes and read-only host paths.',
  given:
    'Each start had copies of {names} ({bytes}) as they were before the trials. Other volumes were empty, and other host paths read-only.',
  written:
    'Containers that may write to {names} ran while {n, plural, one {it was} other {they were}} copied.',
  apart: 'Services could not reach networks outside the stack.',
  outside: 'Services could reach other networks (--with-network).',
  empty: '{volume} was empty: {why}.',
});

/** What the copies of the stack worked on, in sentences. */
export function dataShown({ data, outside }: Pick<MoveRecord, 'data' | 'outside'>): Message {
  const copies = data?.copies ?? [];
  const names = (of: typeof copies) => listed(of.map(({ name }) => plainText(name)));
  const written = copies.filter(({ inUse }) => inUse);
  return joined(
    [
      copies.length === 0
        ? words.none
        : words.given({ names: names(copies), bytes: sizeOf(bytesOf(copies)) }),
      outside ? words.outside : words.apart,
      ...(written.length === 0 ? [] : [words.written({ names: names(written), n: written.length })]),
      ...(data?.fresh ?? []).map((fresh) =>
        words.empty({ volume: plainText(fresh.volume), why: recalled(fresh, 'why') }),
      ),
    ],
    'space',
  );
}
