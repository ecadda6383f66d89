import { describe, expect, expectTypeOf, test } from 'vitest';
import { external, joined, listed, quantity } from '../../../src/core/messages/compose.ts';
import { messages, reasons, type ValueNames } from '../../../src/core/messages/define.ts';
import type { Message } from '../../../src/core/messages/message.ts';
import { localized, recalled, recorded } from '../../../src/core/messages/record.ts';

const words = messages('test', {
  plain: "it isn't <b>, '{{.ID}}'",
  trials: '{failed} of {all, plural, one {{all} trial in {place}} other {{all} trials}}; {why}',
  size: '{size} are free',
  quoted: "no platform ''{platform}''",
});

describe('English', () => {
  test('a message without values is there as it is', () => {
    expectTypeOf(words.plain).toEqualTypeOf<Message>();
    expect(words.plain).toEqual({ id: 'test.plain', text: "it isn't <b>, {{.ID}}" });
  });

  test('values are named by the template, also inside a plural', () => {
    type Names =
      ValueNames<'{failed} of {all, plural, one {{all} trial in {place}} other {{all} trials}}; {why}'>;
    expectTypeOf<Names>().toEqualTypeOf<'failed' | 'all' | 'place' | 'why'>();
    const one = words.trials({ failed: 1, all: 1, place: 'runc', why: words.plain });
    expect(one.text).toBe("1 of 1 trial in runc; it isn't <b>, {{.ID}}");
    // @ts-expect-error: `why` is missing
    expect(() => words.trials({ failed: 1, all: 1, place: 'runc' })).toThrow(/why/);
  });

  test('numbers and quantities read as code would print them', () => {
    expect(words.size({ size: 12345.5 }).text).toBe('12345.5 are free');
    expect(words.size({ size: quantity(12.5, 'MiB', 2) }).text).toBe('12.50 MiB are free');
    expect(words.size({ size: quantity(5, '%') }).text).toBe('5% are free');
    expect(words.size({ size: quantity(5, ' %') }).text).toBe('5 % are free');
  });

  test('what came from outside is a value, whatever it says', () => {
    expect(words.size({ size: '{size, plural, other {x}} <b>' }).text).toBe(
      '{size, plural, other {x}} <b> are free',
    );
    expect(external('{text}').text).toBe('{text}');
  });

  test('two apostrophes beside a value are one that is text', () => {
    expectTypeOf<ValueNames<"no platform ''{platform}''">>().toEqualTypeOf<'platform'>();
    expect(words.quoted({ platform: 'x' }).text).toBe("no platform 'x'");
  });

  test('lists are joined', () => {
    expect(words.size({ size: listed(['a', 'b', 'c'], 'and') }).text).toBe('a, b and c are free');
    expect(joined([words.plain, 'x'], 'semicolon').text).toBe("it isn't <b>, {{.ID}}; x");
  });

  test('two messages may not share an id', () => {
    expect(() => messages('test', { plain: 'again' })).toThrow('two messages are called test.plain');
  });
});

test('a recalled message says its recorded English where nothing loaded here defines it', () => {
  const record = {
    reason: 'no image',
    messages: { reason: { id: 'test-of-another-part.noImage' } },
  };
  const why = recalled(record, 'reason');
  expect(words.trials({ failed: 1, all: 1, place: 'runc', why }).text).toBe('1 of 1 trial in runc; no image');
});

test('a reason has a code, and its fix may use the same values', () => {
  const { full } = reasons('test', { full: { message: '{size} are free', fix: 'free {path}' } });
  const reason = full({ size: quantity(1, 'MiB'), path: '/x' });
  expect(reason.code).toBe('test.full');
  expect(reason.fix.text).toBe('free /x');
});

describe('records', () => {
  const record = recorded({ message: words.size({ size: joined([external('x')], 'line') }), fix: undefined });

  test('hold the English text, and beside it what says it elsewhere', () => {
    expect(record).toEqual({
      message: 'x are free',
      messages: {
        message: {
          id: 'test.size',
          values: {
            size: {
              id: 'list',
              values: { items: { list: [{ id: 'external', values: { text: 'x' } }], join: 'line' } },
            },
          },
        },
      },
    });
  });

  test('keep their text where no message is known, in this version or at all', () => {
    expect(localized(record, 'message', 'en')).toEqual({ text: 'x are free', lang: 'en' });
    expect(localized(record, 'message', 'fr')).toEqual({ text: 'x are free', lang: 'en' });
    expect(localized({ message: 'old' }, 'message', 'fr')).toEqual({ text: 'old', lang: 'en' });
    expect(recalled({ message: 'old' }, 'message')).toEqual(external('old'));
    expect(recalled(record, 'message').text).toBe('x are free');
  });
});
