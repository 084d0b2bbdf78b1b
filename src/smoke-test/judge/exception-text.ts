/** A longer text is something that a model has written. */
const LONGEST = 2_000;

/**
 * How the texts of Python's and the common libraries' exceptions begin. A scoring script that catches everything and
 * returns `str(error)` answers 200 with nothing but such a text.
 */
const BEGINNINGS: readonly RegExp[] = [
  /^Traceback \(most recent call last\):/,
  /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)(?:: |\(|$)/,
  /^could not convert string to float: /,
  /^invalid literal for int\(\) with base \d+: /,
  /^(?:float|int)\(\) argument must be /,
  /^'[\w.]+' object (?:has no attribute '|is not (?:subscriptable|iterable|callable)$)/,
  /^(?:string|list|tuple) ind(?:ices must be|ex out of range)/,
  /^unsupported operand type\(s\) for /,
  /^\w+\(\) (?:missing \d+ required|takes \d+|got an unexpected keyword argument)/,
  /^name '\w+' is not defined$/,
  /^Expecting (?:value|property name enclosed in double quotes|',' delimiter): line \d+ column \d+ \(char \d+\)$/,
  /^\[Errno \d+\] /,
  /^X has \d+ features?, but \w+ is expecting \d+ features? as input/,
  /^Expected 2D array, got [01]D array instead/,
  /^Input (?:X )?contains (?:NaN|infinity)/,
];

/** Whether a JSON answer is a string that holds the text of an exception and nothing else. */
export function isExceptionText(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST) return false;
  const text = value.trim();
  return BEGINNINGS.some((beginning) => beginning.test(text));
}
