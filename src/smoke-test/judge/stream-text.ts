import { parseJson } from '../../text/json.ts';
import type { ContentPath } from '../plan/expectations.ts';
import { contentAt } from '../request/content-search.ts';
import type { StreamForm } from '../request/stream-form.ts';
import { saidIn } from '../request/stream-said.ts';
import { splitStream } from '../request/stream-split.ts';

/**
 * What all events of a stream say, joined; undefined when no event has a place for text: nothing is at the path, or
 * the form is not known. Remote text can make the search run without end: call it through `withinTime`.
 * @param content undefined: in the forms that are known, see `saidIn`
 * @throws RangeError as `find` does
 */
export function textOfStream(
  body: Uint8Array,
  form: StreamForm,
  content: ContentPath | undefined,
): string | undefined {
  let text: string | undefined;
  const splitter = splitStream(form, {
    event(_name, data) {
      const value = parseJson(data);
      const said = content === undefined ? saidIn(value)?.text : contentAt(content, value);
      if (said !== undefined) text = (text ?? '') + said;
    },
    rest: () => undefined,
    // A body that is kept has no event of that length.
    tooLong: () => undefined,
  });
  splitter.feed(body);
  splitter.end();
  return text;
}
