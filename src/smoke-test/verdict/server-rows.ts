import { words } from '../../text/words.ts';
import { valuesOf } from '../request/reply-headers.ts';
import { range, reply, status } from './matchers.ts';
import { slashAdvice } from './redirect.ts';
import type { Row } from './status-row.ts';

/**
 * What is otherwise when no Azure stands before the server: nobody else can have refused, and nothing was routed.
 * These rows are asked before those of the table.
 */
export const SERVER_ROWS: readonly Row[] = [
  {
    when: '3xx of a server',
    matches: range(300, 399),
    warmUp: 'error',
    measured: 'error',
    advice: (_, exchange) =>
      slashAdvice(exchange) ??
      `A redirect is never followed. Name the address that it leads to with ${words.input('url')}, if that is the server to test.`,
  },
  {
    when: '401 or 403 of a server',
    matches: status(401, 403),
    warmUp: 'error',
    measured: 'error',
    advice: () =>
      `The server refused the request: it got no credential, or a wrong one. Name the environment variable that holds the credential with ${words.input('credential-env')}.`,
  },
  {
    when: '404 or 405 of a server',
    matches: status(404, 405),
    warmUp: 'error',
    measured: 'error',
    advice: () =>
      `The server does not serve this path with this method. Is the path of ${words.input('url')} right? Azure ML's own server answers at /score.`,
  },
  {
    when: '500 of a server',
    matches: reply((each) => each.status === 500 && valuesOf(each, 'x-ms-run-function-failed').length === 0),
    // One that still loads its model says 503, or does not listen yet.
    warmUp: 'failed',
    measured: 'failed',
    advice: () => 'The server failed. Its log says more.',
  },
];
