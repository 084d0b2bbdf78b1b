import { words } from '../../text/words.ts';
import { isReset, kind, mayBeFoundLater, sendsTooMuch } from './matchers.ts';
import type { Row } from './status-row.ts';

/** The rows of the status table about exchanges without a whole reply. */
export const NO_REPLY_ROWS: readonly Row[] = [
  {
    when: 'no whole answer within the timeout',
    matches: kind('timeout'),
    warmUp: 'wait',
    measured: 'failed',
    advice: () => `Raise ${words.input('timeout')} if the model is meant to be this slow.`,
  },
  {
    when: 'more bytes than the Content-Length says',
    matches: (exchange) => exchange.kind === 'cut' && sendsTooMuch(exchange.cause),
    warmUp: 'failed',
    measured: 'failed',
    advice: () =>
      "The answer is longer than its Content-Length. The server probably counts characters, and must count bytes: letters such as 'é' have two.",
  },
  {
    when: "the connection broke before the answer's end",
    matches: kind('cut'),
    warmUp: 'wait',
    measured: 'failed',
    advice: () => "Does the model's container crash or restart? Its log says more.",
  },
  {
    when: 'connection refused or reset before an answer',
    matches: (exchange) => exchange.kind === 'unreachable' && isReset(exchange.cause),
    warmUp: 'wait',
    measured: 'failed',
    notReady: true,
    advice: () =>
      "Nothing listens there, or it closes the connection. Does the model's container crash or restart? Its log says more.",
  },
  {
    when: 'a name that the DNS does not know, or no connection in time',
    matches: (exchange) => exchange.kind === 'unreachable' && mayBeFoundLater(exchange.cause),
    // The name of a new endpoint takes some minutes to be known everywhere.
    warmUp: 'wait',
    measured: 'error',
    lasting: 'error',
    advice: () => '',
  },
  {
    when: 'no way to the host: certificate not trusted, proxy, no route',
    matches: kind('unreachable'),
    warmUp: 'error',
    measured: 'error',
    advice: () => '',
  },
];
