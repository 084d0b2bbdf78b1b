import { isSameName } from '../../azure/naming-rules.ts';
import { excerpt } from '../../secrets/excerpt.ts';
import { parseExactJson } from '../../text/exact-json.ts';
import { formatMilliseconds } from '../../text/format.ts';
import { type Condition, describeCondition } from '../plan/condition.ts';
import {
  type Expectations,
  type GoldenExpectation,
  isExpectedStatus,
  type JsonExpectation,
  type Mismatch,
  type StatusMatcher,
} from '../plan/expectations.ts';
import { shortJson } from '../plan/json-value.ts';
import { isGoodStatus } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import { formMismatches } from './answer-form.ts';
import {
  asksForEmpty,
  headerValue,
  type Judge,
  meets,
  valueMismatches,
  wantsAbsence,
} from './condition-check.ts';
import { contentTypeMismatches } from './content-type.ts';
import { type Differences, differences } from './golden.ts';
import { goldenContentMismatches } from './golden-content.ts';
import {
  decoderFor,
  headerOf,
  type JsonBody,
  type JudgedReply,
  limitOf,
  notDecoded,
  notKept,
  readJson,
  withoutSecondEncoding,
} from './reply-body.ts';
import { streamMismatches } from './stream-expectations.ts';

/** Most places of one expectation that are listed. */
const LISTED = 10;

/** Told how far judging has come, so that something is known when it is stopped. */
export interface JudgingProgress {
  /** Before an expectation that remote text can make endless. */
  readonly begins: (place: Pick<Mismatch, 'at' | 'wanted'>) => void;
  /** After each group of expectations. */
  readonly found: (mismatches: readonly Mismatch[]) => void;
}

/**
 * All expectations that a reply did not meet, in their order. `at` and `got` hold remote text, short but not
 * defused. The response check is not run here. Remote text can make it run without end: see judge-reply.ts.
 */
export function mismatches(
  reply: JudgedReply,
  expectations: Expectations,
  progress?: JudgingProgress,
): readonly Mismatch[] {
  const judge: Judge = (at, wanted, work) => {
    progress?.begins({ at, wanted });
    try {
      return work();
    } catch (error) {
      return [{ at, wanted, got: `no verdict: ${causeOf(error)}`, isUnjudged: true }];
    }
  };
  const groups: readonly (() => readonly Mismatch[])[] = [
    () => statusMismatches(reply, expectations.status),
    () => deploymentMismatches(reply, expectations.deployment),
    () => contentTypeMismatches(reply, expectations.contentType),
    ...Object.entries(expectations.headers).map(
      ([name, condition]) =>
        () =>
          headerMismatches(headerOf(reply, name), name, condition, judge),
    ),
    () => jsonBodyMismatches(reply, expectations, judge),
    () => goldenContentMismatches(reply, expectations.content),
    () => textMismatches(reply, expectations.text, judge),
    () => latencyMismatches(reply, expectations.maxLatencyMs),
    () => streamMismatches(reply, expectations.stream, judge),
    () => formMismatches(reply, expectations),
  ];
  return groups.flatMap((group) => {
    const found = group();
    progress?.found(found);
    return found;
  });
}

function causeOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'RangeError' && message.includes('call stack')
    ? 'it is nested too deeply, or a regular expression backtracks too far'
    : excerpt(message);
}

function statusMismatches({ status }: JudgedReply, wanted: readonly StatusMatcher[]): readonly Mismatch[] {
  if (isExpectedStatus(status, wanted)) return [];
  const words = wanted.map((matcher) => ('code' in matcher ? `${matcher.code}` : `${matcher.class}xx`));
  return [{ at: 'status', wanted: words.join(' or '), got: `${status}` }];
}

function deploymentMismatches(reply: JudgedReply, wanted: string | undefined): readonly Mismatch[] {
  const got = deploymentNamedBy(reply);
  if (wanted === undefined || isSameName(got, wanted)) return [];
  return [{ at: 'deployment', wanted, got: excerpt(got ?? 'no azureml-model-deployment header') }];
}

function headerMismatches(
  text: string | undefined,
  name: string,
  condition: Condition,
  judge: Judge,
): readonly Mismatch[] {
  const at = `header ${name}`;
  const wanted = describeCondition(condition);
  if (text === undefined) return wantsAbsence(condition) ? [] : [{ at, wanted, got: 'none' }];
  return judge(at, wanted, () => valueMismatches(at, headerValue(text, condition), condition));
}

/** The expectations on the body as JSON. When the body is not JSON, there is one mismatch for all of them. */
function jsonBodyMismatches(
  reply: JudgedReply,
  { schema, json, equals }: Expectations,
  judge: Judge,
): readonly Mismatch[] {
  if (schema === undefined && json.length === 0 && equals === undefined) return [];
  const read = readJson(reply);
  if ('mistake' in read) return [{ at: 'body', wanted: 'JSON', got: read.mistake, ...limitOf(reply) }];
  const { value } = read;
  return [
    ...(schema === undefined
      ? []
      : judge('schema', `a value that matches ${schema.origin}`, () => schema.validate(value))),
    ...json.flatMap((expectation) =>
      judge(`json ${expectation.path}`, describeCondition(expectation.condition), () =>
        nodeMismatches(value, expectation),
      ),
    ),
    ...(equals === undefined
      ? []
      : judge('equals', `the value of ${equals.origin}`, () => goldenMismatches(read, equals))),
  ];
}

function nodeMismatches(value: unknown, { path, find, condition }: JsonExpectation): readonly Mismatch[] {
  const nodes = find(value);
  const wanted = describeCondition(condition);
  if (nodes.length === 0) {
    return wantsAbsence(condition)
      ? []
      : [{ at: `json ${path}`, wanted, got: `no value there: the answer is ${shortJson(value)}` }];
  }
  const failing = nodes.filter((node) => !meets(node.value, condition));
  const listed = failing.slice(0, LISTED).flatMap((node) =>
    // A path to a single value is shown as its user wrote it.
    valueMismatches(`json ${nodes.length === 1 ? path : node.path}`, node.value, condition),
  );
  return withRest(listed, failing.length, { at: `json ${path}`, wanted });
}

function goldenMismatches({ text }: JsonBody, golden: GoldenExpectation): readonly Mismatch[] {
  const value = parseExactJson(text);
  const { value: wanted } = golden;
  // A golden file that was saved from a reply is encoded as often as the reply was.
  const inner =
    typeof wanted === 'string'
      ? parseExactJson(withoutSecondEncoding(wanted, JSON.stringify(wanted)).text)
      : wanted;
  const [{ listed, count }] = [wanted, inner]
    .map((each) => differences(each, value, golden, LISTED))
    .sort((a, b) => a.count - b.count) as [Differences, Differences];
  const places = listed.map(({ path, wanted, got }) => ({ at: `equals ${path}`, wanted, got }));
  return withRest(places, count, { at: 'equals', wanted: `the value of ${golden.origin}` });
}

function withRest(
  listed: readonly Mismatch[],
  count: number,
  whole: Pick<Mismatch, 'at' | 'wanted'>,
): readonly Mismatch[] {
  const more = count - listed.length;
  return more > 0 ? [...listed, { ...whole, got: `… and ${more} more` }] : listed;
}

function textMismatches(
  reply: JudgedReply,
  condition: Condition | undefined,
  judge: Judge,
): readonly Mismatch[] {
  if (condition === undefined) return [];
  const wanted = describeCondition(condition);
  if (reply.body === undefined) return [{ at: 'text', wanted, got: notKept(reply), ...limitOf(reply) }];
  if (reply.undecoded !== undefined) {
    return [{ at: 'text', wanted, got: notDecoded(reply.undecoded), ...limitOf(reply) }];
  }
  if (reply.body.length === 0) {
    if (wantsAbsence(condition)) return [];
    // What is not there exists in no sense, and a good answer is empty only where the case says so.
    if (!asksForEmpty(condition) && isGoodStatus(reply.status))
      return [{ at: 'text', wanted, got: 'an empty body' }];
  }
  const text = decoderFor(headerOf(reply, 'content-type')).decode(reply.body);
  return judge('text', wanted, () => valueMismatches('text', text, condition));
}

function latencyMismatches({ latencyMs }: JudgedReply, limitMs: number | undefined): readonly Mismatch[] {
  if (limitMs === undefined || latencyMs <= limitMs) return [];
  return [{ at: 'max-latency', wanted: `at most ${limitMs} ms`, got: formatMilliseconds(latencyMs) }];
}
