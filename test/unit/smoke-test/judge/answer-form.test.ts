import { expect, test } from 'vitest';
import { formMismatches } from '../../../../src/smoke-test/judge/answer-form.ts';
import { NO_EXPECTATIONS } from '../../../../src/smoke-test/plan/plan.ts';
import { replyOf } from '../../../support/smoke-test.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

function formOf(answer: unknown) {
  return formMismatches(
    { ...replyOf(200, JSON_TYPE, JSON.stringify(answer)), stream: undefined },
    NO_EXPECTATIONS,
  );
}

test("an answer that is only an exception's text is not a result", () => {
  expect(formOf("could not convert string to float: 'male'")).toEqual([
    {
      at: 'body',
      wanted: 'a result',
      got: expect.stringContaining("could not convert string to float: 'male'"),
    },
  ]);
});

test.each(['positive', ['ValueError: is a class of Python'], { label: 'KeyError' }])(
  'an answer that holds such words among others is a result: %j',
  (answer) => {
    expect(formOf(answer)).toEqual([]);
  },
);
