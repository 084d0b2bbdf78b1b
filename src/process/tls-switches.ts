import tls from 'node:tls';
import { words } from '../text/words.ts';

// Switches in the environment of a job that give the content of TLS connections away: to a server whose certificate
// nobody has verified, or to whoever has recorded the traffic. They are meant for other programs, or were forgotten.

interface Switch {
  readonly name: string;
  readonly isOn: (environment: NodeJS.ProcessEnv) => boolean;
  /** Takes it out; for those that are no variables of their own. */
  readonly takeOut?: () => void;
  /** What it would do, after "It would". */
  readonly effect: string;
  readonly instead: string;
}

const SENT_TO_ANYONE = 'send the secret, the token and the key to servers whose certificate is not verified';
const KEYS_WRITTEN =
  'write the keys of all connections to a file, with which recorded traffic shows the secret, the token and the key';
const TAKE_OUT = "Take it out of the job's environment";

const SWITCHES: readonly Switch[] = [
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED=0',
    isOn: ({ NODE_TLS_REJECT_UNAUTHORIZED }) => NODE_TLS_REJECT_UNAUTHORIZED === '0',
    effect: SENT_TO_ANYONE,
    instead: `${TAKE_OUT}, and name the certificate of a private authority in ${words.label('ca-certificate')}.`,
  },
  {
    name: 'AZURE_CLI_DISABLE_CONNECTION_VERIFICATION',
    isOn: (environment) => Boolean(environment.AZURE_CLI_DISABLE_CONNECTION_VERIFICATION),
    effect: 'make az do its part of the sign-in with servers whose certificate is not verified',
    instead: `${TAKE_OUT}, and name the certificates that az trusts in REQUESTS_CA_BUNDLE.`,
  },
  {
    // Node does not read it; az and other programs in Python do.
    name: 'SSLKEYLOGFILE',
    isOn: ({ SSLKEYLOGFILE }) => Boolean(SSLKEYLOGFILE),
    effect: KEYS_WRITTEN,
    instead: `${TAKE_OUT}.`,
  },
  {
    name: '--tls-keylog in NODE_OPTIONS',
    // Node takes an underscore for a dash.
    isOn: ({ NODE_OPTIONS = '' }) => /--tls[-_]keylog/.test([NODE_OPTIONS, ...process.execArgv].join(' ')),
    takeOut: forgetKeys,
    effect: KEYS_WRITTEN,
    instead: `${TAKE_OUT}.`,
  },
];

/**
 * Takes the switches out of the environment, and so out of that of every program that is started later. Node reads its
 * own at each connection, so this must come before the first.
 * @returns a warning for each that was on
 */
export function takeOutTlsSwitches(environment: NodeJS.ProcessEnv): readonly string[] {
  return SWITCHES.filter(({ isOn }) => isOn(environment)).map(({ name, takeOut, effect, instead }) => {
    if (takeOut === undefined) delete environment[name.replace(/=.*/, '')];
    else takeOut();
    return `The environment has ${name}. It would ${effect}, so it is ignored. ${instead}`;
  });
}

/** Node writes the keys down in a listener of each connection; an option of a process that runs cannot be changed. */
function forgetKeys(): void {
  const { prototype } = tls.TLSSocket;
  const { on } = prototype;
  prototype.on = function (this: tls.TLSSocket, event: string, listener: (...args: never[]) => void) {
    return event === 'keylog' ? this : Reflect.apply(on, this, [event, listener]);
  } as typeof on;
}
