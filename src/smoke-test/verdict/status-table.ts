import { isSameName } from '../../azure/naming-rules.ts';
import { words } from '../../text/words.ts';
import type { Exchange } from '../request/exchange.ts';
import { deploymentNamedBy, valuesOf } from '../request/reply-headers.ts';
import {
  either,
  hasPageStatus,
  isOfNobody,
  isPage,
  kind,
  range,
  reason,
  reply,
  says,
  status,
} from './matchers.ts';
import { NO_REPLY_ROWS } from './no-reply-rows.ts';
import { slashAdvice } from './redirect.ts';
import { authorOf, hasWords, holdsJson, isOfDeployment } from './refusal-author.ts';
import { SERVER_ROWS } from './server-rows.ts';
import { headerSays, noRoute, type Row } from './status-row.ts';

const TROUBLESHOOTING =
  'https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints';

/** How services of Azure refuse an identity: Resource Manager, storage, Key Vault, Azure OpenAI, prompt flow. */
const NO_RIGHTS =
  /AuthorizationFailed|AuthorizationPermissionMismatch|ForbiddenByRbac|PermissionDenied|does not have (?:authorization|permissions?) to|lacks the required data action|access was recently granted/i;

/**
 * Every status, header and event, and what it means in each phase. The first row that matches decides.
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints, HTTP status codes
 */
export const ROWS: readonly Row[] = [
  {
    when: 'azureml-model-deployment of another deployment than the one asked for',
    matches: reply((each) => {
      const named = deploymentNamedBy(each);
      const { askedDeployment } = each;
      // What is no name at all proves no less that something else than the front door had a hand in it.
      return askedDeployment !== undefined && named !== undefined && !isSameName(named, askedDeployment);
    }),
    warmUp: 'error',
    measured: 'error',
    evenIfExpected: true,
    advice: ({ deployment }, exchange) =>
      `A different deployment answered, not the one that was asked for${deployment === undefined ? '' : `, '${deployment}'`}: this says nothing about it. ${headerSays(exchange)}Does a gateway in front of the endpoint drop the header azureml-model-deployment?`,
  },
  {
    when: 'x-ms-run-function-failed: True',
    matches: reply((each) =>
      valuesOf(each, 'x-ms-run-function-failed').some((value) => value.toLowerCase() === 'true'),
    ),
    warmUp: 'failed',
    measured: 'failed',
    advice: () => "The scoring script's run() failed. Its container log has the traceback.",
  },
  {
    when: '2xx or 4xx with a page, and none of the headers that the front door and the model set',
    matches: (exchange) => hasPageStatus(exchange) && isPage(exchange),
    warmUp: 'error',
    measured: 'error',
    advice: ({ host }) =>
      `${host} answered with a web page of something in between, such as a sign-in page or a proxy, and not with an answer of the model. Check the network of the ${words.machine} and HTTPS_PROXY.`,
  },
  { when: '2xx', matches: range(200, 299), warmUp: 'usable', measured: 'usable', advice: () => '' },
  {
    when: '3xx, also as ms-azureml-model-error-statuscode of a 424',
    matches: either(
      range(300, 399),
      reply(
        (each) =>
          each.status === 424 &&
          valuesOf(each, 'ms-azureml-model-error-statuscode').some((value) => /^3\d\d$/.test(value)),
      ),
    ),
    warmUp: 'error',
    measured: 'error',
    advice: (_, exchange) =>
      slashAdvice(exchange) ??
      "A redirect is never followed: the credential goes to the scoring URI's origin only. Is there a gateway in front of the endpoint?",
  },
  {
    when: '401, 403, 404, 413, 501 or a rare 5xx of the model: with the headers of its server, or JSON and azureml-model-deployment',
    matches: reply(
      (each) =>
        ([401, 403, 404, 413, 501].includes(each.status) || (each.status >= 505 && each.status < 600)) &&
        authorOf(each) === 'model' &&
        hasWords(each),
    ),
    warmUp: 'failed',
    measured: 'failed',
    advice: (_, exchange) =>
      exchange.kind === 'reply' && exchange.status === 404
        ? "This came from the model's own server: it does not have this path, or a model of that name. Check the path and the name in the request."
        : "This came from the model's own server, not from Azure. Its container log says more.",
  },
  {
    when: '401',
    matches: status(401),
    warmUp: 'error',
    measured: 'error',
    advice: ({ authMode }) =>
      authMode === 'key'
        ? 'The front door refused the key. Was it regenerated a moment ago? Run the step again; a new key takes a while to arrive.'
        : `The front door refused the token: it is wrong for this endpoint, or it has expired. Look at the clock of the ${words.machine}, and at ${words.input('cloud')} when this is not the public cloud.`,
  },
  {
    when: '403',
    matches: status(403),
    warmUp: 'error',
    measured: 'error',
    advice: ({ endpoint, authMode }) =>
      authMode !== 'aad_token'
        ? `Endpoint '${endpoint}' takes ${authMode === 'key' ? 'a key' : 'a token of its own'}, so this is not about roles in Azure. Something in front of the endpoint refused the request: a firewall or gateway, or the network rules of the workspace. Its log says by which rule.`
        : `The identity is not allowed to score. It needs the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action, and Microsoft.MachineLearningServices/workspaces/*/read, on endpoint '${endpoint}' or its workspace. The built-in role 'AzureML Data Scientist' has both. A new assignment takes some minutes.`,
  },
  {
    when: '404 that says "No valid deployments to route to"',
    matches: reply((each) => each.status === 404 && says(/No valid deployments to route to/i)(each)),
    // A deployment, or its traffic, becomes visible to the front door a while after Resource Manager tells of it.
    warmUp: 'wait',
    measured: 'error',
    notReady: true,
    needsRoute: true,
    advice: (addressee) => noRoute(addressee),
  },
  {
    when: '404',
    matches: status(404),
    warmUp: 'error',
    measured: 'error',
    advice: (addressee) => noRoute(addressee),
  },
  {
    when: '504 with a page, and none of the headers that the front door and the model set',
    matches: reply((each) => each.status === 504 && isPage(each)),
    // A gateway on the way gave up waiting: nobody knows whether the model was slow, or was asked at all.
    warmUp: 'wait',
    measured: 'inconclusive',
    advice: () =>
      'Something on the way, such as a gateway or a proxy, sent this page instead of an answer, because it gave up waiting. Raise its timeout, or go around it.',
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
    advice: () => 'The request is larger than the front door accepts. Send a smaller sample.',
  },
  {
    when: '424 or 503 of a server that has no worker',
    matches: reply((each) => [424, 503].includes(each.status) && says(/\bno workers?\b/i)(each)),
    warmUp: 'wait',
    measured: 'inconclusive',
    notReady: true,
    advice: () =>
      "The model's server runs without a worker. If this lasts, its workers die while they load the model, or none is started: the container log says why.",
  },
  {
    when: '424 of a model whose identity has no rights yet',
    matches: reply((each) => each.status === 424 && says(NO_RIGHTS)(each)),
    // A role assignment takes some minutes until it holds everywhere.
    warmUp: 'wait',
    measured: 'failed',
    advice: () =>
      "The identity of the endpoint lacks a right that the model needs. A new role assignment takes some minutes. If it lasts, assign the role that the message names to the endpoint's identity.",
  },
  {
    when: '424 with ms-azureml-model-error-reason: model_not_ready, 503',
    matches: either(reason('model_not_ready'), status(503)),
    warmUp: 'wait',
    measured: 'inconclusive',
    notReady: true,
    advice: () =>
      `The deployment is not ready to answer. Wait longer with ${words.input('warm-up')}, or look whether its containers keep restarting.`,
  },
  {
    when: '429',
    matches: status(429),
    warmUp: 'wait',
    measured: 'inconclusive',
    advice: () =>
      'The deployment gets more requests than it can take. Lower the concurrency, test when it is less busy, or give it more instances (or a larger max_concurrent_requests_per_instance).',
  },
  {
    when: '424',
    matches: status(424),
    warmUp: 'failed',
    measured: 'failed',
    advice: () => `The model's container answered with an error. Its log says more; ${TROUBLESHOOTING}`,
  },
  {
    when: '500 with azureml-model-deployment and JSON',
    matches: reply((each) => each.status === 500 && isOfDeployment(each) && holdsJson(each)),
    // On Kubernetes the container's own status is passed on; a server that still loads its model may answer so.
    warmUp: 'wait',
    measured: 'failed',
    advice: () => "The model's own server failed. Its container log says more.",
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
    measured: 'inconclusive',
    notReady: true,
    advice: () =>
      "Nothing answered behind the gateway. Does the model's container crash or restart? Its log says more.",
  },
  {
    when: 'any other 4xx with none of the headers that the front door and the model set',
    matches: (exchange) => range(400, 499)(exchange) && isOfNobody(exchange),
    warmUp: 'error',
    measured: 'error',
    advice: ({ host }) =>
      `Nothing in the reply shows that the model sent it, so it says nothing about the model. Does a gateway or a proxy stand before ${host}? Its log says why it refused.`,
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
    advice: () => `Azure ML endpoints are not known to return this status; ${TROUBLESHOOTING}`,
  },
  ...NO_REPLY_ROWS,
];

/** The row that decides about an exchange. */
export function rowOf(exchange: Exchange): Row {
  const rows = exchange.toServer ? [...SERVER_ROWS, ...ROWS] : ROWS;
  const row = rows.find(({ matches }) => matches(exchange));
  if (row === undefined) throw new Error('the rows of the table leave no exchange out');
  return row;
}
