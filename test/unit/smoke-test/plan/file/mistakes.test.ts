import { describe, expect, test } from 'vitest';
import {
  collectMistakes,
  formatMistake,
  type MistakeList,
} from '../../../../../src/smoke-test/plan/file/mistakes.ts';
import { mistakesIn, withExpect, withKeys, withRequest } from '../../../../support/smoke-test-file.ts';

describe('an unknown key', () => {
  test.each([
    ['sampels', 'samples'],
    ['warmUp', 'warm-up'],
    ['warm_up', 'warm-up'],
    ['Timeout', 'timeout'],
    ['treshold', 'thresholds'],
    ['case', 'cases'],
  ])('%s is taken for %s', (key, meant) => {
    expect(mistakesIn(withKeys(`${key}: 1`))[0]).toContain(
      `4:1: Unknown key '${key}'. Did you mean '${meant}'?`,
    );
  });

  test.each([
    ['expcet', 'expect', `${withKeys()}- { name: b, request: { json: 1 }, expcet: {} }`, '4:36'],
    ['bodi', 'body', withRequest('{ bodi: a, json: 1 }'), '4:14'],
    ['max_latency', 'max-latency', withExpect('{ max_latency: 1s }'), '5:13'],
    ['max-gapp', 'max-gap', withExpect('{ stream: { max-gapp: 1s } }'), '5:23'],
    ['first-evnt', 'first-event', withExpect('{ stream: { first-evnt: 1s } }'), '5:23'],
    ['p_95', 'p95', withKeys('thresholds: { p_95: 1s }'), '4:15'],
    ['oneof', 'one-of', withExpect('{ text: { oneof: [a] } }'), '5:21'],
    ['filee', 'file', withExpect('{ equals: { filee: a } }'), '5:23'],
  ])('%s is taken for %s at its place', (key, meant, text, at) => {
    expect(mistakesIn(text)).toContainEqual(
      expect.stringContaining(`${at}: Unknown key '${key}'. Did you mean '${meant}'?`),
    );
  });

  test('that is like no other is reported with the known ones', () => {
    expect(mistakesIn(withKeys('x: 1'))).toEqual([
      "4:1: Unknown key 'x'. Known here: version, deployment, warm-up, warm-up-through, samples, rate, duration, concurrency, connect-to, timeout, cases, thresholds, advisory.",
    ]);
  });
});

describe('a missing key', () => {
  test('is reported at its mapping, each by itself', () => {
    expect(mistakesIn('samples: 1\n')).toEqual([
      '1:1: Add `version: 1`.',
      "1:1: Add 'cases': the requests, and what each answer must be.",
    ]);
    expect(mistakesIn('version: 1\ncases:\n  - expect: {}\n')).toEqual([
      "3:5: Add 'name': the name of the case in reports, different from that of every other case.",
      "3:5: Add 'request': what is sent.",
    ]);
  });
});

test('each item of a list of names that is not a name is reported', () => {
  expect(mistakesIn(withKeys('advisory: [{}, {}, { valueOf: 1 }, baseline]'))).toEqual([
    "4:12: advisory[0]: Write the name of a threshold, such as p95, baseline.p95 or 'golden set / success-rate'.",
    "4:16: advisory[1]: Write the name of a threshold, such as p95, baseline.p95 or 'golden set / success-rate'.",
    "4:20: advisory[2]: Write the name of a threshold, such as p95, baseline.p95 or 'golden set / success-rate'.",
    "4:36: advisory[3] 'baseline': Write the name of a threshold, such as p95, baseline.p95 or 'golden set / success-rate'.",
  ]);
});

describe('a latency limit', () => {
  test('of a higher percentile is not lower', () => {
    expect(mistakesIn(withKeys('thresholds: { p50: 2s, p95: 1s, p99: 1s, max: 500ms }'))).toEqual([
      "4:29: p95 '1s': This is less than p50, which is never more than p95. Swap them, or drop one.",
      "4:47: max '500ms': This is less than p99, which is never more than max. Swap them, or drop one.",
    ]);
  });

  test('is not longer than the timeout', () => {
    expect(mistakesIn(withKeys('timeout: 500ms', 'thresholds: { p95: 600ms }'))).toEqual([
      "5:20: p95 '600ms': This is longer than the timeout, which ends a request after 500 ms. Lower this, or write a longer timeout.",
    ]);
    expect(mistakesIn(withKeys('timeout: 1s', 'thresholds: { p95: 1s }'))).toEqual([]);
  });

  test('of first events needs a stream', () => {
    const why = 'No case expects a stream, so there is no first event. Add expect: { stream: … }.';
    expect(
      mistakesIn(
        withKeys('thresholds: { first-event-p95: 1s, baseline: { deployment: blue, first-event-p95: 2x } }'),
      ),
    ).toEqual([`4:32: first-event-p95 '1s': ${why}`, `4:83: first-event-p95 '2x': ${why}`]);
  });
});

describe('one mistake causes no others', () => {
  test('for a bad timeout', () => {
    expect(mistakesIn(withKeys('timeout: 60', 'thresholds: { max: 45s }'))).toEqual([
      "4:10: timeout '60': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    ]);
  });

  test('for a timeout of no time', () => {
    const limited = '- { name: b, request: { json: 1 }, expect: { max-latency: 1h } }';
    expect(mistakesIn(withKeys(limited, 'timeout: 0s', 'thresholds: { p50: 1s, max: 45s }'))).toEqual([
      "5:10: timeout '0s': Write 1ms or more.",
    ]);
  });

  test('for a limit of no time', () => {
    expect(mistakesIn(withKeys('thresholds: { p50: 1s, p95: 0s, max: 2s }'))).toEqual([
      "4:29: p95 '0s': Write 1ms or more.",
    ]);
  });

  test('for a bad case', () => {
    const stream = '- { name: 7, request: { json: 1 }, expect: { stream: { first-event: soon } } }';
    expect(mistakesIn(withKeys(stream, stream, 'thresholds: { first-event-p95: 1s }'))).toEqual([
      "4:11: name '7': Write text that names the case in reports; a number or true needs quotes.",
      "4:69: first-event 'soon': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
      "5:11: name '7': Write text that names the case in reports; a number or true needs quotes.",
      "5:69: first-event 'soon': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    ]);
  });
});

test('a condition on text that only a number meets is reported', () => {
  expect(mistakesIn(withExpect('{ text: { min: 1, type: number, not: { between: [1, 2] } } }'))).toEqual([
    "5:21: 'min' compares numbers, but this is text. Use json, or matches.",
    "5:35: type 'number': This is text: its type is string.",
    "5:50: 'between' compares numbers, but this is text. Use json, or matches.",
  ]);
});

test('a mistake of shape hides no other one', () => {
  expect(
    mistakesIn(withKeys('samples: many', 'deployment: x', 'thresholds: { p95: fast, p50: 1h }', 'oops: 1')),
  ).toEqual([
    "4:10: samples 'many': Write a whole number from 1 to 100000.",
    "5:13: deployment 'x': A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.",
    "6:20: p95 'fast': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    "6:31: p50 '1h': This is longer than the timeout, which ends a request after 30 s. Lower this, or write a longer timeout.",
    "7:1: Unknown key 'oops'. Known here: version, deployment, warm-up, warm-up-through, samples, rate, duration, concurrency, connect-to, timeout, cases, thresholds, advisory.",
  ]);
});

describe('limits', () => {
  /** Keys stand in column 1 and values in column 9, each pointer `/n` in line n. */
  function list(): MistakeList {
    const line = (pointer: string): number => Number(pointer.split('/')[1] ?? 1);
    return collectMistakes('a.yml', {
      keyAt: (pointer) => ({ line: line(pointer), column: 1 }),
      valueAt: (pointer) => ({ line: line(pointer), column: 9 }),
    });
  }

  function reported(mistakes: MistakeList): readonly string[] {
    return mistakes.sorted().map(formatMistake);
  }

  describe('of many mistakes', () => {
    const many = (count: number): readonly string[] => {
      const mistakes = list();
      for (let line = count; line > 0; line--) mistakes.key(`/${line}`, `wrong ${line}`);
      return reported(mistakes);
    };

    test.each([99, 100])('%i are reported', (count) => {
      expect(many(count)).toHaveLength(count);
      expect(many(count).at(-1)).toBe(`a.yml:${count}:1: wrong ${count}`);
    });

    test.each([
      [101, 'a.yml:101:1: And 1 more from here on.'],
      [250, 'a.yml:101:1: And 150 more from here on.'],
    ])('%i are reported up to the hundredth, and the rest is counted', (count, rest) => {
      const lines = many(count);
      expect(lines).toHaveLength(101);
      expect(lines.slice(98)).toEqual(['a.yml:99:1: wrong 99', 'a.yml:100:1: wrong 100', rest]);
    });
  });

  describe('mistakes', () => {
    test('are in the order of lines, then of columns', () => {
      const mistakes = list();
      mistakes.at({ line: 10, column: 1 }, 'd');
      mistakes.at({ line: 2, column: 10 }, 'c');
      mistakes.at({ line: 2, column: 9 }, 'b');
      mistakes.at({ line: 1, column: 20 }, 'a');
      expect(reported(mistakes)).toEqual(['a.yml:1:20: a', 'a.yml:2:9: b', 'a.yml:2:10: c', 'a.yml:10:1: d']);
    });

    test('of one place are reported once, the first', () => {
      const mistakes = list();
      mistakes.at({ line: 2, column: 9 }, 'no YAML');
      mistakes.at({ line: 2, column: 9 }, 'no YAML again');
      mistakes.value({ pointer: '/2', value: 'x' }, 'no number');
      mistakes.value({ pointer: '/3', value: 'x' }, 'no number');
      mistakes.value({ pointer: '/3', value: 'x' }, 'too short');
      mistakes.key('/3', 'unknown');
      mistakes.key('/3', 'unknown again');
      mistakes.missing('/3', 'a', 'no a');
      mistakes.missing('/3', 'b', 'no b');
      mistakes.missing('/3', 'a', 'no a again');
      expect(reported(mistakes)).toEqual([
        'a.yml:2:9: no YAML',
        'a.yml:3:1: unknown',
        "a.yml:3:9: 3 'x': no number",
        'a.yml:3:9: no a',
        'a.yml:3:9: no b',
      ]);
    });

    test.each([
      ['', 'x', 'This file: why'],
      ['', null, 'This file (empty): why'],
      ['', [1], 'This file: why'],
      ['/1', null, '1 (empty): why'],
      ['/1', {}, '1: why'],
      ['/1', 0, "1 '0': why"],
      ['/1', false, "1 'false': why"],
      ['/1/', 'x', "'' 'x': why"],
      ['/1/a', 'v'.repeat(100), `a '${'v'.repeat(100)}': why`],
      ['/1/a', 'v'.repeat(101), `a '${'v'.repeat(100)}… (101 characters in all)': why`],
      [`/1/${'k'.repeat(101)}`, [], `${'k'.repeat(100)}… (101 characters in all): why`],
    ])('name the key and the value: %j, %j', (pointer, value, message) => {
      const mistakes = list();
      mistakes.value({ pointer, value }, 'why');
      expect(mistakes.sorted()).toEqual([{ file: 'a.yml', line: 1, column: 9, message }]);
    });
  });
});
