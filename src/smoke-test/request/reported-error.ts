import { isObject, stringIn } from '../../text/json.ts';
import { shortJson } from '../plan/json-value.ts';

/** Keys that tell about an error or a request. What stands in any other key may be a result. */
const NO_RESULT = new Set([
  'code',
  'detail',
  'details',
  'error',
  'error_code',
  'error_type',
  'errors',
  'id',
  'message',
  'msg',
  'object',
  'ok',
  'param',
  'path',
  'request_id',
  'requestid',
  'stack',
  'stack_trace',
  'status',
  'status_code',
  'statuscode',
  'success',
  'timestamp',
  'trace',
  'traceback',
  'type',
]);

/** A list whose first so many items are errors is a list of errors. */
const MOST_ERRORS = 1_000;

/**
 * The error that a JSON value reports instead of a result, as text; undefined when it reports none: an `error` (or
 * `Error`, `errors`) that is a string, a list or an object and is not empty, or `true`, with no result beside it; or a
 * list of such errors alone. A number, or a list of numbers, is not an error but one of a model's results.
 */
export function reportedError(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const errors = value
      .slice(0, MOST_ERRORS)
      .map((each) => (isObject(each) ? reportedError(each) : undefined));
    return errors.includes(undefined) ? undefined : errors[0];
  }
  if (!isObject(value)) return undefined;
  const { object, message } = value;
  if (Object.entries(value).some(([key, part]) => !NO_RESULT.has(key.toLowerCase()) && !isEmpty(part)))
    return undefined;
  for (const [key, error] of Object.entries(value).filter(([each]) => /^errors?$/i.test(each))) {
    if (typeof error === 'string' && error.trim() !== '') return error;
    if (isObject(error) && !isEmpty(error)) return stringIn(error.message) ?? shortJson(error);
    if (
      (error === true && key.length === 5) ||
      (Array.isArray(error) && error.some((each) => !isNumber(each)))
    )
      return stringIn(message) ?? shortJson(error);
  }
  // As vLLM reports errors: {"object": "error", "message": …}.
  return object === 'error' ? stringIn(message) : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
