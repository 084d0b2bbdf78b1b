import { expect, test } from 'vitest';
import { container, inferenceServer, swaggerDocument } from '../../local-azure/index.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': 'swagger' };
const deployment = (name = 'blue') => azure.endpoints.get('churn-key')!.deployments.get(name)!;

const EXAMPLE = { data: [[1.5, 2, 3]] };
const DESCRIBED = {
  input: {
    type: 'object',
    properties: { data: { type: 'array', items: { type: 'array', items: { type: 'number' } } } },
    example: EXAMPLE,
  },
  output: { type: 'array', items: { type: 'number', format: 'double' }, example: [11055.9] },
};

test.each(['2', '3', '3.1'] as const)(
  'the example of a document of version %s is sent, and the answer is held against its schema',
  async (version) => {
    const document = swaggerDocument(version, DESCRIBED);
    deployment().model = inferenceServer(
      ({ data }) => (data as number[][]).map(([first]) => first),
      document,
    );
    const good = await step({ inputs: INPUTS });
    deployment().model = inferenceServer(() => ['eleven thousand'], document);
    const bad = await step({ inputs: INPUTS });

    expect(good.outputs.verdict).toBe('passed');
    const [asked, scored] = good.sent('scoring');
    expect(asked).toMatchObject({ method: 'GET', url: good.outputs['swagger-uri'] });
    expect(scored).toMatchObject({ method: 'POST', body: JSON.stringify(EXAMPLE) });
    expect(scored?.headers['content-type']).toBe('application/json');
    expect(bad.outputs.verdict).toBe('failed');
    expect(bad.error).toMatch(/- schema \/0: expected .*number.*, received "eleven thousand"/);
  },
);

test('the document is that of the deployment under test', async () => {
  deployment('blue').model = inferenceServer(() => [1], swaggerDocument('2', DESCRIBED));
  const input = { ...DESCRIBED.input, example: { data: [[4, 5, 6]] } };
  deployment('green').model = inferenceServer(() => [1], swaggerDocument('2', { ...DESCRIBED, input }));
  const { outputs, sent } = await step({ inputs: { ...INPUTS, deployment: 'green' } });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  const [asked, scored] = sent('scoring');
  expect(asked?.headers['azureml-model-deployment']).toBe('green');
  expect(scored?.body).toBe('{"data":[[4,5,6]]}');
});

test('a later version is read when the scoring script cannot be described in version 2', async () => {
  deployment().model = inferenceServer(() => [1], null, { '3.1': swaggerDocument('3.1', DESCRIBED) });
  const { outputs, sent } = await step({ inputs: INPUTS });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring').at(-1)?.body).toBe(JSON.stringify(EXAMPLE));
});

test('a document without an example is told with what it does have', async () => {
  const { example: _, ...input } = DESCRIBED.input;
  deployment().model = inferenceServer(() => [1], swaggerDocument('3', { ...DESCRIBED, input }));
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain("The OpenAPI document of endpoint 'churn-key' gives no sample request.");
  expect(error).toContain('It has no example request for POST /score, which takes an object with data.');
  expect(error).toContain('inference-schema');
  expect(outputs.verdict).toBe('error');
  expect(outputs).toHaveProperty('credential');
  expect(sent('scoring')).toHaveLength(1);
});

test.each([
  [
    'no document',
    container(404, 'application/json', '{"detail":"Not Found"}'),
    "cannot be read. Endpoint 'churn-key' answered 424 (model_error, the model's own status 404): Not Found",
  ],
  ['no JSON', container(200, 'text/html', '<html></html>'), 'It is not JSON.'],
  [
    'another format',
    container(200, 'application/json', '{"asyncapi":"2.6.0"}'),
    'It is not an OpenAPI document',
  ],
  [
    'other routes',
    container(
      200,
      'application/json',
      '{"openapi":"3.1.0","paths":{"/a":{"post":{}},"/b":{"put":{}},"/c":{"get":{}}}}',
    ),
    'It describes: POST /a, PUT /b.',
  ],
])('%s is told', async (_, model, told) => {
  deployment().model = model;
  const { error, outputs, sent } = await step({ inputs: INPUTS });

  expect(error).toContain(told);
  expect(outputs.verdict).toBe('error');
  expect(sent('scoring').every(({ method }) => method === 'GET')).toBe(true);
});
