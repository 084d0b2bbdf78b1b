import { jsonAnswer } from './answers.ts';
import type { World } from './state.ts';
import type { Answer } from './wire.ts';

const METADATA_API_VERSIONS = ['2019-05-01', '2022-09-01'];

/** Resource Manager's description of its cloud, as `GET /metadata/endpoints` gives it. */
export function answerMetadata({ origins, tenant }: World, apiVersion: string | null): Answer {
  if (apiVersion === null || !METADATA_API_VERSIONS.includes(apiVersion)) {
    const supported = METADATA_API_VERSIONS.join(',');
    const message = `The api-version '${apiVersion ?? ''}' is invalid. The supported versions are '${supported}'.`;
    return jsonAnswer(400, { error: { code: 'InvalidApiVersionParameter', message } });
  }
  return jsonAnswer(200, [
    {
      name: 'LocalAzure',
      // Clients derive the audience of Azure Machine Learning by putting 'ml' in the place of 'portal'.
      portal: tenant.dataPlaneAudience.replace('ml', 'portal'),
      authentication: {
        loginEndpoint: origins.entra,
        audiences: [origins.resourceManager, `${origins.resourceManager}/`],
        tenant: 'common',
        identityProvider: 'AAD',
      },
      resourceManager: origins.resourceManager,
      suffixes: { storage: 'core.local-azure.example' },
    },
  ]);
}
