import { expect, test } from 'vitest';
import { messages } from '../../../../src/core/messages/define.ts';
import { MessageError, saidAs, saidBy } from '../../../../src/core/model/failure/said.ts';
import { ParseError } from '../../../../src/core/model/trial/parser-output.ts';

const words = messages('saidTest', { broken: '{what} is broken' });
const message = words.broken({ what: 'fio' });

test('an error keeps the message that its text was made from', () => {
  expect(new MessageError(message).message).toBe('fio is broken');
  expect(saidBy(new MessageError(message))).toBe(message);
  expect(saidBy(new ParseError(message))).toBe(message);
});

test('what others throw is a quote', () => {
  expect(saidBy(new Error('fio is broken'))).toMatchObject({ id: 'external', text: 'fio is broken' });
  expect(saidBy(new ParseError('fio is broken'))).toMatchObject({ id: 'external', text: 'fio is broken' });
  expect(saidBy(undefined).text).toBe('undefined');
  const altered = new MessageError(message);
  altered.message = 'another';
  expect(saidBy(altered)).toMatchObject({ id: 'external', text: 'another' });
});

test('a record holds the reference of a message, and of a quote only its text', () => {
  expect(saidAs('reason', message)).toEqual({
    reason: 'fio is broken',
    messages: { reason: { id: 'saidTest.broken', values: { what: 'fio' } } },
  });
  expect(saidAs('absent', 'no such file')).toEqual({ absent: 'no such file' });
});
