import { brokenRule } from '../../azure/naming-rules.ts';
import type { Exchange } from '../request/exchange.ts';
import { either, kind, type Matches, passesByItself, range, reason, reply, status } from './matchers.ts';

/**
 * What an exchange means. `usable`: the model replied, and its reply can be judged. `wait` (only while warming up): it
 * passes by itself. The others end the warm-up at once; of a measured request, they are its meaning for the verdict.
 */
export type Meaning = 'usable' | 'wait' | 'failed' | 'inconclusive' | 'error';

/** What an advice may mention: where the request was sent, and how. */
export interface Addressee {
  readonly endpoint: string;
  /** Of the scoring URI, with its port when it has one. */
  readonly host: string;
  /** The deployment that was asked for; undefined when traffic decides. */
  readonly deployment: string | undefined;
  readonly authMode: string;
  readonly timeoutMs: number;
}

export interface Row {
  /** Status, header or event, as the table of the documentation has it. */
  readonly when: string;
  readonly matches: Matches;
  readonly warmUp: Meaning;
  readonly measured: Exclude<Meaning, 'wait'>;
  /** Nothing serves requests: a deployment may be starting, or will never serve. */
  readonly notReady?: true;
  /** The row decides even if the case expects this status. */
  readonly evenIfExpected?: true;
  /** What to do about it; empty for a good reply. */
  readonly advice: (addressee: Addressee) => string;
}

const TROUBLESHOOTING =
  'https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints';

/**
 * Every status, header and event, and what it means in each phase. The first row that matches decides.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints, HTTP status codes
 */
export const ROWS: readonly Row[] = [
  {
    when: 'azureml-model-deployment of another deployment than the one asked for',
    matches: reply(({ headers, askedDeployment }) => {
      const answered = headers['azureml-model-deployment'];
      // A gateway may send a header that is not a deployment's name: it proves nothing.
      if (askedDeployment === undefined || answered === undefined || brokenRule('deployment', answered))
        return false;
      return answered.toLowerCase() !== askedDeployment.toLowerCase();
    }),
    warmUp: 'error',
    measured: 'error',
    evenIfExpected: true,
    advice: ({ deployment }) =>
      `Another deployment answered than the one asked for${deployment === undefined ? '' : `, '${deployment}'`}, of which nothing is known then. Does a gateway stand before the endpoint that drops the header azureml-model-deployment?`,
  },
  {
    when: 'x-ms-run-function-failed: True',
    matches: reply(({ headers }) => headers['x-ms-run-function-failed']?.toLowerCase() === 'true'),
    warmUp: 'failed',
    measured: 'failed',
    advice: () => "The scoring script's run() failed. Its container log has the traceback.",
  },
  {
    when: '2xx with an HTML page and none of the headers that the front door sets',
    matches: reply(
      ({ status: code, headers }) =>
        code >= 200 &&
        code < 300 &&
        /^text\/html\b/i.test(headers['content-type'] ?? '') &&
        headers['x-request-id'] === undefined &&
        headers['azureml-model-deployment'] === undefined,
    ),
    warmUp: 'error',
    measured: 'error',
    advice: ({ host }) =>
      `What answered for ${host} is a page of something on the way, such as a sign-in page or a proxy, and no answer of the model. Check the network of the runner and HTTPS_PROXY.`,
  },
  { when: '2xx', matches: range(200, 299), warmUp: 'usable', measured: 'usable', advice: () => '' },
  {
    when: '3xx',
    matches: range(300, 399),
    warmUp: 'error',
    measured: 'error',
    advice: () =>
      "A redirect is never followed: the credential goes to the scoring URI's origin only. Does a gateway stand before the endpoint?",
  },
  {
    when: '401',
    matches: status(401),
    warmUp: 'error',
    measured: 'error',
    advice: ({ authMode }) =>
      authMode === 'key'
        ? 'The front door refused the key. Was it regenerated a moment ago? Run the step again; a new key takes a while to arrive.'
        : "The front door refused the token: it is wrong for this endpoint, or it has expired. Look at the runner's clock, and at 'cloud' when this is not the public cloud.",
  },
  {
    when: '403',
    matches: status(403),
    warmUp: 'error',
    measured: 'error',
    advice: ({ endpoint }) =>
      `The identity may not score. It needs the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint '${endpoint}' or its workspace. The built-in role 'AzureML Data Scientist' has both. A new assignment takes some minutes.`,
  },
  {
    when: '404',
    matches: status(404),
    warmUp: 'error',
    measured: 'error',
    advice: ({ deployment, endpoint }) =>
      deployment === undefined
        ? `Endpoint '${endpoint}' has no deployment with traffic, or none that serves this path. Name one with the 'deployment' input, or give one traffic: az ml online-endpoint update --name ${endpoint} --traffic "<deployment>=100".`
        : `The front door knows no deployment '${deployment}' that could answer, or it does not serve this path.`,
  },
  {
    when: '408, 504',
    matches: status(408, 504),
    // A model's first reply may be slow; if it stays slow, the measured requests show that.
    warmUp: 'wait',
    measured: 'failed',
    advice: () =>
      "The model took longer than the deployment's request_timeout_ms (5 s unless set). Make it faster, or raise request_settings.request_timeout_ms.",
  },
  {
    when: '407',
    matches: status(407),
    warmUp: 'error',
    measured: 'error',
    advice: () =>
      'A proxy on the way asks for a user and password. Put them into HTTPS_PROXY, from a secret.',
  },
  {
    when: '413',
    matches: status(413),
    warmUp: 'error',
    measured: 'error',
    advice: () => 'The request is larger than the front door takes. Send a smaller sample.',
  },
  {
    when: '424 with ms-azureml-model-error-reason: model_not_ready, 503',
    matches: either(reason('model_not_ready'), status(503)),
    warmUp: 'wait',
    measured: 'inconclusive',
    notReady: true,
    advice: () =>
      "The deployment is not ready to answer. Wait longer with 'warm-up', or look whether its containers keep restarting.",
  },
  {
    when: '429',
    matches: status(429),
    warmUp: 'wait',
    measured: 'inconclusive',
    advice: () =>
      'The deployment has more requests than it takes. Ask with less concurrency, when it is less busy, or give it more instances (or a larger max_concurrent_requests_per_instance).',
  },
  {
    when: '424',
    matches: status(424),
    warmUp: 'failed',
    measured: 'failed',
    advice: () => `The model's container answered with an error. Its log says more; ${TROUBLESHOOTING}`,
  },
  {
    when: '500 without the scoring script having run',
    matches: status(500),
    warmUp: 'wait',
    measured: 'inconclusive',
    advice: () => `Azure Machine Learning itself failed. Run the step again; ${TROUBLESHOOTING}`,
  },
  {
    when: '502 with azureml-model-deployment',
    matches: reply(({ status: code, headers }) => code === 502 && 'azureml-model-deployment' in headers),
    warmUp: 'failed',
    measured: 'failed',
    advice: () =>
      'On Kubernetes this means that the scoring script raised or its container crashed. Its log says more.',
  },
  {
    when: '502',
    matches: status(502),
    // No deployment is named, so a gateway sent it: the next request may get through.
    warmUp: 'wait',
    measured: 'failed',
    notReady: true,
    advice: () =>
      "Nothing answered behind the gateway. Does the model's container crash or restart? Its log says more.",
  },
  {
    when: 'any other 4xx',
    matches: range(400, 499),
    warmUp: 'failed',
    measured: 'failed',
    advice: () => 'The model refused the request. Does the sample request fit this model?',
  },
  {
    when: 'any other status',
    matches: kind('reply'),
    warmUp: 'error',
    measured: 'error',
    advice: () => `No answer of the endpoint's is known with this status; ${TROUBLESHOOTING}`,
  },
  {
    when: 'no whole answer within the timeout',
    matches: kind('timeout'),
    warmUp: 'wait',
    measured: 'failed',
    advice: () => "Raise 'timeout' when the model is meant to be this slow.",
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
    matches: (exchange) => exchange.kind === 'unreachable' && passesByItself(exchange.cause),
    warmUp: 'wait',
    measured: 'failed',
    notReady: true,
    advice: () =>
      "Nothing listens, or it hangs up. Does the model's container crash or restart? Its log says more.",
  },
  {
    when: 'no way to the host: unknown name, certificate not trusted, proxy',
    matches: kind('unreachable'),
    warmUp: 'error',
    measured: 'error',
    advice: () => '',
  },
];

/** The row that decides about an exchange. */
export function rowOf(exchange: Exchange): Row {
  const row = ROWS.find(({ matches }) => matches(exchange));
  if (row === undefined) throw new Error('the rows of the table leave no exchange out');
  return row;
}
