import { within } from '../../network/deadlines.ts';
import { Failure } from '../../text/failure.ts';
import type { Cloud, CloudChoice } from '../clouds.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { withheldFromAz } from './azure-cli.ts';
import type { EntraClient } from './entra-client.ts';
import type { SignInSettings } from './settings.ts';

export interface SignInContext {
  readonly settings: SignInSettings;
  readonly cloudChoice: CloudChoice;
  /** The cloud may still be on its way: each method does what it can before it awaits it. */
  readonly cloud: Promise<Cloud>;
  /** Whether `auto` only tries whether the method works. */
  readonly probing?: boolean;
  /** Writes one line of the log. */
  readonly say: (line: string) => void;
}

/** A token as `@azure/identity` gives it. It is not masked yet. */
interface RawToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** A sign-in method that is ready to be asked for tokens. */
export interface SignInMethod {
  readonly cloud: Cloud;
  /** Whether one is enough for the whole step: it keeps nothing, or keeps it for the life of the process. */
  readonly lasting?: true;
  /** @throws ServiceError, Failure */
  getToken(scope: string): Promise<RawToken>;
  /** The subscription that belongs to the sign-in. @throws Failure */
  subscriptionId?(): Promise<string | undefined>;
  /** What is known of the sign-in, for messages. */
  errorContext?(): Partial<ErrorContext>;
}

type GetToken = (scope: string, signal: AbortSignal) => Promise<RawToken | null>;

export function entraMethod(cloud: Cloud, client: EntraClient | undefined, getToken: GetToken): SignInMethod {
  return {
    cloud,
    async getToken(scope) {
      try {
        const token = await within('sign-in', (signal) => getToken(scope, signal));
        if (token === null || token.token === '') throw new Failure('Entra answered without a token.');
        return token;
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw client?.failure('sign-in', error) ?? new Failure(azureCliFailure(error), { cause: error });
      }
    },
  };
}

function azureCliFailure(error: unknown): string {
  return [
    `The Azure CLI gave no token: ${(error as Error).message}`,
    'Run azure/login (or az login) in a step before this one, in the same job.',
    ...withheldFromAz(process.env),
  ].join('\n');
}
