import { excerpt } from '../../secrets/excerpt.ts';
import { type Condition, describe } from '../plan/condition.ts';
import { render } from '../plan/json-value.ts';
import type {
  Expectations,
  GoldenExpectation,
  JsonExpectation,
  Mismatch,
  StatusMatcher,
} from '../plan/plan.ts';
import { meets, typedFor, unmet, wantsNone } from './condition-check.ts';
import { type Differences, differences } from './golden.ts';
import {
  decoderFor,
  headerOf,
  type JudgedReply,
  notDecoded,
  notKept,
  readJson,
  withoutSecondEncoding,
} from './reply-body.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';

/** Longest time that an answer is judged: the runner kills a cancelled step after 7.5 s. */
const JUDGING_MS = 5_000;

/** Places of one expectation that are listed. */
const LISTED = 10;

/** Runs the judging of one expectation; what stops it becomes its mismatch. */
type Judge = (at: string, wanted: string, work: () => readonly Mismatch[]) => readonly Mismatch[];

/**
 * All expectations that an answer did not meet, in their order. `at` and `got` hold remote text, short but not
 * defused. The script of `check` is not run here.
 * @param limitMs longest time that an answer is judged: remote text can make a regular expression endless, and the
 * process hears no signal meanwhile
 */
export function mismatches(
  answer: JudgedReply,
  expectations: Expectations,
  limitMs = JUDGING_MS,
): readonly Mismatch[] {
  const end = performance.now() + limitMs;
  const judge: Judge = (at, wanted, work) => {
    try {
      return withinTime(Math.max(1, Math.ceil(end - performance.now())), work);
    } catch (error) {
      return [{ at, wanted, got: `no verdict: ${causeOf(error)}` }];
    }
  };
  return [
    ...statusMismatches(answer, expectations.status),
    ...deploymentMismatches(answer, expectations.deployment),
    ...contentTypeMismatches(answer, expectations.contentType),
    ...Object.entries(expectations.headers).flatMap(([name, condition]) =>
      headerMismatches(headerOf(answer, name), name, condition, judge),
    ),
    ...jsonBodyMismatches(answer, expectations, judge),
    ...textMismatches(answer, expectations.text, judge),
    ...latencyMismatches(answer, expectations.maxLatencyMs),
    ...streamMismatches(answer, expectations.stream),
  ];
}

function causeOf(error: unknown): string {
  if (error instanceof TimeLimitError) {
    return 'judging it takes too long (does a regular expression backtrack?)';
  }
  const { name, message } = error as Error;
  return name === 'RangeError' && message.includes('call stack')
    ? 'it is nested too deeply, or a regular expression backtracks too far'
    : excerpt(message);
}

function statusMismatches({ status }: JudgedReply, wanted: readonly StatusMatcher[]): readonly Mismatch[] {
  const matches = (matcher: StatusMatcher): boolean =>
    'code' in matcher ? matcher.code === status : matcher.class === Math.floor(status / 100);
  if (wanted.some(matches)) return [];
  const words = wanted.map((matcher) => ('code' in matcher ? `${matcher.code}` : `${matcher.class}xx`));
  return [{ at: 'status', wanted: words.join(' or '), got: `${status}` }];
}

function deploymentMismatches(answer: JudgedReply, wanted: string | undefined): readonly Mismatch[] {
  const got = headerOf(answer, 'azureml-model-deployment');
  // Azure compares names without case.
  if (wanted === undefined || got?.toLowerCase() === wanted.toLowerCase()) return [];
  return [{ at: 'deployment', wanted, got: excerpt(got ?? 'no azureml-model-deployment header') }];
}

/** Parameters count only when the expectation has some: `application/json` is met by any character set. */
function contentTypeMismatches(answer: JudgedReply, wanted: string | undefined): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const got = headerOf(answer, 'content-type');
  const [wantedType, ...wantedParameters] = contentTypeParts(wanted);
  const [type, ...parameters] = contentTypeParts(got ?? '');
  if (type === wantedType && wantedParameters.every((parameter) => parameters.includes(parameter))) return [];
  return [{ at: 'content-type', wanted, got: excerpt(got ?? 'no content-type header') }];
}

/** The media type, then each parameter as `name=value`, all in lower case. */
function contentTypeParts(text: string): readonly string[] {
  return text.split(';').map((part) => {
    const [name = '', ...value] = part.toLowerCase().split('=');
    return value.length === 0 ? name.trim() : `${name.trim()}=${value.join('=').trim().replaceAll('"', '')}`;
  });
}

function headerMismatches(
  text: string | undefined,
  name: string,
  condition: Condition,
  judge: Judge,
): readonly Mismatch[] {
  const at = `header ${name}`;
  const wanted = describe(condition);
  if (text === undefined) return wantsNone(condition) ? [] : [{ at, wanted, got: 'no such header' }];
  return judge(at, wanted, () => valueMismatches(at, typedFor(condition, text), condition));
}

function valueMismatches(at: string, value: unknown, condition: Condition): readonly Mismatch[] {
  const difference = unmet(value, condition);
  return difference === undefined ? [] : [{ at, ...difference }];
}

/** The expectations on the body as JSON; when it is none, that is the one mismatch of them all. */
function jsonBodyMismatches(
  answer: JudgedReply,
  { schema, json, equals }: Expectations,
  judge: Judge,
): readonly Mismatch[] {
  if (schema === undefined && json.length === 0 && equals === undefined) return [];
  const read = readJson(answer);
  if ('mistake' in read) return [{ at: 'body', wanted: 'JSON', got: read.mistake }];
  const { value } = read;
  return [
    ...(schema === undefined
      ? []
      : judge('schema', `a value as ${schema.origin} describes it`, () => schema.validate(value))),
    ...json.flatMap((expectation) =>
      judge(`json ${expectation.path}`, describe(expectation.condition), () =>
        nodeMismatches(value, expectation),
      ),
    ),
    ...(equals === undefined
      ? []
      : judge('equals', `the value of ${equals.origin}`, () => goldenMismatches(value, equals))),
  ];
}

function nodeMismatches(value: unknown, { path, find, condition }: JsonExpectation): readonly Mismatch[] {
  const nodes = find(value);
  const wanted = describe(condition);
  if (nodes.length === 0) {
    return wantsNone(condition) ? [] : [{ at: `json ${path}`, wanted, got: 'no such value' }];
  }
  const failing = nodes.filter((node) => !meets(node.value, condition));
  const listed = failing
    .slice(0, LISTED)
    .flatMap((node) => valueMismatches(`json ${node.path}`, node.value, condition));
  return withRest(listed, failing.length, { at: `json ${path}`, wanted });
}

function goldenMismatches(value: unknown, golden: GoldenExpectation): readonly Mismatch[] {
  // A golden file that was saved from an answer is encoded as often as that was.
  const [{ listed, count }] = [golden.value, withoutSecondEncoding(golden.value)]
    .map((wanted) => differences(wanted, value, golden, LISTED))
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
  answer: JudgedReply,
  condition: Condition | undefined,
  judge: Judge,
): readonly Mismatch[] {
  if (condition === undefined) return [];
  const wanted = describe(condition);
  if (answer.body === undefined) return [{ at: 'text', wanted, got: notKept(answer) }];
  if (answer.undecoded !== undefined) return [{ at: 'text', wanted, got: notDecoded(answer.undecoded) }];
  if (answer.body.length === 0 && wantsNone(condition)) return [];
  const text = decoderFor(headerOf(answer, 'content-type')).decode(answer.body);
  return judge('text', wanted, () => valueMismatches('text', text, condition));
}

function latencyMismatches({ latencyMs }: JudgedReply, limitMs: number | undefined): readonly Mismatch[] {
  if (limitMs === undefined || latencyMs <= limitMs) return [];
  return [{ at: 'max-latency', wanted: `at most ${limitMs} ms`, got: milliseconds(latencyMs) }];
}

function streamMismatches(answer: JudgedReply, wanted: Expectations['stream']): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const type = headerOf(answer, 'content-type');
  const { stream } = answer;
  if (stream === undefined || contentTypeParts(type ?? '')[0] !== 'text/event-stream') {
    return [{ at: 'stream', wanted: 'text/event-stream', got: excerpt(type ?? 'no content-type header') }];
  }
  if (stream.tooLong) return [{ at: 'stream', wanted: 'events of at most 16 MiB', got: 'a longer one' }];
  const { firstEventMs, minEvents, endsWith } = wanted;
  const found: Mismatch[] = [];
  const add = (place: string, wish: string, got: string): unknown =>
    found.push({ at: `stream ${place}`, wanted: wish, got });
  // Without a number of its own a stream still has an event: none at all is no answer.
  const least = Math.max(1, minEvents ?? 1);
  if (stream.events < least) add('min-events', `at least ${least}`, `${stream.events}`);
  if (firstEventMs !== undefined && !((stream.firstEventMs ?? Number.POSITIVE_INFINITY) <= firstEventMs)) {
    const got = stream.firstEventMs === undefined ? 'no event' : milliseconds(stream.firstEventMs);
    add('first-event', `within ${firstEventMs} ms`, got);
  }
  if (endsWith !== undefined && stream.lastData?.trim() !== endsWith.trim()) {
    add('ends-with', render(endsWith), stream.lastData === undefined ? 'no event' : render(stream.lastData));
  }
  return found;
}

function milliseconds(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`;
}
