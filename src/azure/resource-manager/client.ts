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
 * Every field of a good answer as it came. The package's own models make lists of single values, numbers of
 * texts and names of the letters of a text, so that nobody could tell any more what came.
 */
const AS_IT_CAME: CompositeMapper = { type: { name: 'Composite', className: 'Answer', modelProperties: {} } };

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
    // The groups use nothing of the client but what this class has.
    const client = this as unknown as ConstructorParameters<typeof OnlineEndpointsImpl>[0];
    this.onlineEndpoints = new OnlineEndpointsImpl(client);
    this.onlineDeployments = new OnlineDeploymentsImpl(client);
  }
  /** The types of what comes are not checked, whatever the package's declarations say. */
  override async sendOperationRequest<T>(args: OperationArguments, spec: OperationSpec): Promise<T> {
    const responses = { ...spec.responses, 200: { bodyMapper: AS_IT_CAME } };
    const answer = await super.sendOperationRequest<Record<string, unknown>>(args, { ...spec, responses });
    // The package goes through a list and its pages before anyone else can look at them.
    if (!Array.isArray(answer.value)) delete answer.value;
    if (typeof answer.nextLink !== 'string') delete answer.nextLink;
    return answer as T;
  }
}
