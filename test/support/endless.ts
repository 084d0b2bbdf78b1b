const LONG = 400_000;
const repeated = (part: string) => part.repeat(Math.ceil(LONG / part.length));

/** Texts that a pattern may take minutes for, when it is tried from each of their characters. */
export const ENDLESS: readonly (readonly [what: string, text: string])[] = [
  ['blanks', `${repeated(' ')}x`],
  ['line ends', `${repeated('\n')}x`],
  ['letters', repeated('a')],
  ['digits', repeated('1')],
  ['slashes', repeated('/')],
  ['sentences', repeated('. ')],
  ['backslashes', repeated('\\')],
  ['escapes of escapes', repeated('%25')],
  ['starts of ANSI sequences', repeated('\u001b[')],
  ['starts of ANSI strings', repeated('\u009d')],
  ['numbers', repeated('107, ')],
  ['numbers with positions', repeated('"0":107,')],
  ['blanks between numbers', repeated(`1${' '.repeat(64)}x`)],
  ['starts of commands', repeated('::')],
  ['other starts of commands', repeated('##[')],
  ['entities', repeated('&amp;')],
  ['bytes', repeated('6b:')],
  ['codes of Entra', repeated('AADSTS')],
  ['tails', repeated('Trace ID: ')],
  ['times', repeated('Current time: a, assertion valid from ')],
  ['mail addresses', `The client '${repeated('@')}`],
  ['clients', repeated("The client '@")],
  ['permissions', repeated('does not have permissions for ')],
  ['scopes', repeated("over scope '/subscriptions/")],
  ['workspaces', repeated('/workspaces/')],
  ['tenants', repeated("match the tenant 'https://")],
  ['subjects', `assertion subject: 'repo:${repeated(':ref:refs/heads/')}\n'`],
];
