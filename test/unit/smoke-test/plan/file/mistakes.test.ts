import { describe, expect, it } from 'vitest';
import { mistakesIn, withExpect, withKeys, withRequest } from '../../../../support/smoke-test-file.ts';

describe('an unknown key', () => {
  it.each([
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

  it.each([
    ['expcet', 'expect', `${withKeys()}- { name: b, request: { json: 1 }, expcet: {} }`, '4:36'],
    ['bodi', 'body', withRequest('{ bodi: a, json: 1 }'), '4:14'],
    ['max_latency', 'max-latency', withExpect('{ max_latency: 1s }'), '5:13'],
    ['first-evnt', 'first-event', withExpect('{ stream: { first-evnt: 1s } }'), '5:23'],
    ['p_95', 'p95', withKeys('thresholds: { p_95: 1s }'), '4:15'],
    ['oneof', 'one-of', withExpect('{ text: { oneof: [a] } }'), '5:21'],
    ['filee', 'file', withExpect('{ equals: { filee: a } }'), '5:23'],
  ])('%s is taken for %s at its place', (key, meant, text, at) => {
    expect(mistakesIn(text)).toContainEqual(
      expect.stringContaining(`${at}: Unknown key '${key}'. Did you mean '${meant}'?`),
    );
  });

  it('that is like no other has the known ones named', () => {
    expect(mistakesIn(withKeys('x: 1'))).toEqual([
      "4:1: Unknown key 'x'. Known here: version, deployment, warm-up, samples, concurrency, timeout, cases, thresholds, advisory.",
    ]);
  });
});

describe('a missing key', () => {
  it('is told at its mapping, each by itself', () => {
    expect(mistakesIn('samples: 1\n')).toEqual([
      "1:1: 'version' is missing: the version of this format.",
      "1:1: 'cases' is missing: the requests, and what each answer must be.",
    ]);
    expect(mistakesIn('version: 1\ncases:\n  - expect: {}\n')).toEqual([
      "3:5: 'name' is missing: the name of the case in reports; no other case has it.",
      "3:5: 'request' is missing: what is sent.",
    ]);
  });
});

it('a list of names that holds other things has each told', () => {
  expect(mistakesIn(withKeys('advisory: [{}, {}, { valueOf: 1 }, baseline]'))).toEqual([
    '4:12: advisory[0]: Write the name of a threshold, such as p95 or baseline.p95.',
    '4:16: advisory[1]: Write the name of a threshold, such as p95 or baseline.p95.',
    '4:20: advisory[2]: Write the name of a threshold, such as p95 or baseline.p95.',
    "4:36: advisory[3] 'baseline': Write the name of a threshold, such as p95 or baseline.p95.",
  ]);
});

describe('limits', () => {
  it('of percentiles rise', () => {
    expect(mistakesIn(withKeys('thresholds: { p50: 2s, p95: 1s, p99: 1s, max: 500ms }'))).toEqual([
      "4:29: p95 '1s': This is less than p50, which is never more than p95. Swap them, or drop one.",
      "4:47: max '500ms': This is less than p99, which is never more than max. Swap them, or drop one.",
    ]);
  });

  it('are not longer than the timeout', () => {
    expect(mistakesIn(withKeys('timeout: 500ms', 'thresholds: { p95: 600ms }'))).toEqual([
      "5:20: p95 '600ms': This is longer than the timeout, which ends a request after 500 ms. Lower this, or write a longer timeout.",
    ]);
    expect(mistakesIn(withKeys('timeout: 1s', 'thresholds: { p95: 1s }'))).toEqual([]);
  });

  it('of first events need a stream', () => {
    const why = 'No case expects a stream, so there is no first event. Add expect: { stream: … }.';
    expect(
      mistakesIn(
        withKeys('thresholds: { first-event-p95: 1s, baseline: { deployment: blue, first-event-p95: 2x } }'),
      ),
    ).toEqual([`4:32: first-event-p95 '1s': ${why}`, `4:83: first-event-p95 '2x': ${why}`]);
  });
});

describe('a mistake makes no others', () => {
  it('a bad timeout', () => {
    expect(mistakesIn(withKeys('timeout: 60', 'thresholds: { max: 45s }'))).toEqual([
      "4:10: timeout '60': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    ]);
  });

  it('a timeout of no time', () => {
    const limited = '- { name: b, request: { json: 1 }, expect: { max-latency: 1h } }';
    expect(mistakesIn(withKeys(limited, 'timeout: 0s', 'thresholds: { p50: 1s, max: 45s }'))).toEqual([
      "5:10: timeout '0s': Write 1ms or more.",
    ]);
  });

  it('a limit of no time', () => {
    expect(mistakesIn(withKeys('thresholds: { p50: 1s, p95: 0s, max: 2s }'))).toEqual([
      "4:29: p95 '0s': Write 1ms or more.",
    ]);
  });

  it('a bad case', () => {
    const stream = '- { name: 7, request: { json: 1 }, expect: { stream: { first-event: soon } } }';
    expect(mistakesIn(withKeys(stream, stream, 'thresholds: { first-event-p95: 1s }'))).toEqual([
      "4:11: name '7': Write text that names the case in reports; a number or true needs quotes.",
      "4:69: first-event 'soon': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
      "5:11: name '7': Write text that names the case in reports; a number or true needs quotes.",
      "5:69: first-event 'soon': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    ]);
  });
});

it('a condition on text that only a number meets is told', () => {
  expect(mistakesIn(withExpect('{ text: { min: 1, type: number, not: { between: [1, 2] } } }'))).toEqual([
    "5:21: 'min' compares numbers, but this is text. Use json, or matches.",
    "5:35: type 'number': This is text: its type is string.",
    "5:50: 'between' compares numbers, but this is text. Use json, or matches.",
  ]);
});

it('a mistake of shape hides no other one', () => {
  expect(
    mistakesIn(withKeys('samples: many', 'deployment: x', 'thresholds: { p95: fast, p50: 1h }', 'oops: 1')),
  ).toEqual([
    "4:10: samples 'many': Write a whole number from 1 to 100000.",
    "5:13: deployment 'x': A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.",
    "6:20: p95 'fast': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m.",
    "6:31: p50 '1h': This is longer than the timeout, which ends a request after 30 s. Lower this, or write a longer timeout.",
    "7:1: Unknown key 'oops'. Known here: version, deployment, warm-up, samples, concurrency, timeout, cases, thresholds, advisory.",
  ]);
});
