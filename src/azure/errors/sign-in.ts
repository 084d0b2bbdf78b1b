import { words } from '../../text/words.ts';
import { CHECK_METADATA_URL } from './advice.ts';
import { answered, findRow, type Lines, optional, type Refusal, type Row } from './refusal.ts';

const ID_TOKEN_ROWS: readonly Row[] = [
  {
    status: [401, 403, 404],
    lines: ({ response }) => [
      `${words.idToken.service} gives this job no ID token (HTTP ${response.status}).`,
      ...words.idToken.refused,
    ],
  },
];

/** What the ID-token service of the host refused, and what to do. */
export function explainIdToken(refusal: Refusal): Lines {
  return findRow(ID_TOKEN_ROWS, refusal)?.lines(refusal) ?? [answered(refusal), words.idToken.fault];
}

export const WHERE_MANAGED_IDENTITIES_ARE = words.managedIdentity;

const IDENTITY_ROWS: readonly Row[] = [
  {
    status: [400],
    says: /multiple user.assigned identities/i,
    lines: () => [
      'This machine has several user-assigned managed identities, and the sign-in names none.',
      `Set ${words.theInputs(['client-id'])} to the client ID of the one to use.`,
    ],
  },
  {
    status: [400],
    says: /identity not found/i,
    lines: ({ context: { clientId } }) =>
      clientId === undefined || clientId === ''
        ? [
            'This machine has no system-assigned managed identity.',
            `Turn it on, or set ${words.theInputs(['client-id'])} to a user-assigned one that the machine has.`,
          ]
        : [
            `This machine has no managed identity with client ID${optional(clientId)}.`,
            `Assign the identity to the machine, or check ${words.theInputs(['client-id'])}: it is the client ID, not the object ID.`,
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
      `Check that the machine has a managed identity, and ${words.theInputs(['client-id'])} when it has several.`,
    ]
  );
}

/** What the cloud's metadata service refused. */
export function explainMetadata(refusal: Refusal): Lines {
  return [answered(refusal), CHECK_METADATA_URL];
}
