/** A failure whose message already says what failed, with which value, and what to do. */
export class Failure extends Error {
  override name = 'Failure';
}
