import { OnlineDeploymentsImpl } from '@azure/arm-machinelearning/dist-esm/src/operations/onlineDeployments.js';
import { OnlineEndpointsImpl } from '@azure/arm-machinelearning/dist-esm/src/operations/onlineEndpoints.js';
import {
  type CompositeMapper,
  type OperationArguments,
  type OperationSpec,
  ServiceClient,
  type ServiceClientOptions,
} from '@azure/core-client';

/** The API version that the package's operations and models are generated for. */
const API_VERSION = '2022-10-01';

/**
 * A model of a good response that changes nothing. The package's own models convert what does not fit (a single
 * value to a list, a string to a number), so that a response of a wrong type could not be explained any more.
 */
const AS_IT_CAME: CompositeMapper = {
  type: { name: 'Composite', className: 'Response', modelProperties: {} },
};

/**
 * The package's client with the two groups of operations that the step uses. Its own client class makes
 * all 27 groups, and loading their models takes twice as long as the rest of Resource Manager together.
 */
export class MachineLearningClient extends ServiceClient {
  readonly subscriptionId: string;
  readonly $host: string;
  readonly apiVersion = API_VERSION;
  readonly onlineEndpoints: OnlineEndpointsImpl;
  readonly onlineDeployments: OnlineDeploymentsImpl;

  constructor(resourceManager: string, subscriptionId: string, options: ServiceClientOptions) {
    super({
      requestContentType: 'application/json; charset=utf-8',
      credentialScopes: `${resourceManager}/.default`,
      ...options,
      endpoint: resourceManager,
    });
    this.subscriptionId = subscriptionId;
    this.$host = resourceManager;
    // The groups are declared to need the package's own client, but use nothing that this class does not have.
    const client = this as unknown as ConstructorParameters<typeof OnlineEndpointsImpl>[0];
    this.onlineEndpoints = new OnlineEndpointsImpl(client);
    this.onlineDeployments = new OnlineDeploymentsImpl(client);
  }

  /** Nothing checks that the response is of type T: read it as `unknown`. */
  override async sendOperationRequest<T>(args: OperationArguments, spec: OperationSpec): Promise<T> {
    const responses = { ...spec.responses, 200: { bodyMapper: AS_IT_CAME } };
    const body = await super.sendOperationRequest<Record<string, unknown>>(args, { ...spec, responses });
    // The package itself iterates over `value` and requests `nextLink`, so those two must be of the right type.
    if (!Array.isArray(body.value)) delete body.value;
    if (typeof body.nextLink !== 'string') delete body.nextLink;
    return body as T;
  }
}
