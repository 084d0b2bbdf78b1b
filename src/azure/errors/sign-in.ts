import { findRow, type Lines, optional, quoted, type Refusal, type Row } from './refusal.ts';

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
    lines: ({ answer }) => [
      `GitHub's ID-token service gives this job no ID token (HTTP ${answer.status}).`,
      ...NO_ID_TOKEN,
    ],
  },
];

/** What GitHub's ID-token service refused, and what to do. */
export function explainIdToken(refusal: Refusal): Lines {
  return (
    findRow(ID_TOKEN_ROWS, refusal)?.lines(refusal) ?? [
      `GitHub's ID-token service (${refusal.host}) answered HTTP ${refusal.answer.status}: ${quoted(refusal) || 'it gave no reason'}`,
      'This is a fault of GitHub. Run the job again later; https://www.githubstatus.com shows known faults.',
    ]
  );
}

const NOT_A_MACHINE_WITH_IDENTITY =
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
    lines: ({ situation: { clientId } }) =>
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
    lines: () => ['This machine has no managed identity service (HTTP 404).', NOT_A_MACHINE_WITH_IDENTITY],
  },
];

/** What the managed identity service of the machine refused, and what to do. */
export function explainManagedIdentity(refusal: Refusal): Lines {
  return (
    findRow(IDENTITY_ROWS, refusal)?.lines(refusal) ?? [
      `The managed identity service (${refusal.host}) answered HTTP ${refusal.answer.status}: ${quoted(refusal) || 'it gave no reason'}`,
      "Check that the machine has a managed identity, and the input 'client-id' when it has several.",
    ]
  );
}

export const NO_MANAGED_IDENTITY_SERVICE: Lines = [NOT_A_MACHINE_WITH_IDENTITY];

/** What the cloud's metadata service refused. */
export function explainMetadata(refusal: Refusal): Lines {
  return [
    `The cloud's metadata service (${refusal.host}) answered HTTP ${refusal.answer.status}: ${quoted(refusal) || 'it gave no reason'}`,
    METADATA_URL,
  ];
}

export const METADATA_URL =
  "Check the URL in the input 'cloud' (or ARM_CLOUD_METADATA_URL): it ends in /metadata/endpoints?api-version=2022-09-01.";
