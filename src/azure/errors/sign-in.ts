import { CHECK_METADATA_URL } from './advice.ts';
import { answered, findRow, type Lines, optional, type Refusal, type Row } from './refusal.ts';

const NO_ID_TOKEN: Lines = [
  'Give the job the right to ask for one, beside what else it needs:',
  '  permissions:',
  '    id-token: write',
  '    contents: read',
  'A reusable workflow gets it only if the calling job has it too. Pull requests from forks get no ID token.',
];

const ID_TOKEN_ROWS: readonly Row[] = [
  {
    status: [401, 403, 404],
    lines: ({ response }) => [
      `GitHub's ID-token service gives this job no ID token (HTTP ${response.status}).`,
      ...NO_ID_TOKEN,
    ],
  },
];

/** What GitHub's ID-token service refused, and what to do. */
export function explainIdToken(refusal: Refusal): Lines {
  return (
    findRow(ID_TOKEN_ROWS, refusal)?.lines(refusal) ?? [
      answered(refusal),
      'This is a fault of GitHub. Run the job again later; https://www.githubstatus.com shows known faults.',
    ]
  );
}

export const WHERE_MANAGED_IDENTITIES_ARE =
  'login: managed-identity works on a self-hosted runner in Azure alone. On a GitHub-hosted runner use login: oidc.';

const IDENTITY_ROWS: readonly Row[] = [
  {
    status: [400],
    says: /multiple user.assigned identities/i,
    lines: () => [
      'This machine has several user-assigned managed identities, and the sign-in names none.',
      "Set the input 'client-id' to the client ID of the one to use.",
    ],
  },
  {
    status: [400],
    says: /identity not found/i,
    lines: ({ context: { clientId } }) =>
      clientId === undefined || clientId === ''
        ? [
            'This machine has no system-assigned managed identity.',
            "Turn it on, or set the input 'client-id' to a user-assigned one that the machine has.",
          ]
        : [
            `This machine has no managed identity with client ID${optional(clientId)}.`,
            "Assign the identity to the machine, or check the input 'client-id': it is the client ID, not the object ID.",
          ],
  },
  {
    status: [404],
    lines: () => ['This machine has no managed identity service (HTTP 404).', WHERE_MANAGED_IDENTITIES_ARE],
  },
];

/** What the managed identity service of the machine refused, and what to do. */
export function explainManagedIdentity(refusal: Refusal): Lines {
  return (
    findRow(IDENTITY_ROWS, refusal)?.lines(refusal) ?? [
      answered(refusal),
      "Check that the machine has a managed identity, and the input 'client-id' when it has several.",
    ]
  );
}

/** What the cloud's metadata service refused. */
export function explainMetadata(refusal: Refusal): Lines {
  return [answered(refusal), CHECK_METADATA_URL];
}
