import { describe, expect, test } from 'vitest';
import { metadataDocument } from '../../support/azure-documents.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const SECRET = { login: 'client-secret', 'client-secret': azure.clientSecret };

test('the log says which hosts the document names', async () => {
  const { log, outputs } = await step();

  expect(log).toContain(
    `Cloud 'LocalAzure': the authority is ${azure.entraHost}, Resource Manager ${azure.resourceManagerHost}.\n`,
  );
  expect(outputs.verdict).toBe('skipped');
});

describe('nothing is sent when the document names', () => {
  test.each([
    [
      'another authority',
      { entra: 'https://login.evil.example' },
      "'https://login.evil.example' as the cloud's authority",
    ],
    [
      'an authority by its address',
      { entra: 'https://127.0.0.1:8443' },
      "'https://127.0.0.1:8443' as the cloud's authority",
    ],
    ['a host whose name ends alike', { entra: 'https://login.notlocalhost' }, 'login.notlocalhost'],
    [
      'another Resource Manager',
      { resourceManager: 'https://management.evil.example' },
      "'https://management.evil.example' as the cloud's Resource Manager",
    ],
  ])('%s', async (_what, changes, told) => {
    azure.setFault('metadata', { kind: 'body', body: metadataDocument(azure, changes) });
    const { error, exchanges } = await step({ inputs: SECRET });

    expect(error).toContain("The metadata document of 'localhost' names");
    expect(error).toContain(told);
    expect(error).toContain('nothing was sent there');
    expect(exchanges.map(({ call }) => call)).toEqual(['metadata']);
  });

  test('another authority, whatever auto would try', async () => {
    azure.setFault('metadata', {
      kind: 'body',
      body: metadataDocument(azure, { entra: 'https://login.evil.example' }),
    });
    const { error } = await step({
      inputs: { 'client-id': undefined, 'tenant-id': undefined },
      env: { PATH: '/nowhere' },
    });

    expect(error).toContain("The metadata document of 'localhost' names");
  });
});
