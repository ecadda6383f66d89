import { expect, test } from 'vitest';
import { Dialogue } from '../../../../src/features/sandbox/restore/dialogue.ts';

function talk() {
  const asked: string[] = [];
  const dialogue = new Dialogue(() => 7n);
  const service = { write: (text: string) => void asked.push(text) };
  return { asked, dialogue, ask: (question: string) => dialogue.ask(service, question) };
}

test('an answer is a whole line, however its bytes arrive', async () => {
  const { asked, dialogue, ask } = talk();
  const answer = ask('INCR hits');
  dialogue.add('stdout', Buffer.from('1'));
  dialogue.add('stderr', Buffer.from('warning\n'));
  dialogue.add('stdout', Buffer.from('2\n'));
  expect(await answer).toEqual({ line: '12', at: 7n });
  expect(asked).toEqual(['INCR hits\n']);
});

test('a service that ends is told with its last words, now and when it is asked later', async () => {
  const { asked, dialogue, ask } = talk();
  const answer = ask('INCR hits');
  dialogue.add('stderr', Buffer.from('starting\nout of memory\n'));
  dialogue.end();
  await expect(answer).rejects.toThrow('ended without an answer: out of memory');
  await expect(ask('GET token')).rejects.toThrow('ended without an answer');
  expect(asked).toHaveLength(1);
});

test('a line that nobody asked for, or one without an end, is no answer to a later question', async () => {
  const early = talk();
  early.dialogue.add('stdout', Buffer.from('hello\n'));
  await expect(early.ask('INCR hits')).rejects.toThrow('printed without a question: hello');
  const endless = talk();
  const answer = endless.ask('INCR hits');
  endless.dialogue.add('stdout', Buffer.alloc(10_000, 'x'));
  endless.dialogue.add('stdout', Buffer.from('\n1\n'));
  await expect(answer).rejects.toThrow('a line that does not end');
  await expect(endless.ask('INCR hits')).rejects.toThrow('a line that does not end');
});
