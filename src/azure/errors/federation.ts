import { capitalized, words } from '../../text/words.ts';
import type { ErrorContext } from './error-context.ts';
import { find, guid, type Lines, named, optional } from './refusal.ts';

type Assertion = NonNullable<ErrorContext['assertion']>;

/** Why a federated credential does not match, by Entra's code. */
const REASONS: Readonly<Record<number, string>> = {
  70025: 'it has no federated credential at all.',
  700211: "none of its federated credentials has the ID token's issuer.",
  700212: "none of its federated credentials has the ID token's audience.",
  7002138: "a federated credential differs from the ID token's subject in upper and lower case only.",
};

export const FEDERATION_CODES: readonly number[] = [70021, 70025, 700211, 700212, 700213, 7002138];

/**
 * The three values that a federated credential must hold, and the command that makes one.
 * @param message Entra's, which may name the values when the step itself does not know them
 */
export function explainFederation(code: number, message: string, context: ErrorContext): Lines {
  const presented = presentedIn(message);
  const issuer = context.assertion?.issuer ?? presented.issuer;
  const subject = context.assertion?.subject ?? presented.subject;
  const audience = context.assertion?.audience ?? presented.audience;
  const reason = REASONS[code] ?? 'no federated credential matches the ID token that was presented.';
  const told = [
    ...(issuer === undefined ? [] : [`  issuer: ${named(issuer)}`]),
    ...(subject === undefined ? [] : [`  subject: ${named(subject)}`]),
    ...(audience === undefined ? [] : [`  audience: ${named(audience)}`]),
  ];
  return [
    `Entra refused the sign-in of application${optional(context.clientId)} (AADSTS${code}): ${reason}`,
    ...(told.length === 0 ? [] : ['The ID token says:', ...told]),
    'A federated credential must hold all three letter by letter, upper and lower case included.',
    ...command(context.clientId, { issuer, subject, audience }),
    ...(subject === undefined ? [] : aboutSubject(subject)),
    ...(code === 700212
      ? [`${capitalized(words.theInputs(['cloud']))} decides which audience is asked for: check it.`]
      : []),
  ];
}

function presentedIn(message: string): Partial<Assertion> {
  const issuer = find(/assertion issuer:? '([^']+)'/i, message);
  const subject = find(/assertion subject:? '([^']+)'/i, message);
  const audience = find(/assertion audience:? '([^']+)'/i, message);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(audience === undefined ? {} : { audience }),
  };
}

/**
 * Values that every shell takes as they are. A command is offered for these only: a branch's name may hold quotes and
 * `$`, and the person who pastes the command need not be the one who named the branch.
 */
const PASTABLE = /^[A-Za-z0-9_.:/@+=-]{1,600}$/;

function command(
  clientId: string | undefined,
  { issuer, subject, audience }: { readonly [claim in keyof Assertion]: string | undefined },
): Lines {
  if (issuer === undefined || subject === undefined || audience === undefined) return [];
  if (![issuer, subject, audience].every((value) => PASTABLE.test(value))) {
    return ['The values hold characters that a shell would read: add the credential in the Azure portal.'];
  }
  const parameters = JSON.stringify({
    name: credentialName(subject),
    issuer,
    subject,
    audiences: [audience],
  });
  return [
    'To add it:',
    `  az ad app federated-credential create --id ${guid(clientId) ?? '<client-id>'} --parameters '${parameters}'`,
    'A user-assigned managed identity takes the same values with: az identity federated-credential create.',
  ];
}

interface Issuer {
  /** Of its subjects. */
  readonly prefix: string;
  /** For the name of a credential. */
  readonly name: string;
  /** What such a name leaves out of the subject. */
  readonly left: RegExp;
}

const ISSUERS: readonly Issuer[] = [
  { prefix: 'repo:', name: 'github', left: /^repo:[^:]*:/ },
  { prefix: 'project_path:', name: 'gitlab', left: /^project_path:|:ref_type|:ref(?=:)/g },
  { prefix: 'sc://', name: 'azure-devops', left: /^sc:\/\// },
];

/** A name for the credential. It differs by branch and environment, so that each can have its own credential. */
function credentialName(subject: string): string {
  const issuer = ISSUERS.find(({ prefix }) => subject.startsWith(prefix));
  const entity = subject
    .replace(issuer?.left ?? /^/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+/, '');
  return `${issuer === undefined ? '' : `${issuer.name}-`}${entity}`.slice(0, 100).replace(/-+$/, '');
}

interface SubjectKind {
  readonly pattern: RegExp;
  readonly lines: (name: string) => Lines;
}

const SUBJECT_KINDS: readonly SubjectKind[] = [
  {
    pattern: /:environment:([^:]+)/,
    lines: (name) => [
      `The job names the environment ${named(name)}, so its subject names the environment and no branch.`,
    ],
  },
  {
    pattern: /:(pull_request)$/,
    lines: () => ["The job runs for a pull request, so its subject ends in ':pull_request' on every branch."],
  },
  {
    pattern: /:ref:refs\/heads\/(.+)$/,
    lines: (name) => [
      `The job names no environment, so its subject names the branch ${named(name)}. Every branch needs a credential of its own; a job with 'environment:' has one subject for all branches.`,
    ],
  },
  {
    pattern: /:ref:refs\/tags\/(.+)$/,
    lines: (name) => [
      `The job runs for the tag ${named(name)}. Every tag needs a credential of its own; a job with 'environment:' has one subject for all tags.`,
    ],
  },
];

/** @see https://docs.gitlab.com/ci/secrets/id_token_authentication */
function aboutProject(subject: string): Lines {
  const ref = find(/:ref_type:(?:branch|tag):ref:(.+)$/, subject);
  return [
    `The subject names the project and ${ref === undefined ? 'what it runs for' : named(ref)}. Every branch and every tag needs a credential of its own, unless the instance lets its subjects be made of other claims.`,
    `The issuer is the address of the instance; the audience is what 'aud' of the job's id_tokens says.`,
  ];
}

function aboutSubject(subject: string): Lines {
  if (subject.startsWith('project_path:')) return aboutProject(subject);
  if (subject.startsWith('sc://')) {
    return [
      'The subject names organisation, project and service connection: a connection that is renamed needs a new credential.',
    ];
  }
  if (!subject.startsWith('repo:')) return [];
  const kind = SUBJECT_KINDS.find(({ pattern }) => pattern.test(subject));
  const name = kind && find(kind.pattern, subject);
  const withIds = /^repo:[^/]+@\d+\//.test(subject);
  return [
    ...(kind === undefined || name === undefined
      ? [
          'The repository or its organisation has a subject template of its own, which the credential must follow.',
        ]
      : kind.lines(name)),
    withIds
      ? 'The subject holds the IDs of owner and repository: a credential without them does not match.'
      : 'A credential whose subject holds the IDs of owner and repository (repo:owner@1/name@2:…) does not match.',
  ];
}
