import { parseExactJson } from '../../text/exact-json.ts';
import { type Expectations, NO_EXPECTATIONS, type StreamExpectation } from '../plan/expectations.ts';
import type { Case } from '../plan/plan.ts';
import type { TargetName } from '../request/scoring-request.ts';

/** What a baseline's stream need not meet: it may say something else, and its times are compared. */
const NO_STREAM_LIMITS = {
  firstEventMs: undefined,
  text: undefined,
  maxGapMs: undefined,
  eventsPerSecond: undefined,
} as const satisfies Partial<StreamExpectation>;

const ofBaseline = new WeakMap<Case, Expectations>();

/**
 * What is expected of the reply to the `index`th request of a case, counted from 0. Of a golden set, it is the value of
 * the line that was sent.
 */
export function expectationsFor(target: TargetName, each: Case, index: number): Expectations {
  if (target === 'baseline') {
    const known = ofBaseline.get(each) ?? baselineExpectations(each);
    ofBaseline.set(each, known);
    return known;
  }
  const { goldenLines } = each.expect;
  if (goldenLines === undefined) return each.expect;
  const { origin, values, lineAt, ...tolerance } = goldenLines;
  const at = index % values.length;
  const value = parseExactJson(values.at(at)!.toString('utf8'));
  return {
    ...each.expect,
    goldenLines: undefined,
    equals: { ...tolerance, origin: `${origin}:${lineAt(at)}`, value },
  };
}

/**
 * The baseline's model may rightly reply something else than the case expects of the candidate. So the baseline is only
 * expected to reply with the right status and form, for its latencies to be compared.
 */
function baselineExpectations({ expect }: Case): Expectations {
  const { status, contentType, schema, stream, body } = expect;
  return {
    ...NO_EXPECTATIONS,
    status,
    contentType,
    schema,
    body,
    stream: stream && { ...stream, ...NO_STREAM_LIMITS },
  };
}
