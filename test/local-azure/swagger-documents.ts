type Schema = Readonly<Record<string, unknown>>;

export interface Described {
  /** Of the request body, its example included. */
  readonly input: Schema;
  /** Of a good answer. */
  readonly output: Schema;
}

/**
 * The document that the inference server makes of a script with `inference-schema` decorators.
 * @see https://github.com/microsoft/azureml-inference-server `server/swagger.py` and its templates
 */
export function swaggerDocument(version: '2' | '3' | '3.1', described: Described): unknown {
  return version === '2' ? version2(described) : version3(version === '3' ? '3.0.3' : '3.1.0', described);
}

const INFO = {
  title: 'ML service',
  description: 'API specification for the Azure Machine Learning service ML service',
  version: '1.0',
};
const BEARER = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  description: 'For example: Bearer abc123',
};
const ERROR = { type: 'object', properties: { message: { type: 'string' } } };
const HEALTH = { operationId: 'ServiceHealthCheck', description: 'Simple health check endpoint' };
const RUN = {
  operationId: 'RunMLService',
  description: "Run web service's model and get the prediction output",
  security: [{ Bearer: [] }],
};

const OWN = { operationId: 'GetSwaggerSpec', description: 'Get the Swagger specification.' };

function version2({ input, output }: Described): unknown {
  const answer = (description: string, schema: Schema) => ({ description, schema });
  const failed = answer('The service failed', { $ref: '#/definitions/ErrorResponse' });
  return {
    swagger: '2.0',
    info: INFO,
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: { Bearer: BEARER },
    paths: {
      '/': {
        get: { ...HEALTH, responses: { 200: answer('Healthy', { type: 'string' }), default: failed } },
      },
      '/score': {
        post: {
          ...RUN,
          parameters: [
            { name: 'serviceInputPayload', in: 'body', schema: { $ref: '#/definitions/ServiceInput' } },
          ],
          responses: {
            200: answer('The service processed the input', { $ref: '#/definitions/ServiceOutput' }),
            default: failed,
          },
        },
      },
      '/swagger.json': {
        get: {
          ...OWN,
          parameters: [{ name: 'version', in: 'query', required: false, type: 'integer', enum: [2, 3] }],
          responses: {
            200: answer('The Swagger specification.', { type: 'string' }),
            default: failed,
          },
        },
      },
    },
    definitions: { ServiceInput: input, ServiceOutput: output, ErrorResponse: ERROR },
  };
}

function version3(openapi: string, { input, output }: Described): unknown {
  const content = (schema: Schema, type = 'application/json') => ({ content: { [type]: { schema } } });
  const reference = (name: string) => content({ $ref: `#/components/schemas/${name}` });
  const failed = { description: 'The service failed', ...reference('ErrorResponse') };
  const healthy = {
    description: 'Healthy',
    ...content({ type: 'string', example: 'Healthy' }, 'text/plain'),
  };
  return {
    openapi,
    info: INFO,
    security: [{ Bearer: [] }],
    paths: {
      '/': { get: { ...HEALTH, responses: { 200: healthy, default: failed } } },
      '/score': {
        post: {
          ...RUN,
          requestBody: reference('ServiceInput'),
          responses: {
            200: { description: 'The service processed the input', ...reference('ServiceOutput') },
            default: failed,
          },
        },
      },
      '/swagger.json': {
        get: {
          ...OWN,
          parameters: [
            { name: 'version', in: 'query', required: false, schema: { type: 'integer', enum: [2, 3] } },
          ],
          responses: {
            200: { description: 'The Swagger specification.', ...content({ type: 'string' }, 'text/plain') },
            default: failed,
          },
        },
      },
    },
    components: {
      schemas: { ServiceInput: input, ServiceOutput: output, ErrorResponse: ERROR },
      securitySchemes: { Bearer: BEARER },
    },
  };
}
