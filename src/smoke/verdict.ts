import { quote } from '../untrusted.ts';
import { modelMessage } from './model-message.ts';
import type { Answer, Exchange, NoAnswer } from './score.ts';

/** Rollback automation acts on `failed`, people on `error`. */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'error' | 'skipped';

/** What a verdict's words may name. */
export interface Asked {
  readonly endpoint: string;
  /** The deployment asked for; undefined when traffic decides. */
  readonly deployment: string | undefined;
  readonly authMode: string;
  readonly timeoutMs: number;
}

interface Row {
  readonly when: string;
  readonly matches: (answer: Answer) => boolean;
  readonly verdict: Verdict;
  /** What to do about it; empty for a good answer. */
  readonly advice: (asked: Asked) => string;
}

const status =
  (...codes: readonly number[]) =>
  (answer: Answer): boolean =>
    codes.includes(answer.status);

const reason =
  (code: number, value: string) =>
  (answer: Answer): boolean =>
    answer.status === code && answer.headers['ms-azureml-model-error-reason'] === value;

const TROUBLESHOOTING =
  'https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints';

/**
 * Which answer means what: the first row that matches decides.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints, HTTP status codes
 */
export const ANSWERS: readonly Row[] = [
  {
    when: 'the scoring script reported a failure with a good status',
    matches: ({ headers }) => headers['x-ms-run-function-failed']?.toLowerCase() === 'true',
    verdict: 'failed',
    advice: () => "The scoring script's run() failed. Its container log has the traceback.",
  },
  {
    when: '2xx',
    matches: (answer) => answer.status >= 200 && answer.status < 300,
    verdict: 'passed',
    advice: () => '',
  },
  {
    when: '3xx',
    matches: (answer) => answer.status >= 300 && answer.status < 400,
    verdict: 'error',
    advice: () =>
      "A redirect is never followed: the credential goes to the scoring URI's origin only. Does a gateway stand before the endpoint?",
  },
  {
    when: '401',
    matches: status(401),
    verdict: 'error',
    advice: ({ authMode }) =>
      authMode === 'key'
        ? 'The front door refused the key. Was it regenerated a moment ago? Run the step again; a new key takes a while to arrive.'
        : "The front door refused the token: it is wrong for this endpoint, or it has expired. Look at the runner's clock, and at 'cloud' when this is not the public cloud.",
  },
  {
    when: '403',
    matches: status(403),
    verdict: 'error',
    advice: ({ endpoint }) =>
      `The identity may not score. It needs the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint '${endpoint}' or its workspace. The built-in role 'AzureML Data Scientist' has both. A new assignment takes some minutes.`,
  },
  {
    when: '404',
    matches: status(404),
    verdict: 'error',
    advice: ({ deployment, endpoint }) =>
      deployment === undefined
        ? `Endpoint '${endpoint}' has no deployment with traffic. Name one with the 'deployment' input, or give one traffic: az ml online-endpoint update --name ${endpoint} --traffic "<deployment>=100".`
        : `The front door knows no deployment '${deployment}' that could answer.`,
  },
  {
    when: '408, 504',
    matches: status(408, 504),
    verdict: 'failed',
    advice: () =>
      "The model took longer than the deployment's request_timeout_ms (5 s unless set). Make it faster, or raise request_settings.request_timeout_ms.",
  },
  {
    when: '413',
    matches: status(413),
    verdict: 'error',
    advice: () => 'The request is larger than the front door takes. Send a smaller sample.',
  },
  {
    when: '424 model_not_ready, 503',
    matches: (answer) => reason(424, 'model_not_ready')(answer) || answer.status === 503,
    verdict: 'error',
    advice: () => 'The deployment is not ready to answer yet. Run the step again when its containers are up.',
  },
  {
    when: '429',
    matches: status(429),
    verdict: 'error',
    advice: () =>
      'The deployment has more requests than it takes. Run the step again when it is less busy, or give it more instances.',
  },
  {
    when: '424',
    matches: status(424),
    verdict: 'failed',
    advice: () => `The model's container answered with an error. Its log says more; ${TROUBLESHOOTING}`,
  },
  {
    when: '500 without the scoring script having run',
    matches: status(500),
    verdict: 'error',
    advice: () => `Azure Machine Learning itself failed. Run the step again; ${TROUBLESHOOTING}`,
  },
  {
    when: '502',
    matches: status(502),
    verdict: 'failed',
    advice: () =>
      'On Kubernetes this means that the scoring script raised or its container crashed. Its log says more.',
  },
  {
    when: 'any other 4xx',
    matches: (answer) => answer.status >= 400 && answer.status < 500,
    verdict: 'failed',
    advice: () => 'The model refused the request. Does the sample request fit this model?',
  },
  {
    when: 'anything else',
    matches: () => true,
    verdict: 'error',
    advice: () => `Run the step again; ${TROUBLESHOOTING}`,
  },
];

export interface Judgement {
  readonly verdict: Verdict;
  /** What was seen and what to do, for a person; remote text in it is defused. */
  readonly message: string;
}

/** The verdict on one exchange that reached the service. */
export function judge(exchange: Exclude<Exchange, NoAnswer<'unreachable'>>, asked: Asked): Judgement {
  const who =
    asked.deployment === undefined
      ? `Endpoint '${asked.endpoint}'`
      : `Deployment '${asked.deployment}' of endpoint '${asked.endpoint}'`;
  if (exchange.kind === 'timeout') {
    return {
      verdict: 'failed',
      message: `${who} gave no whole answer within the timeout of ${asked.timeoutMs / 1_000} s.\nRaise 'timeout' when the model is meant to be this slow.`,
    };
  }
  if (exchange.kind === 'cut') {
    return {
      verdict: 'failed',
      message: `${who} began to answer, and the connection broke before the answer's end. Does the model's container crash or restart? Its log says more.`,
    };
  }
  const row = ANSWERS.find(({ matches }) => matches(exchange));
  if (row === undefined) throw new Error('the last row matches everything');
  if (row.verdict === 'passed') return { verdict: 'passed', message: `${who} answered ${exchange.status}.` };
  return { verdict: row.verdict, message: `${who} answered ${describe(exchange)}\n${row.advice(asked)}` };
}

/** `424 (model_error, the model's own status 500): <its message> [x-request-id …]` */
function describe({ status: code, headers, body }: Answer): string {
  const modelStatus = headers['ms-azureml-model-error-statuscode'];
  const details = [
    headers['ms-azureml-model-error-reason'],
    modelStatus === undefined ? undefined : `the model's own status ${modelStatus}`,
  ].filter((detail) => detail !== undefined);
  const said = modelMessage(body);
  const requestId = headers['x-request-id'];
  return [
    `${code}${details.length > 0 ? ` (${quote(details.join(', '), 100)})` : ''}`,
    said === '' ? ', with an empty body.' : `: ${quote(said)}`,
    requestId === undefined ? '' : ` [x-request-id ${quote(requestId, 60)}]`,
  ].join('');
}
