import { OnlineDeploymentsImpl } from '@azure/arm-machinelearning/dist-esm/src/operations/onlineDeployments.js';
import { OnlineEndpointsImpl } from '@azure/arm-machinelearning/dist-esm/src/operations/onlineEndpoints.js';
import { ServiceClient, type ServiceClientOptions } from '@azure/core-client';

/** The API version that the package's operations and models are generated for. */
const API_VERSION = '2022-10-01';

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
}
