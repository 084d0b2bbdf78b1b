import { quote } from '../../secrets/untrusted.ts';
import type { Exchange, NoReply, Reply } from '../request/exchange.ts';
import { modelMessage } from './model-message.ts';
import { type Addressee, whoAnswers } from './status-row.ts';
import { rowOf } from './status-table.ts';

/** What happened and what to do, for a person; remote text in it is defused. */
export function describeWithAdvice(
  exchange: Exclude<Exchange, NoReply<'unreachable'>>,
  addressee: Addressee,
): string {
  // Without a complete reply, the host is the place to look.
  const where = exchange.kind === 'reply' || addressee.isServer === true ? '' : ` (${addressee.host})`;
  return `${whoAnswers(addressee)}${where} ${describeWhatCame(exchange, addressee.timeoutMs)}\n${rowOf(exchange).advice(addressee, exchange)}`.trimEnd();
}

function describeWhatCame(exchange: Exclude<Exchange, NoReply<'unreachable'>>, timeoutMs: number): string {
  switch (exchange.kind) {
    case 'timeout':
      return `did not finish its answer within the timeout of ${timeoutMs / 1_000} s.`;
    case 'cut':
      return 'began to answer, but the connection broke before the end of the answer.';
    case 'reply':
      return `answered ${describeReply(exchange)}`;
  }
}

/** `424 (model_error, the model's own status 500): <its message> [x-request-id …]` */
function describeReply({ status: code, headers, body, bytes }: Reply): string {
  const modelStatus = headers['ms-azureml-model-error-statuscode'];
  const details = [
    headers['ms-azureml-model-error-reason'],
    modelStatus === undefined ? undefined : `the model's own status ${modelStatus}`,
  ].filter((detail) => detail !== undefined);
  const said = body === undefined ? `a body of ${bytes} bytes` : modelMessage(body);
  const requestId = headers['x-request-id'];
  return [
    `${code}${details.length > 0 ? ` (${quote(details.join(', '), 100)})` : ''}`,
    said === '' ? ', with an empty body.' : `: ${quote(said)}`,
    requestId === undefined ? '' : ` [x-request-id ${quote(requestId, 60)}]`,
  ].join('');
}

/** In a few words, for a line of the log: `503`, `no answer in time`, `ECONNREFUSED`. */
export function inShort(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'reply': {
      const why = exchange.headers['ms-azureml-model-error-reason'];
      return `${exchange.status}${why === undefined ? '' : ` ${quote(why, 40)}`}`;
    }
    case 'timeout':
      return 'no answer in time';
    case 'cut':
      return 'a broken connection';
    case 'unreachable':
      return String((exchange.cause as NodeJS.ErrnoException).code ?? 'no connection');
  }
}
