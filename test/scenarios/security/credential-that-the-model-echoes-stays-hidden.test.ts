import { expect, test } from 'vitest';
import { json, type ScoringRequest } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const ECHOES: readonly (readonly [how: string, echo: (credential: string) => string])[] = [
  ['as it is', (credential) => `bad header: Bearer ${credential}`],
  [
    'in base64 of a longer text',
    (credential) => Buffer.from(`{"authorization":"Bearer ${credential}"}`).toString('base64'),
  ],
  ['reversed', (credential) => [...credential].reverse().join('')],
  [
    'in halves',
    (credential) =>
      `${credential.slice(0, credential.length / 2)} and ${credential.slice(credential.length / 2)}`,
  ],
  [
    'percent-encoded and in hex',
    (credential) => `${encodeURIComponent(credential)} ${Buffer.from(credential).toString('hex')}`,
  ],
  ['over several lines', (credential) => credential.replace(/(.{8})/g, '$1\n')],
];

test.each(ECHOES)('%s', async (_, echo) => {
  const model = ({ headers }: ScoringRequest) => {
    const message = echo(String(headers.authorization).slice('Bearer '.length));
    return json(500, { message }, { 'x-echo': encodeURIComponent(message) });
  };
  for (const endpoint of ['churn-key', 'churn-token']) {
    azure.endpoints.get(endpoint)!.deployments.get('blue')!.model = model;
    const { error, log, summary } = await step({ inputs: { endpoint, 'sample-request': SAMPLE } });

    // That nothing leaks is checked after every step.
    for (const text of [error, log]) expect(text).toContain('***');
    // Markdown would read stars as markup.
    expect(summary).toContain('&#42;&#42;&#42;');
    expect(error).toContain('answered 424');
  }
});
